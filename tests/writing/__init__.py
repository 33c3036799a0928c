"""The written account."""
