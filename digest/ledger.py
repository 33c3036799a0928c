"""What is asked for, who is at it, and what was decided last: an index that can be deleted and made again from files.

Desk and command line *ask* by a row in the queue; a dispatcher takes rows. Leases keep two runs off one thing. The
decisions themselves are lines in each workspace's decisions.jsonl; here stands the last one of each.
SQLite in the state folder, or another database by its SQLAlchemy URL.
"""

import contextlib
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sql
from pydantic import AwareDatetime
from sqlalchemy.exc import IntegrityError, NoSuchModuleError, SQLAlchemyError

from digest.errors import Busy, DigestError, MissingTool
from digest.model.artifact import Record
from digest.model.edition import Decision
from digest.settings import Settings
from digest.workspace import workspaces_in

LEASE_SECONDS = 60.0  # how long a holder on another machine may stay silent before its lease is taken over
MOST_TRIES = 3  # a request whose runs die (killed, out of memory) is not tried for ever

Kind = Literal["draft", "publish", "retract"]
State = Literal["waiting", "running", "done", "failed"]
FOLLOWS: dict[str, Kind] = {"approved": "publish", "retracted": "retract"}  # what a decision asks for

TABLES = sql.MetaData()
REQUESTS = sql.Table(
    "requests",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("kind", sql.String, nullable=False),
    sql.Column("slug", sql.String),
    sql.Column("folder", sql.String),
    sql.Column("fingerprint", sql.String),
    sql.Column("edition", sql.String),
    sql.Column("asked_by", sql.String, nullable=False),
    sql.Column("asked_at", sql.String, nullable=False),
    sql.Column("state", sql.String, nullable=False),
    sql.Column("tries", sql.Integer, nullable=False),
    sql.Column("said", sql.String),
)
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
DECISIONS = sql.Table(
    "decisions",
    TABLES,
    sql.Column("slug", sql.String, primary_key=True),
    sql.Column("number", sql.Integer, nullable=False),
    sql.Column("at", sql.String, nullable=False),
    sql.Column("by", sql.String, nullable=False),
    sql.Column("kind", sql.String, nullable=False),
    sql.Column("edition", sql.String, nullable=False),
)


class Request(Record):
    """A row of the queue. `said` is what became of it, in words; `tries` how often it was begun."""

    id: int
    kind: Kind
    slug: str | None = None
    folder: str | None = None
    fingerprint: str | None = None
    edition: str | None = None
    asked_by: str
    asked_at: AwareDatetime
    state: State
    tries: int = 0
    said: str | None = None


