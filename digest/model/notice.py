"""What people who look after webinars are told, whichever way it reaches them."""

from typing import Literal

from pydantic import AwareDatetime

from digest.model.artifact import Record

Occasion = Literal[
    "drafted", "reminder", "approved", "published", "retracted", "failed", "stuck", "stopped", "answered"
]


class Notice(Record):
    """A message. `key` names what happened: the same thing is told once. `about` is a slug, a drop or a host."""

    key: str
    occasion: Occasion
    at: AwareDatetime
    about: str
    subject: str
    text: str
    by: str | None = None
    address: str | None = None
