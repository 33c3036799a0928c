"""Flows: order, resumption, one run at a time, publication."""
