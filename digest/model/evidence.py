"""What a text of the account rests on: seconds, a slide, something that a companion holds, or the announcement."""

from digest.model.artifact import Record


class Heard(Record):
    """Rests on what was said in [start, end), at most 60 s."""

    start: float
    end: float


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
