"""What readers take away."""
