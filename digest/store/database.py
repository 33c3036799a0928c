"""The database under queue and leases: SQLite in the state folder, or another one by its SQLAlchemy URL.

Both can be deleted and made again: what people decided are files.
"""

import contextlib
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.exc import IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from digest.errors import MissingTool
from digest.settings import Settings


class Database:
    """An open database, with these tables made where they are not there yet."""

    def __init__(self, settings: Settings, tables: sql.MetaData) -> None:
        """Open it. Raises MissingTool if it cannot be opened."""
        if not settings.ledger:
            settings.state.mkdir(parents=True, exist_ok=True)
        url = settings.ledger or f"sqlite:///{(settings.state / 'ledger.sqlite').resolve()}"
        self._engine, self._tables = _engine(url), tables
        with self.transaction():
            pass

    def compact(self) -> None:
        """Write the file of an SQLite ledger anew, without what was deleted from it."""
        if self._engine.dialect.name == "sqlite":
            with contextlib.closing(self._engine.raw_connection()) as connection:
                for step in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    connection.cursor().execute(step).fetchall()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sql.Connection]:
        """Yield a connection whose changes are there together or not at all. Raises MissingTool if none answers."""
        try:
            _make_tables(self._engine, self._tables, _file_of(self._engine))
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


def rewrite_texts(settings: Settings, rewrite: Callable[[str], str]) -> int:
    """Rewrite every text of the ledger and return how many changed; of what stood there nothing is left in its file.

    Raises MissingTool if it cannot be opened.
    """
    database = Database(settings, sql.MetaData())
    found, changed = sql.MetaData(), 0
    with database.transaction() as connection:
        found.reflect(connection)
        for table in found.sorted_tables:
            for row in connection.execute(sql.select(table)).mappings().all():
                texts = {name: text for name, text in row.items() if isinstance(text, str)}
                new = {name: after for name, text in texts.items() if (after := rewrite(text)) != text}
                if new:
                    mine = (table.c[name] == text for name, text in texts.items())
                    connection.execute(sql.update(table).where(*mine).values(new))
                    changed += len(new)
    database.compact()
    return changed


@cache
def _engine(url: str) -> sql.Engine:
    """Return the engine of a database, one a process."""
    try:
        # A file is opened for each transaction, so that one that was deleted is never written to.
        is_file = url.startswith("sqlite")
        # A server may have been started anew since a connection was used last: each is tried before it is used.
        engine = sql.create_engine(url, poolclass=NullPool if is_file else None, pool_pre_ping=not is_file)
    except (ModuleNotFoundError, NoSuchModuleError, sql.exc.ArgumentError) as error:
        raise MissingTool(
            f"The setting “ledger” is not a database that can be used here: {error}.",
            remedy="Correct the URL, or install the driver that it names, for example with `pip install pg8000`.",
        ) from error
    if engine.dialect.name == "sqlite":
        sql.event.listen(engine, "connect", _prepare_sqlite)
        sql.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _make_tables(engine: sql.Engine, tables: sql.MetaData, file: tuple[int, int] | None) -> None:
    """Make the tables where there are none yet: once for each file, as a ledger may be deleted under us."""
    if engine.dialect.name == "sqlite" and file is None:
        _make_tables_once.cache_clear()
    _make_tables_once(engine, tables, file)


@lru_cache
def _make_tables_once(engine: sql.Engine, tables: sql.MetaData, _: tuple[int, int] | None) -> None:
    with engine.begin() as connection:
        tables.create_all(connection)
        known = sql.inspect(connection)
        for table in tables.sorted_tables:  # a ledger of an earlier version lacks what came later
            there = {column["name"] for column in known.get_columns(table.name)}
            for column in (column for column in table.columns if column.name not in there):
                kind = column.type.compile(engine.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}")


def _file_of(engine: sql.Engine) -> tuple[int, int] | None:
    """Return which file a database is, by device and inode; None for one that is not there, or is no file."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    try:
        status = Path(engine.url.database).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # we begin ourselves: the driver's own begin would let two readers both write
    for pragma in ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
