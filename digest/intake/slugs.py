"""The webinar's address: short, readable, ASCII, and nothing that the site or a file system keeps for itself."""

import re
import unicodedata

from digest.intake.event_file import EventFile

MAX_LENGTH = 80
RESERVED = frozenset(
    "by search assets index feed static editions media kept css js api robots sitemap favicon digest tags series "  # noqa: SIM905
    "con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9".split()
)


def slug_for(event_file: EventFile, folder: str) -> str:
    """Return the slug that event.toml names, else one from its title, else from the folder's name, else its date."""
    title = re.sub(r"^\s*\[[^\]]*\]\s*", "", event_file.title or "")  # "[Webinar] Cyber norms"
    dated = f"webinar-{event_file.date:%Y-%m-%d}" if event_file.date else "webinar"
    chosen = (event_file.slug, title, None if event_file.title else folder, dated)
    return next(filter(None, map(slugify, chosen)), "webinar")


def slugify(text: str | None) -> str | None:
    """Return the text as a slug of [a-z0-9-], cut at a word, or None if nothing usable is left."""
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", plain)).strip("-")
    if len(slug) > MAX_LENGTH:
        slug = slug[: MAX_LENGTH + 1].rpartition("-")[0] or slug[:MAX_LENGTH]
    return None if slug in RESERVED or not slug else slug
