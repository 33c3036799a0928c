"""What stands on the page besides words: the part of the recording, the picture before it plays, the sections."""

from pathlib import Path
from typing import Any

import pytest

from digest import editing
from digest.editing import revise
from digest.errors import NotAllowed, Stale
from digest.model.artifact import Picture
from digest.model.deck import PageImage, Pages
from digest.model.edition import Artifacts, Edition
from digest.model.evidence import Heard
from digest.model.overlay import SetPoster, Trim
from digest.model.public import PublicEdition
from digest.privacy import public_edition
from digest.store.workspace import Workspace
from tests.editing.builders import NOW, a_draft, overlay, saved
from tests.editing.test_everything import ANA, WHO

DRAFT = a_draft()
CHAPTERS = DRAFT.digest.chapters


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the demo's draft as files."""
    return saved(DRAFT, tmp_path / "norms")


def now(workspace: Workspace) -> Edition:
    """Return the Edition as it stands now."""
    draft = editing.read_draft(workspace)
    assert draft
    return draft.edition


def for_readers(workspace: Workspace) -> PublicEdition:
    """Return what readers get, with a copy of the recording made for them."""
    return public_edition(now(workspace), muted=DRAFT.media.web)


def test_nothing_rests_on_what_is_cut_off(workspace: Workspace) -> None:
    """Words, chapters, slides, questions and evidence lie in the part that is published, which begins at 0."""
    start, end = CHAPTERS[0].end + 3, DRAFT.media.duration - 60
    editing.trim(workspace, start, end, **ANA)

    public = for_readers(workspace)

    heard = [e for s in public.digest.sentences() for e in s.evidence if isinstance(e, Heard)]
    asked = [q.start for q in public.digest.questions if q.start is not None]
    spans = [
        *((one.start, one.end) for one in heard),
        *((one.start, one.end) for one in public.digest.chapters),
        *((one.start, one.end) for one in public.intervals),
    ]
    assert spans
    assert all(start <= first < last <= end for first, last in spans)
    assert all(start <= second <= end for second in asked)
    assert all(start <= (w.start + w.end) / 2 < end for p in public.paragraphs for w in p.words)
    assert public.digest.chapters[0].start == start
    assert public.page_time(start) == 0
    assert len(public.digest.key_points) < len(DRAFT.digest.key_points)
    assert public_edition(now(workspace)).web is None  # until there is a copy that is cut there


def test_a_trim_is_taken_back_by_empty_fields(workspace: Workspace) -> None:
    """All of it is published then, in the very Edition that there was before anybody cut it."""
    before = now(workspace)
    editing.trim(workspace, 10.0, None, **ANA)
    cut = now(workspace)
    editing.trim(workspace, 0.0, DRAFT.media.duration + 5, **WHO, seen=1)

    assert (cut.shown.start, cut.shown.end, cut.trimmed) == (10.0, DRAFT.media.duration, True)
    assert now(workspace).model_copy(update={"revision": 0}) == before


def test_a_cut_beyond_a_shorter_recording_is_shown_to_editors(tmp_path: Path) -> None:
    """After a drop of another recording, of which nothing would be left, all of it is published and the cut listed."""
    editing.trim(saved(DRAFT, tmp_path / "norms"), DRAFT.media.duration - 5, None, **ANA)
    shorter = DRAFT.media.model_copy(update={"duration": 100.0})
    workspace = saved(DRAFT.model_copy(update={"media": shorter}), tmp_path / "norms")

    assert (now(workspace).unfit, now(workspace).shown.end, now(workspace).trimmed) == ((1,), 100.0, False)


def test_sections_stand_in_the_order_of_editors(workspace: Workspace) -> None:
    """What is left out is in nothing made for readers; its chapters still divide the recording."""
    editing.set_sections(workspace, ["quotes", "in_brief", "key_points"], **ANA)

    public = for_readers(workspace)

    assert public.sections == ("quotes", "in_brief", "key_points")
    assert public.digest.key_points
    assert public.digest.questions == ()
    assert [c.title for c in public.digest.chapters] == [c.title for c in CHAPTERS]
    assert not any(c.sentences for c in public.digest.chapters)
    with pytest.raises(Stale):
        editing.set_sections(workspace, ["quotes"], by="Ben", at=NOW, seen=0)


def pictured(draft: Artifacts) -> Artifacts:
    """Return a draft with a picture of its first slide."""
    image = Picture(path="pages/1.webp", sha256="5" * 64, size=1, width=320, height=180)
    return draft.model_copy(update={"pages": Pages(pages=(PageImage(number=1, image=image, thumbnail=image),))})


def test_a_slide_stands_before_the_recording(tmp_path: Path) -> None:
    """Where a later presentation has no picture of it, the machine's stands there and the choice is listed."""
    workspace = saved(pictured(DRAFT), tmp_path / "norms")
    editing.set_poster(workspace, slide=1, **ANA)

    assert now(workspace).poster == pictured(DRAFT).pages.pages[0].image
    saved(DRAFT, tmp_path / "norms")
    assert (now(workspace).unfit, now(workspace).poster) == ((1,), DRAFT.media.poster)


def test_no_picture_of_what_is_cut_off_stands_there(tmp_path: Path) -> None:
    """The machine's may be one: a slide stands there instead, or nothing, until an editor chooses another."""
    machine = Picture(path="media/poster.jpg", sha256="6" * 64, size=1, width=320, height=180)
    media = DRAFT.media.model_copy(update={"poster": machine})
    plain = saved(DRAFT.model_copy(update={"media": media}), tmp_path / "plain")
    slides = saved(pictured(DRAFT).model_copy(update={"media": media}), tmp_path / "slides")
    for workspace in (plain, slides):
        editing.trim(workspace, 30.0, None, **ANA)
    late, early = (SetPoster(second=second, picture=machine) for second in (40.0, 4.0))
    chosen = [revise(DRAFT, overlay(Trim(start=30.0, end=None), one)).poster for one in (late, early)]

    assert now(plain).poster is None
    assert now(slides).poster == pictured(DRAFT).pages.pages[0].image
    assert chosen == [machine, None]


@pytest.mark.parametrize(
    "act",
    [
        lambda w: editing.trim(w, 50.0, 40.0, **ANA),
        lambda w: editing.trim(w, 9e9, None, **ANA),
        lambda w: editing.trim(w, float("nan"), None, **ANA),
        lambda w: editing.set_poster(w, slide=1, **ANA),
        lambda w: editing.set_poster(w, second=9e9, **ANA),
        lambda w: editing.set_sections(w, ["quotes", "quotes"], **ANA),
        lambda w: editing.set_sections(w, ["transcript"], **ANA),
    ],
)
def test_what_makes_no_sense_is_refused(workspace: Workspace, act: Any) -> None:
    """In words, and nothing is written."""
    with pytest.raises(NotAllowed):
        act(workspace)

    assert workspace.overlay().revisions == ()
