"""What was asked for and what became of it: desk and command line *ask* by a row, a dispatcher takes rows.

The queue is an index that may be deleted: what was decided and never asked for is found again in the files.
"""

import contextlib
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

import sqlalchemy as sql
from pydantic import AwareDatetime

from digest.errors import DigestError
from digest.model.artifact import Record
from digest.settings import Settings
from digest.store.database import Database
from digest.store.workspace import workspaces_in

MAX_TRIES = 3  # a request whose runs die (killed, out of memory) is not tried for ever

Kind = Literal["draft", "publish", "retract", "announce", "fetch"]
State = Literal["waiting", "running", "done", "failed"]
FOLLOWS: dict[str, Kind] = {  # what a decision asks for
    "approved": "publish",
    "retracted": "retract",
    **dict.fromkeys(("announced", "moved", "cancelled", "withdrawn"), "announce"),
}
OF_DIGEST: tuple[Kind, ...] = ("publish", "retract")

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
    sql.Column("setbacks", sql.Integer),
    sql.Column("not_before", sql.String),
    sql.Column("urgent", sql.Integer),
    sql.Column("begun_at", sql.String),
    sql.Column("ended_at", sql.String),
    sql.Column("host", sql.String),
    sql.Column("cause", sql.String),
    sql.Column("token", sql.Integer),
    sql.Column("beats", sql.Integer),
)


class Request(Record):
    """A row of the queue. `said` is what became of it, in words; `tries` how often it was begun and broken off.

    `setbacks` is how often it ended for a reason that may pass; until `not_before` it is not begun again. It was begun
    last at `begun_at`, on `host`; `cause` is the kind of error that ended it. `token` counts who took it: what an
    earlier holder writes is refused. `beats` grows while the holder lives.
    """

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
    setbacks: int = 0
    not_before: AwareDatetime | None = None
    urgent: bool = False
    begun_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    host: str | None = None
    cause: str | None = None
    token: int = 0
    beats: int = 0

    @property
    def name(self) -> str:
        """Return what people call the thing: its slug, or the name of its folder."""
        return self.slug or Path(self.folder or "").name


