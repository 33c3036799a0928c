"""How good and how dear a stage is: `python -m tests.benchmarks.NAME --gold DIR --json FILE`."""
