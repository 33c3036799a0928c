"""What an editor teaches in one webinar is told to the transcriber of the next one, of the series or of all."""

from pathlib import Path
from typing import Any

import pytest

from digest import editing
from digest.editing.draft import Draft, read_draft
from digest.editing.glossary import glossary
from digest.editing.history import history
from digest.editing.replacing import find_hits, replace_everywhere
from digest.model.companions import Companions
from digest.model.event import Event
from digest.settings import Organisation
from digest.store.files import write_atomically
from digest.store.workspace import OVERLAY, Workspace
from digest.terms import collect
from tests.builders import a_deck, an_event
from tests.editing.builders import NOW, a_draft, saved

SERIES = "Digital policy webinars"
EDITOR: dict[str, Any] = {"by": "Ana", "at": NOW}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the demo's draft, a webinar of a series."""
    workspace = saved(a_draft(), tmp_path / "norms")
    write_atomically(workspace.root / Event.FILE, a_draft().event.model_copy(update={"series": SERIES}).canonical())
    write_atomically(workspace.root / "provenance.json", b"{}\n")
    return workspace


def opened(workspace: Workspace) -> Draft:
    """Return the draft as it stands."""
    draft = read_draft(workspace)
    assert draft
    return draft


def told(workspace: Workspace, series: str | None = SERIES) -> list[tuple[str, tuple[str, ...]]]:
    """Return what another webinar of a series is told."""
    found = glossary(workspace.root.parent, series, without="another")
    return [(term.term, term.heard) for term in found.terms]


def replace(workspace: Workspace, find: str, put: str, teach: str, *, leave: int = 0) -> None:
    """Put a word right wherever it stands, but for the last so many places."""
    draft = opened(workspace)
    hits = [hit.key for hit in find_hits(draft, find, put) if not hit.is_alike]
    chosen, seen = hits[: len(hits) - leave], len(draft.overlay.revisions)
    replace_everywhere(workspace, draft, find, put, chosen, teach=teach, seen=seen, **EDITOR)


def test_a_spelling_is_told_to_the_series(workspace: Workspace) -> None:
    """With what was written for it; another series, and the webinar itself, are not told."""
    replace(workspace, "OSCE", "OSZE", "series")

    assert told(workspace) == [("OSZE", ("OSCE",))]
    assert told(workspace, "digital policy  WEBINARS") == told(workspace)
    assert told(workspace, "Harbour Talks") == told(workspace, None) == []
    assert glossary(workspace.root.parent, SERIES, without="norms").terms == ()


def test_a_spelling_is_told_to_all(workspace: Workspace) -> None:
    """Or to nobody, where the editor says so."""
    replace(workspace, "OSCE", "OSZE", "organisation")
    replace(workspace, "ASEAN", "Asean", "")

    assert told(workspace, None) == [("OSZE", ("OSCE",))]


def test_what_stands_rightly_elsewhere_is_not_taken_for_the_term(workspace: Workspace) -> None:
    """Where an editor left a place as it is, the words there mean something else: they alone correct nothing."""
    replace(workspace, "states", "STATES", "series", leave=1)

    assert told(workspace) == [("STATES", ())]


def test_a_word_put_right_on_the_list_is_told(workspace: Workspace) -> None:
    """A name or an acronym is, a word of the language or a numeral is not; what is corrected later adds to it."""
    first = opened(workspace).edition.paragraphs[0]
    span = (first.words[0].start, first.words[2].end)
    said = " ".join(word.text for word in first.words[:3])
    for seen, text in enumerate((said.replace("Good", "goodly"), "Goodale afternoon,")):
        editing.correct(workspace, *span, text, teach="series", seen=seen, **EDITOR)

    assert [term for term, _ in told(workspace)] == ["Goodale"]


def test_one_undo_takes_back_the_words_and_what_was_taught(workspace: Workspace) -> None:
    """And the history says both in one entry."""
    replace(workspace, "OSCE", "OSZE", "series")
    (entry,) = history(workspace.overlay())
    assert entry.taught == ("OSZE",)
    assert ("gone", "OSCE") in [(one.kind, one.text) for one in entry.changes]
    assert entry.group

    editing.undo_group(workspace, entry.group, seen=len(workspace.overlay().revisions), **EDITOR)

    assert told(workspace) == []
    assert "OSCE" in " ".join(one.text for one in opened(workspace).edition.paragraphs)


def test_a_damaged_webinar_is_no_others_problem(workspace: Workspace) -> None:
    """What it taught is not told until it is mended; all others teach on."""
    replace(workspace, "OSCE", "OSZE", "series")
    other = saved(a_draft(), workspace.root.parent / "other")
    write_atomically(other.root / "provenance.json", b"{}\n")
    write_atomically(other.root / OVERLAY, b"{this is no line of it}\n")

    assert told(workspace) == [("OSZE", ("OSCE",))]


def test_what_was_taught_is_among_the_terms(workspace: Workspace) -> None:
    """After what settings and event say, before what slides write; all of it, however much there is."""
    replace(workspace, "OSCE", "OSZE", "series")
    known = glossary(workspace.root.parent, SERIES, without="another")
    deck = a_deck(*(f"X{number:03d}YZ and more" for number in range(100)))

    terms = collect(an_event(title="T"), deck, Companions(), Organisation(glossary=("Diplo",)), known).terms

    names = [term.term for term in terms]
    assert names.index("Diplo") < names.index("Daniel Okafor") < names.index("OSZE")
    assert next(term for term in terms if term.term == "OSZE").heard == ("OSCE",)
