"""A webinar's card in the lists: its event and its digest in, a few lines of HTML out, made once for all lists."""

from collections.abc import Callable
from dataclasses import dataclass

from digest import theme
from digest.model.artifact import Picture, StoredFile
from digest.model.event import end_of
from digest.model.public import PublicEdition, PublicEvent
from digest.settings import Settings
from digest.theme.filters import plain_text

UP = "\ue000"  # stands in a card for the way from the list to the top of the site; no keyboard writes it
MAX_LINE = 200  # letters of the first line


@dataclass(frozen=True)
class Cover:
    """The picture that stands for a webinar, and its address from the top of the site."""

    picture: Picture
    address: str


def cover_of(edition: PublicEdition, address: Callable[[StoredFile], str]) -> Cover | None:
    """Return the small picture of the first slide, else the recording's; None where nothing is to be seen."""
    small = next((slide.thumbnail for slide in edition.slides if slide.thumbnail), None)
    picture = small or (edition.poster if edition.has_video else None)
    return Cover(picture, address(picture)) if picture else None


def render(
    event: PublicEvent,
    edition: PublicEdition | None,
    settings: Settings,
    *,
    cover: Cover | None,
    is_over: bool,
    is_cancelled: bool,
) -> str:
    """Return a list item that leads to the digest, or where there is none to the event page; lists put in `UP`."""
    return (
        theme.environment(settings)
        .get_template("_card.html")
        .render(
            event=event,
            to=f"{UP}{event.slug}/digest/index.html" if edition else f"{UP}{event.slug}/index.html",
            cover=cover,
            up=UP,
            seconds=edition.page_time(edition.shown.end) if edition and edition.web else None,
            first_line=first_line(event, edition),
            spoken=edition.language if edition else event.language,
            is_published=edition is not None,
            is_over=is_over,
            ends_at=end_of(event.starts_at, event.timezone, event.minutes),
            is_cancelled=is_cancelled,
        )
        .strip()
    )


def first_line(event: PublicEvent, edition: PublicEdition | None) -> str:
    """Return what a webinar was about in a sentence: the account's first, else that of the announcement."""
    told = [*edition.digest.in_brief, *edition.digest.key_points] if edition else []
    line = told[0].text if told else plain_text(event.description).partition("\n")[0]
    return line if len(line) <= MAX_LINE else line[: MAX_LINE - 1].rsplit(None, 1)[0] + "…"
