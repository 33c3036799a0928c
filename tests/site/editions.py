"""The demo's Edition with the demo's own files: its recording, and pictures of its slides."""

import functools
import hashlib
import io
from collections.abc import Container, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from random import Random

import pypdfium2

from digest import site
from digest.editing import revise
from digest.exports import make_exports
from digest.model.alignment import Interval
from digest.model.artifact import Picture, StoredFile
from digest.model.companions import PollOption
from digest.model.deck import Line
from digest.model.digest import PollResult, Resource, Sentence, TermEntry
from digest.model.edition import Edition
from digest.model.event import Event
from digest.model.evidence import Left, Shown
from digest.model.overlay import Overlay
from digest.model.public import Publication
from digest.model.speech import Word
from digest.privacy import public_edition, public_event
from digest.settings import Settings
from digest.site.assets import Assets
from digest.site.listed import State
from digest.site.parts import SiteContent, SitePart, Wish, key_of, make_part
from digest.site.record import read_record
from tests.editing.builders import a_draft
from tests.truth import DEMO, speakers

DROP = Path(__file__).parents[2] / "recordings" / "demo"
SLUG = "cyber-norms"
NOON = datetime(2016, 12, 1, 12, tzinfo=UTC)


@functools.cache
def _draft() -> Edition:
    return revise(a_draft().model_copy(update={"speakers": speakers(DEMO)}), Overlay())


def an_edition(folder: Path, **event: object) -> Edition:
    """Return the Edition of the demo, its files written to `folder` under their SHA-256; `event` changes its fields."""
    edition = _draft()
    web = edition.web.model_copy(
        update=kept(folder, (DROP / "recording.mp4").read_bytes(), "media/web.mp4").model_dump()
    )
    poster = _picture(folder, 0, "media/poster.webp", 1280)
    slides = tuple(
        slide.model_copy(
            update={
                "image": _picture(folder, number, f"pages/{number}.webp", 1600),
                "thumbnail": _picture(folder, number, f"pages/{number}-small.webp", 480),
                "body": (Line(text=f"A line of slide {slide.number}"),),
            }
        )
        for number, slide in enumerate(edition.slides)
    )
    shown = {"slug": SLUG, "guessed": ()} | event
    return edition.model_copy(
        update={
            "event": edition.event.model_copy(update=shown),
            "web": web,
            "poster": poster,
            "slides": slides,
            "slides_pdf": kept(folder, (DROP / "slides.pdf").read_bytes(), "pages/slides.pdf"),
        }
    )


def full(edition: Edition) -> Edition:
    """Return the Edition with something in every section."""
    first = edition.digest.key_points[0]
    digest = edition.digest.model_copy(
        update={
            "quotes": (first.model_copy(update={"id": "q1"}),),
            "polls": (
                PollResult(
                    question=Sentence(id="p1", text="Who pays?", evidence=(Left(companion="polls", item=0),)),
                    options=(PollOption(text="Ministries", votes=1), PollOption(text="Nobody", votes=3)),
                ),
            ),
            "figures": (first.model_copy(update={"id": "f1"}),),
            "terms": (TermEntry(term="GGE", sentence=from_slide("t1", "Group of Governmental Experts", 2)),),
            "resources": (
                Resource(
                    url="https://example.org/report",
                    sentence=Sentence(id="r1", text="The report.", evidence=(Left(companion="chat", item=0),)),
                ),
            ),
        }
    )
    return edition.model_copy(update={"digest": digest})