class Queue:
    """Wishes in the order in which they were uttered."""

    def __init__(self, settings: Settings) -> None:
        """Open the queue, making its table where there is none. Raises MissingTool if it cannot be opened."""
        self._workspaces = settings.workspaces
        self._database = Database(settings, TABLES)

    def ask(
        self,
        kind: Kind,
        *,
        by: str,
        slug: str | None = None,
        folder: str | None = None,
        fingerprint: str | None = None,
        edition: str | None = None,
        urgent: bool = False,
    ) -> Request:
        """Put a row into the queue and return it; the same wish that is still waiting is not put there twice."""
        wish: dict[str, Any] = {
            "kind": kind, "slug": slug, "folder": folder, "fingerprint": fingerprint, "edition": edition,
        }  # fmt: skip
        same = sql.and_(REQUESTS.c.state == "waiting", *(REQUESTS.c[name] == value for name, value in wish.items()))
        with self._database.transaction() as connection:
            waiting = connection.execute(sql.select(REQUESTS).where(same)).mappings().first()
            if waiting:
                return _request(waiting)
            row: dict[str, Any] = wish | {
                "asked_by": by,
                "asked_at": datetime.now(UTC).isoformat(),
                "state": "waiting",
                "tries": 0,
            }
            row |= {"urgent": int(urgent)}
            made = connection.execute(sql.insert(REQUESTS).values(row).returning(REQUESTS.c.id)).scalar_one()
        return Request(id=made, **row)

    def waiting(self, *kinds: Kind) -> tuple[Request, ...]:
        """Return the rows of these kinds that nobody has begun: what is urgent first, then the oldest."""
        wanted = REQUESTS.c.state == "waiting", REQUESTS.c.kind.in_(kinds)
        order = sql.func.coalesce(REQUESTS.c.urgent, 0).desc(), REQUESTS.c.id
        with self._database.transaction() as connection:
            rows = connection.execute(sql.select(REQUESTS).where(*wanted).order_by(*order)).mappings()
            return tuple(_request(row) for row in rows)

    def take(self, request: Request | None = None) -> Request | None:
        """Return a waiting row, this one or the oldest, now running; None where none waits."""
        for asked in [request] if request else self.waiting(*get_args(Kind)):
            mine = sql.update(REQUESTS).where(REQUESTS.c.id == asked.id, REQUESTS.c.state == "waiting")
            begun: dict[str, Any] = {"state": "running", "tries": REQUESTS.c.tries + 1, "host": socket.gethostname()}
            begun["begun_at"] = datetime.now(UTC).isoformat()
            begun |= {"token": sql.func.coalesce(REQUESTS.c.token, 0) + 1, "beats": 0}
            with self._database.transaction() as connection:
                if connection.execute(mine.values(begun)).rowcount:
                    return _request(connection.execute(_row(asked)).mappings().one())
        return None

    def row(self, request: Request) -> Request:
        """Return a row as it stands now."""
        with self._database.transaction() as connection:
            return _request(connection.execute(_row(request)).mappings().one())

    def find(self, number: int) -> Request | None:
        """Return the row of this number, None where there is none."""
        return next(iter(self._all(REQUESTS.c.id == number)), None)

    def beat(self, request: Request) -> bool:
        """Say that the holder of a row lives; False where somebody else has it, or nobody."""
        beats = sql.func.coalesce(REQUESTS.c.beats, 0) + 1
        with self._database.transaction() as connection:
            return bool(connection.execute(sql.update(REQUESTS).where(_held_by(request)).values(beats=beats)).rowcount)

    def finish(
        self, request: Request, state: Literal["done", "failed"], said: str | None = None, *, cause: str | None = None
    ) -> bool:
        """Write down what became of a row, in words; `cause` is the kind of error.

        False, and nothing is written, where its holder was given up and somebody else may have it.
        """
        with self._database.transaction() as connection:
            ended = {"state": state, "said": said, "not_before": None, "ended_at": datetime.now(UTC).isoformat()}
            ended |= {"cause": cause} if cause else {}
            return bool(connection.execute(sql.update(REQUESTS).where(_held_by(request)).values(ended)).rowcount)

    def put_back(
        self,
        request: Request,
        said: str | None = None,
        *,
        until: datetime | None = None,
        cause: str | None = None,
    ) -> bool:
        """Let a row wait again, until then, that was not broken off; `said` is why. With a `cause` it was a setback.

        False, and nothing is written, where its holder was given up and somebody else may have it.
        """
        again: dict[str, Any] = {"state": "waiting", "tries": REQUESTS.c.tries - 1, "said": said}
        again |= {"cause": cause} if cause else {}
        again["not_before"] = until.isoformat() if until else None
        again["setbacks"] = sql.func.coalesce(REQUESTS.c.setbacks, 0) + (cause is not None)
        with self._database.transaction() as connection:
            return bool(connection.execute(sql.update(REQUESTS).where(_held_by(request)).values(again)).rowcount)

    def hasten(self, number: int) -> bool:
        """Ask anew for a row that waits after a setback, so that it is tried at once; False where none does.

        It is tried as often by itself as if it had never been asked for.
        """
        resting = sql.and_(REQUESTS.c.id == number, REQUESTS.c.state == "waiting", REQUESTS.c.said.is_not(None))
        anew = {"asked_at": datetime.now(UTC).isoformat(), "said": None, "not_before": None, "setbacks": 0}
        with self._database.transaction() as connection:
            return bool(connection.execute(sql.update(REQUESTS).where(resting).values(anew)).rowcount)

    def ask_again(self, number: int, *, by: str) -> bool:
        """Ask anew for what failed, in a row of its own; False where nothing failed, or it was asked for since."""
        with self._database.transaction() as connection:
            row = connection.execute(sql.select(REQUESTS).where(REQUESTS.c.id == number)).mappings().first()
        failed = _request(row) if row else None
        if failed is None or failed.state != "failed" or failed not in self.requests():
            return False
        wish = failed.model_dump(include={"kind", "slug", "folder", "fingerprint", "edition", "urgent"})
        self.ask(by=by, **wish)
        return True

    def resume(self, *kinds: Kind) -> None:
        """Let rows wait again that a dead dispatcher left running; after MAX_TRIES they are given up."""
        self._give_back(sql.and_(REQUESTS.c.state == "running", REQUESTS.c.kind.in_(kinds)))

    def give_back(self, request: Request) -> None:
        """Let a row wait again whose holder fell silent, as `resume` does; nothing where it lives after all."""
        self._give_back(sql.and_(_held_by(request), sql.func.coalesce(REQUESTS.c.beats, 0) == request.beats))

    def _give_back(self, left: sql.ColumnElement[bool]) -> None:
        gave_up = f"It was broken off {MAX_TRIES} times. Look at the files, change them, and they are tried again."
        with self._database.transaction() as connection:
            often = sql.update(REQUESTS).where(left, REQUESTS.c.tries >= MAX_TRIES)
            connection.execute(
                often.values(state="failed", said=gave_up, cause="BrokenOff", ended_at=datetime.now(UTC).isoformat())
            )
            connection.execute(sql.update(REQUESTS).where(left).values(state="waiting"))

    def last(self, slug: str, kinds: tuple[Kind, ...] = OF_DIGEST) -> Request | None:
        """Return a webinar's newest row of these kinds: to publish or retract its digest, unless told otherwise."""
        return self._newest(REQUESTS.c.slug == slug, REQUESTS.c.kind.in_(kinds))

    def last_of_folder(self, folder: str) -> Request | None:
        """Return the newest row that asks for something of this folder."""
        return self._newest(REQUESTS.c.folder == folder)

    def requests(self) -> tuple[Request, ...]:
        """Return the newest row of each thing that was asked for, oldest first."""
        newest = sql.select(sql.func.max(REQUESTS.c.id)).group_by(REQUESTS.c.kind, REQUESTS.c.slug, REQUESTS.c.folder)
        return self._all(REQUESTS.c.id.in_(newest))

    def running(self) -> tuple[Request, ...]:
        """Return the rows that somebody is at."""
        return self._all(REQUESTS.c.state == "running")

    def since(self, at: datetime) -> tuple[Request, ...]:
        """Return the rows that were asked for, or ended, since then, oldest first."""
        day = at.astimezone(UTC).isoformat()  # as they are written: ISO 8601 in UTC sorts as time does
        return self._all(sql.or_(REQUESTS.c.asked_at >= day, REQUESTS.c.ended_at >= day))

    def catch_up(self) -> None:
        """Ask for what was decided and never asked for; a damaged workspace has nothing to go by.

        A decision is a line in a file before it is a row here: a crash between the two is made good.
        """
        for workspace in workspaces_in(self._workspaces):
            last = None
            with contextlib.suppress(DigestError):
                last = next(reversed(workspace.decisions()), None)
            if last is None or last.kind not in FOLLOWS:
                continue
            kind, asked = FOLLOWS[last.kind], self.last(workspace.slug, tuple(FOLLOWS.values()))
            if not (asked and (asked.kind, asked.edition) == (kind, last.edition)):
                self.ask(kind, slug=workspace.slug, edition=last.edition, by=last.by)

    def _all(self, wanted: sql.ColumnElement[bool]) -> tuple[Request, ...]:
        rows = sql.select(REQUESTS).where(wanted).order_by(REQUESTS.c.id)
        with self._database.transaction() as connection:
            return tuple(_request(row) for row in connection.execute(rows).mappings())

    def _newest(self, *wanted: sql.ColumnElement[bool]) -> Request | None:
        rows = sql.select(REQUESTS).where(*wanted).order_by(REQUESTS.c.id.desc()).limit(1)
        with self._database.transaction() as connection:
            row = connection.execute(rows).mappings().first()
        return _request(row) if row else None


def _row(request: Request) -> sql.Select[Any]:
    return sql.select(REQUESTS).where(REQUESTS.c.id == request.id)


def _held_by(request: Request) -> sql.ColumnElement[bool]:
    """Return what is true of a row while it runs under the token that this holder took it with."""
    is_same = sql.func.coalesce(REQUESTS.c.token, 0) == request.token
    return sql.and_(REQUESTS.c.id == request.id, REQUESTS.c.state == "running", is_same)


def _request(row: sql.RowMapping) -> Request:
    known = {name: value for name, value in row.items() if value is not None}  # of an earlier version: no setbacks
    return Request.model_validate(known)
