"""Scripts that measure; `python -m tests.benchmarks.NAME --gold DIR --json FILE`."""
