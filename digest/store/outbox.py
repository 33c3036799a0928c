"""Messages on their way: what is to be told to whom, kept until it was taken, so that a restart tells nothing twice."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sql
from pydantic import AwareDatetime

from digest.model.artifact import Record
from digest.model.notice import Notice
from digest.settings import Settings
from digest.store.database import Database

TABLES = sql.MetaData()
MESSAGES = sql.Table(
    "messages",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("key", sql.String, nullable=False),
    sql.Column("outlet", sql.String, nullable=False),
    sql.Column("notice", sql.String, nullable=False),
    sql.Column("at", sql.String, nullable=False),
    sql.Column("state", sql.String, nullable=False),  # waiting, sent or given up
    sql.Column("tries", sql.Integer, nullable=False),
    sql.Column("not_before", sql.String),
    sql.Column("said", sql.String),
    sql.UniqueConstraint("key", "outlet"),
)


class OutgoingMessage(Record):
    """A notice for one outlet; `tries` is how often it could not be sent, `said` why the last time."""

    id: int
    outlet: str
    notice: Notice
    tries: int
    not_before: AwareDatetime | None = None
    said: str | None = None


class Outbox:
    """The messages of one ledger."""

    def __init__(self, settings: Settings) -> None:
        """Open it, making its table where there is none. Raises MissingTool if it cannot be opened."""
        self._database = Database(settings, TABLES)

    def put(self, notices: Iterable[Notice], outlets: Iterable[str]) -> None:
        """Put notices there for these outlets; what was put there before, sent or not, is not put there again."""
        new = {(one.key, outlet): one for one in notices for outlet in outlets}
        if not new:
            return
        keys = {key for key, _ in new}
        with self._database.transaction() as connection:
            columns = sql.select(MESSAGES.c.key, MESSAGES.c.outlet).where(MESSAGES.c.key.in_(keys))
            there = {(row.key, row.outlet) for row in connection.execute(columns)}
            for (key, outlet), notice in new.items():
                if (key, outlet) not in there:
                    connection.execute(sql.insert(MESSAGES).values(_row(key, outlet, notice)))

    def waiting(self) -> tuple[OutgoingMessage, ...]:
        """Return what was not sent yet, oldest first."""
        rows = sql.select(MESSAGES).where(MESSAGES.c.state == "waiting").order_by(MESSAGES.c.id)
        with self._database.transaction() as connection:
            return tuple(_message(row) for row in connection.execute(rows).mappings())

    def mark_sent(self, message: OutgoingMessage) -> None:
        """Record that it was taken."""
        self._set(message, state="sent", said=None)

    def give_up(self, message: OutgoingMessage, said: str) -> None:
        """Record that it is not tried any more, and why."""
        self._set(message, state="given up", said=said)

    def put_off(self, message: OutgoingMessage, said: str, until: datetime) -> None:
        """Record why it could not be sent, and until when it rests."""
        until = until.astimezone(UTC)
        self._set(message, tries=message.tries + 1, said=said, not_before=until.isoformat())

    def forget(self, before: datetime) -> None:
        """Drop what is settled and older than that: nothing so old is put there again."""
        settled = MESSAGES.c.state != "waiting", MESSAGES.c.at < before.astimezone(UTC).isoformat()
        with self._database.transaction() as connection:
            connection.execute(sql.delete(MESSAGES).where(*settled))

    def _set(self, message: OutgoingMessage, **values: Any) -> None:
        with self._database.transaction() as connection:
            connection.execute(sql.update(MESSAGES).where(MESSAGES.c.id == message.id).values(values))


def _row(key: str, outlet: str, notice: Notice) -> dict[str, Any]:
    at = notice.at.astimezone(UTC).isoformat()
    content = notice.model_dump_json()
    return {"key": key, "outlet": outlet, "notice": content, "at": at, "state": "waiting", "tries": 0}


def _message(row: sql.RowMapping) -> OutgoingMessage:
    notice = Notice.model_validate_json(row["notice"])
    return OutgoingMessage.model_validate(dict(row) | {"notice": notice})
