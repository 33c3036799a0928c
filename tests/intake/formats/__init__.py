"""Each format of a companion is recognised and read."""
