"""Corrections survive, fit or are shown; the Edition is the same for the same input."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editing import revise
from digest.model.deck import Presentation
from digest.model.drop import DroppedFile
from digest.model.edition import Artifacts
from digest.model.overlay import Change, Confirm, NameSpeaker, Overlay, Restore, Reword, Strike
from tests.editing.builders import a_draft, overlay

DRAFT = a_draft()
SENTENCES = tuple(DRAFT.digest.sentences())
FIRST = SENTENCES[0]


def texts(draft: Artifacts, changes: Overlay) -> dict[str, str]:
    """Return the sentences of the Edition by id."""
    return {sentence.id: sentence.text for sentence in revise(draft, changes).digest.sentences()}


def test_a_reworded_sentence_keeps_its_id_and_evidence() -> None:
    """The editor's words stand where the machine's stood, with the same link and the same seconds."""
    edition = revise(DRAFT, overlay(Reword(sentence=FIRST.id, was=FIRST.text, text="Better.")))

    (changed,) = (s for s in edition.digest.sentences() if s.id == FIRST.id)
    assert (changed.text, changed.evidence) == ("Better.", FIRST.evidence)
    assert 0.9 < edition.unedited_share < 1


def test_a_struck_sentence_is_gone_and_can_come_back() -> None:
    """Strike takes a sentence out of the Edition; restore brings the machine's words back."""
    struck = Strike(sentence=FIRST.id, was=FIRST.text)

    assert FIRST.id not in texts(DRAFT, overlay(struck))
    assert texts(DRAFT, overlay(struck, Restore(sentence=FIRST.id)))[FIRST.id] == FIRST.text


def test_what_no_longer_fits_is_listed_and_not_applied() -> None:
    """A correction of a sentence that the machine now writes differently, or not at all, is kept and shown as unfit."""
    changes = overlay(
        Reword(sentence=FIRST.id, was="what an earlier run wrote", text="Better."),
        Strike(sentence="0123456789", was="gone"),
        NameSpeaker(speaker="s9", name="Nobody"),
    )

    edition = revise(DRAFT, changes)

    assert edition.unfit == (1, 2, 3)
    assert texts(DRAFT, changes) == {sentence.id: sentence.text for sentence in SENTENCES}
    assert edition.unedited_share == 1


def test_a_struck_question_takes_its_answer_along() -> None:
    """No answer is left standing without its question."""
    question = DRAFT.digest.questions[0]

    edition = revise(DRAFT, overlay(Strike(sentence=question.question.id, was=question.question.text)))

    assert len(edition.digest.questions) == len(DRAFT.digest.questions) - 1


def test_a_name_reaches_captions_and_sentences() -> None:
    """Once an editor has named the voice, the Edition knows it; an empty name takes it back."""
    named = overlay(NameSpeaker(speaker="s1", name="Hannah Whitcombe"))

    assert revise(DRAFT, named).speaker_name("s1") == "Hannah Whitcombe"
    taken_back = overlay(*(r.change for r in named.revisions), NameSpeaker(speaker="s1", name=""))
    assert revise(DRAFT, taken_back).speaker_name("s1") is None


def test_a_confirmed_guess_is_a_guess_no_more() -> None:
    """Title, date and speakers are replaced by what the editor says, and leave the list of guesses."""
    event = DRAFT.event.model_copy(update={"guessed": ("title", "starts_at", "speakers")})
    draft = DRAFT.model_copy(update={"event": event})

    edition = revise(
        draft,
        overlay(
            Confirm(field="title", value="Norms"),
            Confirm(field="starts_at", value="2016-11-23T14:00:00+05:30[Asia/Colombo]"),
            Confirm(field="speakers", value="Daniel Okafor, Halden Systems\nMei Lin"),
        ),
    )

    assert (edition.event.title, edition.event.guessed) == ("Norms", ())
    assert edition.event.starts_at.isoformat() == "2016-11-23T14:00:00+05:30"
    assert edition.event.timezone == "Asia/Colombo"
    assert [(s.name, s.role) for s in edition.event.speakers] == [
        ("Daniel Okafor", "Halden Systems"),
        ("Mei Lin", None),
    ]


IDS = st.sampled_from([sentence.id for sentence in SENTENCES] + ["gone"])
CHANGES = st.one_of(
    st.builds(
        lambda of, text: Reword(sentence=of, was=dict(texts(DRAFT, Overlay())).get(of, "gone"), text=text),
        IDS,
        st.text(min_size=1),
    ),
    st.builds(lambda of: Strike(sentence=of, was=dict(texts(DRAFT, Overlay())).get(of, "gone")), IDS),
    st.builds(lambda of: Restore(sentence=of), IDS),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(CHANGES, max_size=8))
def test_restoring_everything_gives_the_machines_text_back(changes: list[Change]) -> None:
    """Whatever was done in whatever order: the same overlay gives the same Edition, and taking all back undoes it."""
    done = overlay(*changes)

    assert revise(DRAFT, done).sha256() == revise(DRAFT, done).sha256()
    undone = overlay(*changes, *(Restore(sentence=sentence.id) for sentence in SENTENCES), Restore(sentence="gone"))
    assert texts(DRAFT, undone) == texts(DRAFT, Overlay())
    assert revise(DRAFT, undone).unfit == ()


@pytest.mark.parametrize(
    ("event", "offered"),
    [
        ({}, None),
        ({"publish_original_deck": True}, "drop/slides.pptx"),
        ({"publish_original_deck": True, "chatham_house": True}, None),
    ],
)
def test_the_original_presentation_goes_out_only_where_it_is_asked_for(
    event: dict[str, bool], offered: str | None
) -> None:
    """It holds notes and hidden slides; under the Chatham House rule it is never given."""
    draft = a_draft()
    deck = DroppedFile(path="drop/slides.pptx", sha256="5" * 64, size=1, name="slides.pptx", role="deck")
    dropped = draft.drop.model_copy(update={"files": (deck,)})
    asked = draft.model_copy(update={"drop": dropped, "event": draft.event.model_copy(update=event)})

    original = revise(asked, Overlay()).original_deck

    assert (original and original.path) == offered


def test_the_original_presentations_of_a_panel_all_go_out() -> None:
    """In the order of their slides, and nothing that was no presentation."""
    draft = a_draft()
    names = ("deck-1.pdf", "deck-2.pdf", "paper.pdf")
    files = tuple(DroppedFile(path=f"drop/{n}", sha256="5" * 64, size=1, name=n, role="deck") for n in names)
    shown = tuple(Presentation(path=f"drop/{n}", name=n, slides=1) for n in ("deck-2.pdf", "deck-1.pdf"))
    asked = draft.model_copy(
        update={
            "drop": draft.drop.model_copy(update={"files": files}),
            "deck": draft.deck.model_copy(update={"presentations": shown}),
            "event": draft.event.model_copy(update={"publish_original_deck": True}),
        }
    )

    edition = revise(asked, Overlay())

    assert edition.original_deck
    assert edition.original_deck.path == "drop/deck-2.pdf"
    assert [file.path for file in edition.more_original_decks] == ["drop/deck-1.pdf"]
