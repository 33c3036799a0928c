"""The database under queue and leases: SQLite in the state folder, or another one by its SQLAlchemy URL.

Both can be deleted and made again: what people decided are files.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sql
from sqlalchemy.exc import IntegrityError, NoSuchModuleError, SQLAlchemyError

from digest.errors import MissingTool
from digest.settings import Settings


class Database:
    """An open database, with these tables made where they are not there yet."""

    def __init__(self, settings: Settings, tables: sql.MetaData) -> None:
        """Open it. Raises MissingTool if it cannot be opened."""
        self._engine = _engine(settings)
        with self.transaction() as connection:
            tables.create_all(connection)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sql.Connection]:
        """Yield a connection whose changes are there together or not at all. Raises MissingTool if none answers."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise MissingTool(
                f"The ledger does not answer: {reason}.",
                file=self._engine.url.database,
                remedy="Try again; if it stays so, delete a damaged ledger: it is made again from the workspaces.",
            ) from error


def _engine(settings: Settings) -> sql.Engine:
    if not settings.ledger:
        settings.state.mkdir(parents=True, exist_ok=True)
    url = settings.ledger or f"sqlite:///{(settings.state / 'ledger.sqlite').resolve()}"
    try:
        engine = sql.create_engine(url)
    except (ModuleNotFoundError, NoSuchModuleError, sql.exc.ArgumentError) as error:
        raise MissingTool(
            f"The setting “ledger” is not a database that can be used here: {error}.",
            remedy="Correct the URL, or install the driver that it names, for example with `pip install pg8000`.",
        ) from error
    if engine.dialect.name == "sqlite":
        sql.event.listen(engine, "connect", _prepare_sqlite)
        sql.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # we begin ourselves: the driver's own begin would let two readers both write
    for pragma in ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
