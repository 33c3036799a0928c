"""What slides say, and their pictures."""
