"""What to copy into a video platform, a mail and a post: a Publication in, plain text out.

YouTube reads chapters out of a description: the first at 0:00, three at least, in order, ten seconds or more each; a
title has a hundred letters at most, a description five thousand (YouTube Help, “Video chapters”; YouTube Data API,
`videos`, `snippet`). Vimeo shows the same lines as links.
"""

from collections.abc import Iterator, Sequence

from digest import theme
from digest.model.public import Publication, PublicEdition
from digest.settings import Settings
from digest.text.clock import clock

MAX_TITLE, MAX_DESCRIPTION = 100, 5000  # letters
MIN_CHAPTERS, MIN_SECONDS = 3, 10.0


def render(publication: Publication, settings: Settings) -> str:
    """Return title, description with chapters, tags, and the texts of a mail and a post, each under a heading."""
    edition, address = publication.edition, settings.organisation.base_url.rstrip("/")
    return (
        theme.environment(settings)
        .get_template("share.txt")
        .render(
            event=edition.event,
            title=_shorten(edition.event.title, MAX_TITLE),
            in_brief=[sentence.text for sentence in edition.digest.in_brief],
            key_points=[sentence.text for sentence in edition.digest.key_points],
            chapters=[f"{clock(start)} {title}" for start, title in chapters(edition)] if edition.web else [],
            address=f"{address}/{edition.event.slug}/digest/" if address else "",
            organisation=settings.organisation,
            shorten=lambda text: _shorten(text, MAX_DESCRIPTION),
        )
    )


def chapters(edition: PublicEdition) -> Sequence[tuple[float, str]]:
    """Return when each chapter begins, in whole seconds of page time, and its title; none where there are too few."""
    found = list(_long_enough(edition))
    return found if len(found) >= MIN_CHAPTERS else ()


def _long_enough(edition: PublicEdition) -> Iterator[tuple[float, str]]:
    """Yield chapters of ten seconds or more, the first from the start on; a shorter one belongs to the one before."""
    last, end = -MIN_SECONDS, edition.page_time(edition.shown.end)
    for number, chapter in enumerate(edition.digest.chapters):
        start = float(int(edition.page_time(chapter.start))) if number else 0.0
        if start - last >= MIN_SECONDS and end - start >= MIN_SECONDS:
            yield start, chapter.title
            last = start


def _shorten(text: str, letters: int) -> str:
    if len(text) <= letters:
        return text
    return text[: letters - 1].rsplit(None, 1)[0] + "…"
