"""Who is at what: two runs never work on one thing. A holder that died is replaced, one that lives is waited for."""

import contextlib
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import sqlalchemy as sql
from sqlalchemy.exc import IntegrityError

from digest.errors import Busy, MissingTool
from digest.model.drop import Folder
from digest.settings import Settings
from digest.store.database import Database

LEASE_SECONDS = 60.0  # how long a holder that cannot be seen from here may stay silent before its lease is taken over

TABLES = sql.MetaData()
LEASES = sql.Table(
    "leases",
    TABLES,
    sql.Column("name", sql.String, primary_key=True),
    sql.Column("holder", sql.String, nullable=False),
    sql.Column("host", sql.String, nullable=False),
    sql.Column("pid", sql.Integer, nullable=False),
    sql.Column("started", sql.String, nullable=False),
    sql.Column("expires", sql.Float, nullable=False),
)


class Leases:
    """What is held by a living process, by name."""

    def __init__(self, settings: Settings) -> None:
        """Open the leases, making their table where there is none. Raises MissingTool if they cannot be opened."""
        self._database = Database(settings, TABLES)

    def hold_drop(self, folder: Folder) -> contextlib.AbstractContextManager[None]:
        """Hold a drop while it is worked on. Raises Busy if another run is at it."""
        return self.hold(_drop(folder), busy="This drop is being worked on just now.")

    def is_drop_held(self, folder: Folder) -> bool:
        """Say whether a run is at a drop."""
        return self.is_held(_drop(folder))

    def hold_site(self) -> contextlib.AbstractContextManager[None]:
        """Hold the site while it is changed. Raises Busy if somebody else publishes."""
        return self.hold("site", busy="The site is being published just now.")

    @contextlib.contextmanager
    def hold(self, name: str, *, busy: str) -> Iterator[None]:
        """Hold a thing by its name, as long as the block runs. Raises Busy with the words `busy` if another does.

        A holder that died on this machine is replaced at once, one on another machine, in another container or before a
        restart of the machine when it has been silent for LEASE_SECONDS.
        """
        holder = secrets.token_hex(8)
        self._acquire(name, holder, busy)
        try:
            with showing_life(partial(self._beat, holder)):
                yield
        finally:
            with self._database.transaction() as connection:
                connection.execute(sql.delete(LEASES).where(LEASES.c.holder == holder))

    def is_held(self, name: str) -> bool:
        """Say whether a living holder has the lease of this name."""
        with self._database.transaction() as connection:
            row = connection.execute(sql.select(LEASES).where(LEASES.c.name == name)).mappings().first()
            return row is not None and _is_alive(row, _now(connection))

    def _acquire(self, name: str, holder: str, busy: str) -> None:
        pid = os.getpid()
        row = {
            "name": name,
            "holder": holder,
            "host": _here(),
            "pid": pid,
            "started": _start_of(pid) or "",
        }
        try:
            with self._database.transaction() as connection:
                held = connection.execute(sql.select(LEASES).where(LEASES.c.name == name)).mappings().first()
                now = _now(connection)
                if held and not _is_alive(held, now):
                    connection.execute(sql.delete(LEASES).where(LEASES.c.holder == held["holder"]))
                connection.execute(sql.insert(LEASES).values(expires=now + LEASE_SECONDS, **row))
        except IntegrityError as error:
            raise Busy(busy, remedy="Nothing is lost: try again when it has ended.") from error

    def _beat(self, holder: str) -> None:
        with self._database.transaction() as connection:
            until = _now(connection) + LEASE_SECONDS
            connection.execute(sql.update(LEASES).where(LEASES.c.holder == holder).values(expires=until))


@contextlib.contextmanager
def showing_life(beat: Callable[[], object]) -> Iterator[None]:
    """Call `beat` several times a lease, as long as the block runs: who holds something is seen to live."""
    ended = threading.Event()

    def keep_beating() -> None:
        while not ended.wait(LEASE_SECONDS / 6):  # by a monotonic clock
            with contextlib.suppress(MissingTool):  # the ledger does not answer: the next time it may
                beat()

    beating = threading.Thread(target=keep_beating, daemon=True)
    beating.start()
    try:
        yield
    finally:
        ended.set()
        beating.join()


def _drop(folder: Folder) -> str:
    return f"drop {folder.path}"


def _now(connection: sql.Connection) -> float:
    """Return the time in seconds, by one clock for all machines that share a ledger: that of its server."""
    if connection.dialect.name == "sqlite":
        return time.time()
    return float(connection.execute(sql.text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())


def _is_alive(holder: sql.RowMapping, now: float) -> bool:
    if holder["host"] == _here() and holder["started"]:
        return bool(_start_of(holder["pid"]) == holder["started"])
    return bool(holder["expires"] > now)


def _here() -> str:
    """Return where process numbers mean the same: this boot of this machine, in this container.

    Two containers may have one host name, and each counts its processes from 1: they cannot see whether the other's
    live. Where /proc tells nothing it is the host name.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return socket.gethostname()


def _start_of(pid: int) -> str | None:
    """Return when a process of this machine began, in ticks of this boot: a number used again is not taken for it."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        state_and_on = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return None
    return None if state_and_on[0] in "ZX" else f"{boot}:{state_and_on[19]}"
