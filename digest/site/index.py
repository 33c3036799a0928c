"""The list of all webinars: Events and how each stands in, HTML out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from digest import theme
from digest.model.event import end_of
from digest.model.public import PublicEvent
from digest.settings import Settings
from digest.site.parts import State


@dataclass(frozen=True)
class Listed:
    """A line of the list: the event and how it stands; `is_to_come` until it is over."""

    event: PublicEvent
    state: State
    is_to_come: bool

    @property
    def ends_at(self) -> datetime:
        """Return when the event is over."""
        return end_of(self.event.starts_at, self.event.timezone, self.event.minutes)


def render(listed: Sequence[Listed], settings: Settings, *, asset: Callable[[str], str]) -> str:
    """Return the list of all events: those to come first, the next on top, then those that were, the newest first."""
    in_order = sorted(listed, key=lambda one: (one.event.starts_at, one.event.slug))
    to_come = [one for one in in_order if one.is_to_come and one.state in ("announced", "cancelled")]
    return (
        theme.environment(settings)
        .get_template("index.html")
        .render(
            organisation=settings.organisation,
            asset=asset,
            to_come=to_come,
            past=[one for one in reversed(in_order) if one not in to_come],
            home="index.html",
        )
    )
