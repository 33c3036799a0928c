"""Scripts that measure the work against known truth."""
