"""What readers can take away, one file a format."""