def long(edition: Edition) -> Edition:
    """Return the Edition as long as ninety minutes with sixty slides.

    The words are drawn by chance, which packs no better than what people say.
    """
    chance, said, ends = Random(90), edition.paragraphs[0], [at * 90.0 for at in range(61)]  # noqa: S311 - no secret
    letters = "etaoinshrdlucmfwypvbgk"
    known = ["".join(chance.choices(letters, weights=range(22, 0, -1), k=chance.randint(2, 10))) for _ in range(3000)]

    def word(at: int) -> Word:
        text = chance.choices(known, weights=[1 / rank for rank in range(1, 3001)])[0] + "." * (at % 15 == 14)
        return Word(text=text, start=at * 0.4, end=at * 0.4 + 0.35, probability=0.9)

    words = [word(at) for at in range(13_500)]
    paragraphs = tuple(
        said.model_copy(update={"start": part[0].start, "end": part[-1].end, "words": tuple(part)})
        for part in (words[at : at + 90] for at in range(0, len(words), 90))
    )
    slides = tuple(edition.slides[at % 7].model_copy(update={"number": at + 1}) for at in range(60))
    shown = tuple(
        Interval(start=start, end=end, slide=number, confidence=1, known_by="picture")
        for number, (start, end) in enumerate(pairwise(ends), start=1)
    )
    span = edition.shown.model_copy(update={"end": 5400.0})
    return edition.model_copy(update={"paragraphs": paragraphs, "slides": slides, "intervals": shown, "shown": span})


def from_slide(id_: str, text: str, slide: int) -> Sentence:
    """Return a sentence that rests on a slide."""
    return Sentence(id=id_, text=text, evidence=(Shown(slide=slide),))


def published(edition: Edition, *, by: str = "Ana Lind") -> Publication:
    """Return the Edition approved and published."""
    return Publication(
        edition=public_edition(edition), sha256=edition.sha256(), approved_by=by, approved_at=NOON, published_at=NOON
    )


def announced(**changed: object) -> Event:
    """Return an event to come, of which no digest exists."""
    return Event(
        slug="attribution",
        title="Attribution: who says who did it?",
        starts_at=datetime(2017, 3, 9, 13, tzinfo=UTC),
        timezone="Europe/Zurich",
        registration_url="https://example.org/register",
    ).model_copy(update=changed)


def put_out(folder: Path, publications: Sequence[Publication], settings: Settings, *events: Event) -> tuple[str, ...]:
    """Bring the site to these publications and events; `folder` has what `an_edition` wrote and what is made of it.

    A digest that was there and is in none of the publications is retracted.
    """
    assets, before = Assets(settings), read_record(settings.public).webinars
    shown = dict.fromkeys(before, SiteContent(None, is_over=True))
    shown |= {event.slug: SiteContent(public_event(event), is_over=event.slug in before) for event in events}
    shown |= {one.edition.event.slug: SiteContent(one, is_over=True) for one in publications}

    def wish(slug: str, what: SiteContent) -> Wish:
        was_out = slug in before and before[slug].state != "announced"
        state: State = "published" if what.publication else "retracted" if was_out else "announced"
        key = key_of(assets, slug, state, what.content.model_dump_json() if what.content else None)

        def make(known: Container[str]) -> SitePart:
            return make_part(
                what, (slug, state, key), settings, assets, root=folder / slug, exported=exported, known=known
            )

        return Wish(slug, key, make)

    def exported(publication: Publication) -> dict[str, StoredFile]:
        slug = publication.edition.event.slug
        return make_exports(publication, folder / slug, settings, lambda file: find(slug, file))

    def find(slug: str, file: StoredFile) -> Path:
        return path if (path := folder / file.sha256).is_file() else folder / slug / file.path

    wishes = [wish(slug, what) for slug, what in shown.items()]
    return site.publish(wishes, {}, settings, find=find, first=next(iter(shown), None), now=NOON).changed


def kept(folder: Path, content: bytes, path: str) -> StoredFile:
    """Write a file under its SHA-256 and return its record."""
    folder.mkdir(parents=True, exist_ok=True)
    sha256 = hashlib.sha256(content).hexdigest()
    (folder / sha256).write_bytes(content)
    return StoredFile(path=path, sha256=sha256, size=len(content))


@functools.cache
def _drawn(page: int, width: int) -> bytes:
    with pypdfium2.PdfDocument(DROP / "slides.pdf") as pdf:
        image = pdf[page].render(scale=width / pdf[page].get_width()).to_pil()
    buffer = io.BytesIO()
    image.save(buffer, "WEBP")
    return buffer.getvalue()


def _picture(folder: Path, page: int, path: str, width: int) -> Picture:
    return Picture(**kept(folder, _drawn(page, width), path).model_dump(), width=width, height=width * 9 // 16)
