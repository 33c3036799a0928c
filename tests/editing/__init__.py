"""Revisions, the Edition, decisions."""
