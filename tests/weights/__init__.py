"""Weights of models: found, fetched, checked."""
