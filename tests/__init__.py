"""Tests mirror digest/; e2e/ runs a real browser."""
