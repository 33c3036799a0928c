"""Sentences and what was said."""
