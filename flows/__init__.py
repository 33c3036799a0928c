"""Flows: order, retries, limits and progress of the stages, and nothing that a test of a stage would want.

Each is a plain function that does all; `flows.shell` shows it at a Prefect server, where one is named.
Prefect reads its settings once, at import: they are set here, before the first `import prefect` anywhere.
"""

import os
from pathlib import Path

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_HOME", str(Path(".digest/prefect").resolve()))
os.environ.setdefault("PREFECT_RESULTS_DEFAULT_SERIALIZER", "json")
os.environ.setdefault("PREFECT_SERVER_ALLOW_EPHEMERAL_MODE", "false")
os.environ.setdefault("PREFECT_API_REQUEST_TIMEOUT", "10")  # seconds: a server that hangs holds up no draft
os.environ.setdefault("PREFECT_CLIENT_MAX_RETRIES", "0")
os.environ.setdefault("PREFECT_LOGGING_INTERNAL_LEVEL", "CRITICAL")
os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")  # staff read sentences; the pages have logs

Path(os.environ["PREFECT_HOME"]).mkdir(mode=0o700, parents=True, exist_ok=True)  # Prefect makes no parents
