"""What the program's modules log, as lines of JSON that name run and webinar: of a run in its workspace, of a service.

For the day on which something was odd; `digest logs` shows them as text. No line holds a secret.
"""

import contextlib
import json
import logging
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

from digest.settings import Settings, conceal
from digest.store.workspace import Workspace

MAX_LOGS = 10  # of a workspace; older ones go
OURS = ("digest", "flows")

_run: ContextVar[tuple[str, str] | None] = ContextVar("_run", default=None)  # its name, and the webinar's slug


class _JsonLines(logging.Formatter):
    """Writes a record as a line of JSON."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: when, how grave, where, in which run of which webinar, what."""
        run, slug = _run.get() or (None, None)
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "run": run,
            "slug": slug,
            "message": record.getMessage(),
            "error": self.formatException(record.exc_info) if record.exc_info else None,
        }
        told = {name: conceal(value, self._settings) for name, value in line.items() if value is not None}
        return json.dumps(told, ensure_ascii=False)


@contextlib.contextmanager
def log_run(workspace: Workspace, settings: Settings) -> Iterator[None]:
    """Write what the program's modules log while the block runs into logs/<time>.jsonl of the workspace.

    The terminal shows none of it: records below a warning go nowhere else. What another run in the same process logs
    meanwhile stands in its own file.
    """
    folder, name = workspace.root / "logs", f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S-%f}"
    folder.mkdir(parents=True, exist_ok=True)
    for old in logs_of(workspace)[: -(MAX_LOGS - 1)]:
        old.unlink(missing_ok=True)
    of_run = name, workspace.slug
    handler = logging.FileHandler(folder / f"{name}.jsonl", encoding="utf-8")
    handler.addFilter(lambda _: _run.get() in (None, of_run))
    token = _run.set(of_run)
    try:
        with _logging_to(handler, logging.DEBUG, settings):
            try:
                yield
            except Exception:
                logging.getLogger(__name__).exception("The run ended with an error")
                raise
    finally:
        _run.reset(token)
        handler.close()


@contextlib.contextmanager
def log_service(settings: Settings) -> Iterator[None]:
    """Write what the modules log while the block runs to standard error, unless somebody sits there at a terminal."""
    if sys.stderr.isatty():
        yield
        return
    with _logging_to(logging.StreamHandler(), logging.INFO, settings):
        yield


def logs_of(workspace: Workspace) -> list[Path]:
    """Return the logs that are kept of a workspace's runs, oldest first; those of 0.1.0 are plain text."""
    return sorted(path for path in (workspace.root / "logs").glob("*") if path.suffix in (".jsonl", ".log"))


def read_log(path: Path) -> Iterator[str]:
    """Yield a log's lines as people read them."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            told = json.loads(line)
            yield f"{told['at']} {told['level']:7} {told['logger']}: {told['message']}"
            yield from told.get("error", "").splitlines()
        except (ValueError, KeyError, TypeError, AttributeError):  # cut short, or of an earlier version
            yield line


@contextlib.contextmanager
def _logging_to(handler: logging.Handler, level: int, settings: Settings) -> Iterator[None]:
    handler.setFormatter(_JsonLines(settings))
    handler.setLevel(level)
    loggers = [logging.getLogger(name) for name in OURS]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(min(level, logger.level or level))
    try:
        yield
    finally:
        for logger, was in zip(loggers, before, strict=True):
            logger.setLevel(was)
            logger.removeHandler(handler)
