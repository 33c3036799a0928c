"""What a text of the account rests on: seconds, a slide, something that a companion holds, or the announcement."""

from digest.model.artifact import Record

MAX_HEARD = 60.0  # seconds


class Heard(Record):
    """Rests on what was said in [start, end), at most 60 s."""

    start: float
    end: float


def heard_between(start: float, end: float) -> Heard:
    """Return the seconds between, the first 60 of them."""
    return Heard(start=start, end=min(end, start + MAX_HEARD))


class Shown(Record):
    """Rests on what a slide says."""

    slide: int


class Left(Record):
    """Rests on item number `item` (from 0) of a list in Companions, e.g. chat."""

    companion: str
    item: int


class Announced(Record):
    """Rests on what was announced: a field of Event."""

    field: str


Evidence = Heard | Shown | Left | Announced
