"""Recordings from elsewhere."""
