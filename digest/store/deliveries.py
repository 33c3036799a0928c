"""Which signed webhooks came already: one that was listened in on and sent again is refused."""

from datetime import datetime, timedelta

import sqlalchemy as sql
from sqlalchemy.exc import IntegrityError

from digest.settings import Settings
from digest.store.database import Database

TABLES = sql.MetaData()
DELIVERIES = sql.Table(
    "deliveries",
    TABLES,
    sql.Column("signature", sql.String, primary_key=True),
    sql.Column("at", sql.Float, nullable=False),
)


def is_first(signature: str, at: datetime, settings: Settings, *, kept: timedelta) -> bool:
    """Say whether a signature comes for the first time, and remember it for so long."""
    try:
        with Database(settings, TABLES).transaction() as connection:
            connection.execute(sql.delete(DELIVERIES).where(DELIVERIES.c.at < (at - kept).timestamp()))
            connection.execute(sql.insert(DELIVERIES).values(signature=signature, at=at.timestamp()))
    except IntegrityError:
        return False
    return True
