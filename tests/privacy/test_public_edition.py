"""What readers may see is a type of its own, and only what was made for readers goes to them."""

import ast
from pathlib import Path

import pytest
from mypy import api

from digest.exports.captions import cut_cues
from digest.model.artifact import Span
from digest.model.digest import LeftOut
from digest.model.doubt import Doubt
from digest.model.edition import Edition, Paragraph
from digest.model.evidence import Heard
from digest.model.public import PublicEdition, PublicEvent
from digest.model.speech import NameCandidate, Word
from digest.privacy import public_edition, public_event, silences
from tests.builders import an_event
from tests.site.editions import an_edition, full

DIGEST = Path(__file__).parents[2] / "digest"
EXPORTER = """
from pathlib import Path
from digest.exports.table import Export
from digest.exports.document import Find
from digest.model.{module} import {kind}
from digest.settings import Settings

def export(edition: {kind}, into: Path, settings: Settings, find: Find) -> None:
    (into / "leak.txt").write_text(edition.model)

row = Export("leak", "leak.txt", "A leak", export)
"""


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """Return an Edition with something in every section."""
    return full(an_edition(tmp_path))


@pytest.mark.parametrize(
    ("module", "kind", "passes"), [("public", "PublicEdition", True), ("edition", "Edition", False)]
)
def test_an_exporter_that_takes_an_edition_does_not_type_check(
    tmp_path: Path, module: str, kind: str, passes: bool
) -> None:
    """A leak is a type error: what takes an Edition is no row of the table of exports."""
    exporter = tmp_path / "leak.py"
    exporter.write_text(EXPORTER.format(module=module, kind=kind), encoding="utf-8")

    said, wrong, status = api.run(["--config-file", str(DIGEST.parent / "pyproject.toml"), str(exporter)])

    assert (status == 0) is passes, said + wrong
    assert passes or "Callable[[PublicEdition, Path, Settings, " in said