class Ledger:
    """The queue, the leases and the last decisions."""

    def __init__(self, settings: Settings) -> None:
        """Open the ledger, making it where there is none. Raises MissingTool if it cannot be opened."""
        self._workspaces = settings.workspaces
        self._engine = _engine(settings)
        with self._transaction() as connection:
            TABLES.create_all(connection)

    def ask(
        self,
        kind: Kind,
        *,
        by: str,
        slug: str | None = None,
        folder: str | None = None,
        fingerprint: str | None = None,
        edition: str | None = None,
    ) -> Request:
        """Put a row into the queue and return it; the same wish that is still waiting is not put there twice."""
        wish: dict[str, Any] = {
            "kind": kind, "slug": slug, "folder": folder, "fingerprint": fingerprint, "edition": edition,
        }  # fmt: skip
        same = sql.and_(REQUESTS.c.state == "waiting", *(REQUESTS.c[name] == value for name, value in wish.items()))
        with self._transaction() as connection:
            waiting = connection.execute(sql.select(REQUESTS).where(same)).mappings().first()
            if waiting:
                return _request(waiting)
            row = wish | {"asked_by": by, "asked_at": datetime.now(UTC).isoformat(), "state": "waiting", "tries": 0}
            made = connection.execute(sql.insert(REQUESTS).values(row).returning(REQUESTS.c.id)).scalar_one()
        return Request(id=made, **row)

    def waiting(self, *kinds: Kind) -> tuple[Request, ...]:
        """Return the rows of these kinds that nobody has begun, oldest first."""
        wanted = REQUESTS.c.state == "waiting", REQUESTS.c.kind.in_(kinds)
        with self._transaction() as connection:
            rows = connection.execute(sql.select(REQUESTS).where(*wanted).order_by(REQUESTS.c.id)).mappings()
            return tuple(_request(row) for row in rows)

    def take(self, request: Request | None = None) -> Request | None:
        """Return a waiting row, this one or the oldest, now running; None where none waits."""
        for asked in [request] if request else self.waiting("draft", "publish", "retract"):
            mine = sql.update(REQUESTS).where(REQUESTS.c.id == asked.id, REQUESTS.c.state == "waiting")
            with self._transaction() as connection:
                if connection.execute(mine.values(state="running", tries=REQUESTS.c.tries + 1)).rowcount:
                    return _request(connection.execute(_row(asked)).mappings().one())
        return None

    def row(self, request: Request) -> Request:
        """Return a row as it stands now."""
        with self._transaction() as connection:
            return _request(connection.execute(_row(request)).mappings().one())

    def finish(self, request: Request, state: Literal["done", "failed"], said: str | None = None) -> None:
        """Write down what became of a row, in words."""
        with self._transaction() as connection:
            connection.execute(sql.update(REQUESTS).where(REQUESTS.c.id == request.id).values(state=state, said=said))

    def put_back(self, request: Request) -> None:
        """Let a row wait again that could not be begun: that was no try."""
        again = {"state": "waiting", "tries": REQUESTS.c.tries - 1}
        with self._transaction() as connection:
            connection.execute(sql.update(REQUESTS).where(REQUESTS.c.id == request.id).values(again))

    def resume(self, *kinds: Kind) -> None:
        """Let rows wait again that a dead dispatcher left running; after MOST_TRIES they are given up."""
        left = sql.and_(REQUESTS.c.state == "running", REQUESTS.c.kind.in_(kinds))
        gave_up = f"It was broken off {MOST_TRIES} times. Look at the files, change them, and they are tried again."
        with self._transaction() as connection:
            often = sql.update(REQUESTS).where(left, REQUESTS.c.tries >= MOST_TRIES)
            connection.execute(often.values(state="failed", said=gave_up))
            connection.execute(sql.update(REQUESTS).where(left).values(state="waiting"))

    def last(self, slug: str) -> Request | None:
        """Return the newest row that asks to publish or retract this webinar."""
        return self._newest(REQUESTS.c.slug == slug, REQUESTS.c.kind.in_(("publish", "retract")))

    def last_of_folder(self, folder: str) -> Request | None:
        """Return the newest row that asks for a draft of this folder."""
        return self._newest(REQUESTS.c.folder == folder)

    def requests(self) -> tuple[Request, ...]:
        """Return the newest row of each thing that was asked for, oldest first."""
        newest = sql.select(sql.func.max(REQUESTS.c.id)).group_by(REQUESTS.c.kind, REQUESTS.c.slug, REQUESTS.c.folder)
        rows = sql.select(REQUESTS).where(REQUESTS.c.id.in_(newest)).order_by(REQUESTS.c.id)
        with self._transaction() as connection:
            return tuple(_request(row) for row in connection.execute(rows).mappings())

    def rebuild(self) -> None:
        """Make the last decisions anew from the files of all workspaces; a damaged one has none to go by."""
        rows = list[dict[str, Any]]()
        for workspace in workspaces_in(self._workspaces):
            with contextlib.suppress(DigestError):
                if decisions := workspace.decisions():
                    rows.append({"slug": workspace.slug, **decisions[-1].model_dump(mode="json")})
        with self._transaction() as connection:
            connection.execute(sql.delete(DECISIONS))
            if rows:
                connection.execute(sql.insert(DECISIONS), rows)

    def catch_up(self) -> None:
        """Rebuild, and ask for what was decided and never asked for.

        A decision is a line in a file before it is a row here: a crash between the two is made good.
        """
        self.rebuild()
        for slug, decision in self.decided().items():
            if decision.kind not in FOLLOWS:
                continue
            kind, asked = FOLLOWS[decision.kind], self.last(slug)
            if not (asked and (asked.kind, asked.edition) == (kind, decision.edition)):
                self.ask(kind, slug=slug, edition=decision.edition, by=decision.by)

    def decided(self) -> dict[str, Decision]:
        """Return the last decision of each webinar by its slug, as of the last `rebuild`."""
        with self._transaction() as connection:
            rows = connection.execute(sql.select(DECISIONS).order_by(DECISIONS.c.slug)).mappings().all()
        return {row["slug"]: Decision.model_validate({**row}) for row in rows}

    @contextlib.contextmanager
    def lease(self, name: str, *, busy: str) -> Iterator[None]:
        """Hold a thing by its name, as long as the block runs. Raises Busy with the words `busy` if another does.

        A holder that died on this machine is replaced at once, one on another machine when it has been silent for
        LEASE_SECONDS.
        """
        holder = secrets.token_hex(8)
        self._hold(name, holder, busy)
        ended = threading.Event()
        beating = threading.Thread(target=self._beat, args=(holder, ended), daemon=True)
        beating.start()
        try:
            yield
        finally:
            ended.set()
            beating.join()
            with self._transaction() as connection:
                connection.execute(sql.delete(LEASES).where(LEASES.c.holder == holder))

    def is_held(self, name: str) -> bool:
        """Say whether a living holder has the lease of this name."""
        with self._transaction() as connection:
            row = connection.execute(sql.select(LEASES).where(LEASES.c.name == name)).mappings().first()
        return row is not None and _is_alive(row)

    def _hold(self, name: str, holder: str, busy: str) -> None:
        pid = os.getpid()
        row = {"name": name, "holder": holder, "host": socket.gethostname(), "pid": pid, "started": _started(pid) or ""}
        try:
            with self._transaction() as connection:
                held = connection.execute(sql.select(LEASES).where(LEASES.c.name == name)).mappings().first()
                if held and not _is_alive(held):
                    connection.execute(sql.delete(LEASES).where(LEASES.c.holder == held["holder"]))
                connection.execute(sql.insert(LEASES).values(expires=time.time() + LEASE_SECONDS, **row))
        except IntegrityError as error:
            raise Busy(busy, remedy="Nothing is lost: try again when it has ended.") from error

    def _beat(self, holder: str, ended: threading.Event) -> None:
        while not ended.wait(LEASE_SECONDS / 6):
            with contextlib.suppress(MissingTool), self._transaction() as connection:  # next time may succeed
                connection.execute(
                    sql.update(LEASES).where(LEASES.c.holder == holder).values(expires=time.time() + LEASE_SECONDS)
                )

    def _newest(self, *wanted: sql.ColumnElement[bool]) -> Request | None:
        rows = sql.select(REQUESTS).where(*wanted).order_by(REQUESTS.c.id.desc()).limit(1)
        with self._transaction() as connection:
            row = connection.execute(rows).mappings().first()
        return _request(row) if row else None

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sql.Connection]:
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


def _row(request: Request) -> sql.Select[Any]:
    return sql.select(REQUESTS).where(REQUESTS.c.id == request.id)


def _request(row: sql.RowMapping) -> Request:
    return Request.model_validate({**row})


def _is_alive(holder: sql.RowMapping) -> bool:
    if holder["host"] == socket.gethostname() and holder["started"]:
        return bool(_started(holder["pid"]) == holder["started"])
    return bool(holder["expires"] > time.time())


def _started(pid: int) -> str | None:
    """Return when a process of this machine began, in ticks of this boot: a number used again is not taken for it."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        state_and_on = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return None
    return None if state_and_on[0] in "ZX" else f"{boot}:{state_and_on[19]}"
