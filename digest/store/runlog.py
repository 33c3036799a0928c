"""The debug log of a run, in its workspace: for the day on which something was odd. Nobody reads it otherwise."""

import contextlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

from digest.settings import Settings, conceal
from digest.store.workspace import Workspace

MAX_LOGS = 10  # of a workspace; older ones go
FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class _Concealing(logging.Formatter):
    """Writes no secret, whoever put it into a message or an error."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(FORMAT)
        self._settings = settings

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return conceal(super().format(record), self._settings)


@contextlib.contextmanager
def log_run(workspace: Workspace, settings: Settings) -> Iterator[None]:
    """Write what the program's modules log while the block runs into logs/<time>.log of the workspace.

    The terminal shows none of it: records below a warning go nowhere else. What another run in the same process logs
    meanwhile stands there too.
    """
    folder = workspace.root / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.log"))[: -(MAX_LOGS - 1)]:
        old.unlink(missing_ok=True)
    handler = logging.FileHandler(folder / f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S-%f}.log", encoding="utf-8")
    handler.setFormatter(_Concealing(settings))
    loggers = [logging.getLogger(name) for name in ("digest", "flows")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    try:
        yield
    except Exception:
        logging.getLogger(__name__).exception("The run ended with an error")
        raise
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
            logger.removeHandler(handler)
        handler.close()
