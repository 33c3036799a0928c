"""What is done to text everywhere, one rule each: cleaning, safe links, clock times, mail addresses and telephones."""
