"""What belongs to languages."""
