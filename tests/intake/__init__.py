"""What staff leave in a folder, and what they are told about it."""
