"""From sound and words to who spoke."""
