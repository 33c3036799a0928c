"""Recordings of every kind, made ready on one time line."""
