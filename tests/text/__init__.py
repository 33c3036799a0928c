"""The rules for text that the whole program shares."""