def test_rooms_for_readers_know_no_edition() -> None:
    """Neither the site nor an export imports what is not yet fit for readers."""
    private = {"Edition", "Artifacts", "Event", "Speaker", "Speakers", "Companions", "Deck", "Overlay"}
    imported = {
        (path.name, alias.name)
        for room in ("site", "exports")
        for path in (DIGEST / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("digest.model")
        for alias in node.names
    }

    assert not {pair for pair in imported if pair[1] in private}


def test_only_privacy_makes_what_readers_see() -> None:
    """No other room calls the constructors of the public types."""
    makers = {
        path.relative_to(DIGEST).parts[0]
        for path in DIGEST.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and any(kind in ast.unparse(node.func) for kind in ("PublicEdition", "PublicEvent", "PublicSpeaker"))
    }

    assert makers == {"privacy"}


def test_what_is_for_editors_stays_with_them(edition: Edition) -> None:
    """What a writer left out, remarks, doubts, guesses and suggested names are in nothing that goes to readers."""
    doubted = Doubt(place=Span(start=0, end=1), kind="trap", probability=0.5, compare=("Nobody said this.",))
    digest = edition.digest.model_copy(
        update={
            "left_out": (LeftOut(text="Secretly so.", why=("nobody said it",)),),
            "remarks": ("Look at this.",),
            "doubts": (doubted,),
        }
    )
    guessed = {"suggested": "Guessed Name", "candidates": (NameCandidate(name="Likely Name", probability=0.5),)}
    speakers = (edition.speakers[0].model_copy(update={"name": None, **guessed}),)
    event = edition.event.model_copy(update={"remarks": ("event.toml: nobody reads x.",), "guessed": ("title",)})

    public = public_edition(edition.model_copy(update={"digest": digest, "speakers": speakers, "event": event}))

    said = public.model_dump_json()
    for private in ("Secretly so", "Look at this", "Nobody said this", "Guessed Name", "Likely Name", "nobody reads x"):
        assert private not in said
    for private in ("guessed", "made_from", "unfit"):
        assert private not in said
    assert public.digest.doubts == ()


def test_what_was_said_off_the_record_is_in_no_text(edition: Edition) -> None:
    """Neither transcript nor captions nor a sentence that rests on it; all else stands as it was said."""
    told = edition.digest.key_points[0]
    (heard,) = told.evidence
    assert isinstance(heard, Heard)
    private = Span(start=heard.start, end=heard.end)
    digest = edition.digest.model_copy(
        update={"doubts": (Doubt(place=private, kind="off the record", probability=0.8),)}
    )

    public = public_edition(edition.model_copy(update={"digest": digest}))

    words = [word for paragraph in edition.paragraphs for word in paragraph.words]
    left = [word for paragraph in public.paragraphs for word in paragraph.words]
    gone = [word for word in words if heard.start <= (word.start + word.end) / 2 < heard.end]
    assert gone
    assert left == [word for word in words if word not in gone]
    assert told not in public.digest.sentences()
    assert told.text not in " ".join(" ".join(cue.lines) for cue in cut_cues(public))


def off_record(edition: Edition, *stretches: tuple[float, float]) -> Edition:
    """Return the Edition with something said off the record in these seconds."""
    doubts = tuple(
        Doubt(place=Span(start=start, end=end), kind="off the record", probability=0.9) for start, end in stretches
    )
    return edition.model_copy(update={"digest": edition.digest.model_copy(update={"doubts": doubts})})


def test_a_word_without_length_ends_no_later_than_its_remark(edition: Edition) -> None:
    """The last word of a remark is withheld also where the recogniser gave it no time of its own."""
    words = tuple(
        Word(text=text, start=start, end=end, probability=0.9)
        for text, start, end in (("so", 1.0, 2.0), ("rotten", 2.0, 3.0), ("indeed", 3.0, 3.0), ("next", 3.0, 4.0))
    )
    shown = edition.model_copy(update={"paragraphs": (Paragraph(start=1, end=4, speaker="s1", words=words),)})

    (paragraph,) = public_edition(off_record(shown, (2.0, 3.0))).paragraphs

    assert paragraph.text == "so next"


def test_a_recording_with_a_remark_off_the_record_is_not_for_readers(edition: Edition) -> None:
    """They get the copy that is silent there, and none while nobody has made one; the words go all the same."""
    private = off_record(edition, (20.0, 30.0))
    muted = edition.web.model_copy(update={"sha256": "3" * 64})

    assert public_edition(edition).web == edition.web
    assert public_edition(private).web is None
    assert public_edition(private, muted=muted).web == muted
    assert edition.web.sha256 not in public_edition(private, muted=muted).model_dump_json()


@pytest.mark.parametrize(
    ("private", "silent"),
    [
        ([(10.0, 12.0)], [(9.8, 12.2)]),  # nobody speaks beside it
        ([(20.0, 22.0)], [(19.9, 22.0)]),  # up to the words of others
        ([(30.0, 30.5), (30.7, 31.5)], [(29.8, 31.7)]),  # two that touch are one
        ([(40.0, 41.0), (10.0, 12.0)], [(9.8, 12.2), (39.8, 41.2)]),  # in order
        ([(0.1, 1.0), (59.0, 60.0)], [(0.0, 1.2), (58.8, 60.0)]),  # not beyond the recording
    ],
)
def test_silence_reaches_a_little_beyond_the_words(
    edition: Edition, private: list[tuple[float, float]], silent: list[tuple[float, float]]
) -> None:
    """Recognisers are inexact; but no word that readers get is cut into."""
    words = ((19.0, 19.9), (20.0, 21.0), (21.0, 22.0), (22.0, 22.0), (22.0, 23.0), (30.0, 30.5), (30.7, 31.5))
    paragraph = Paragraph(
        start=19.0, end=31.5, speaker="s1",
        words=tuple(Word(text="word", start=start, end=end, probability=0.9) for start, end in words),
    )  # fmt: skip
    shown = edition.model_copy(update={"paragraphs": (paragraph,), "shown": Span(start=0, end=60)})

    found = silences(off_record(shown, *private))

    assert [(round(one.start, 6), round(one.end, 6)) for one in found] == silent


def test_without_leave_the_recording_is_not_even_named(edition: Edition) -> None:
    """Where it is not published, neither file nor transcript is in what pages and exports are made from."""
    event = edition.event.model_copy(update={"publish_recording": False})

    public = public_edition(edition.model_copy(update={"event": event}))

    assert (public.web, public.poster, public.paragraphs) == (None, None, ())
    assert public.slides_pdf == edition.slides_pdf


def test_nothing_public_is_an_edition(edition: Edition) -> None:
    """The two never pass for one another, and every public field of the event is one of the Event."""
    assert not isinstance(public_edition(edition), Edition)
    assert not issubclass(Edition, PublicEdition)
    event = an_event(description="About norms.", tags=("norms",), series="Policy")
    assert public_event(event) == PublicEvent.model_validate(event.model_dump())
