"""Whose name stands where."""
