"""Slide intervals: always a cover of the recording, mostly right on what was said, exact where the platform knows."""

from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.alignment import align
from digest.model.alignment import Alignment
from digest.model.companions import Companions, SlideEvent
from digest.model.deck import Deck, Pages, Presentation
from digest.model.speech import Transcript
from digest.settings import SlidesSettings
from digest.slides import read
from tests import truth as t
from tests.builders import a_deck, a_recording, spoken
from tests.slides.drops import taken

NOTHING = Transcript(language="en", language_probability=1, model="none", voiced=(), segments=())


def aligned(said: Transcript, deck: Deck, seconds: float, companions: Companions | None = None) -> Alignment:
    """Return the alignment of what was said with a deck."""
    return align(a_recording(seconds=seconds), said, deck, Pages(), companions or Companions(), root=Path())


def check_cover(alignment: Alignment, deck: Deck, seconds: float) -> None:
    """Intervals run from 0 to the end without gap or overlap, and name only slides that readers may see."""
    intervals = alignment.intervals
    assert (intervals[0].start, intervals[-1].end) == (0, seconds)
    assert all(one.end == two.start for one, two in pairwise(intervals))
    assert all(interval.start < interval.end and 0 <= interval.confidence <= 1 for interval in intervals)
    assert {interval.slide for interval in intervals} - {None} <= {slide.number for slide in deck.visible()}


SAID = st.lists(st.tuples(st.floats(0, 30), st.text("abc dé.", min_size=1, max_size=40).filter(str.strip)), max_size=12)
TITLES = st.lists(st.text("abcdé ", max_size=12), max_size=6)


@settings(max_examples=60, deadline=None)
@given(SAID, TITLES, st.lists(st.tuples(st.floats(-5, 400), st.one_of(st.none(), st.integers(1, 8))), max_size=5))
def test_any_speech_and_deck_give_a_cover(
    said: list[tuple[float, str]], titles: list[str], events: list[tuple[float, int | None]]
) -> None:
    """Whatever was said and shown, every second has its interval, and hidden slides are never shown."""
    at, texts = 0.0, list[tuple[float, str]]()
    for gap, text in said:
        texts.append((at + gap, text))
        at += gap + len(text.split())
    deck = a_deck(*titles, hidden=(2,))
    companions = Companions(slide_events=tuple(SlideEvent(at=at, slide=slide) for at, slide in events))

    alignment = aligned(spoken(*texts) if texts else NOTHING, deck, at + 10, companions)

    check_cover(alignment, deck, at + 10)


def test_what_is_said_finds_its_slide() -> None:
    """Each slide begins where its subject does, and one that nobody speaks of is skipped."""
    deck = a_deck("Cable ships", "Sharks and anchors", "Never mentioned", "Landing points")
    said = spoken(
        (0, "There are sixty cable ships in the whole world and the ships are busy with cable repairs"),
        (20, "No it is not sharks it is anchors that break most cables sharks hardly ever"),
        (40, "Have more than one landing point because one landing point is a risk to all points"),
    )

    shown = [(interval.slide, interval.start) for interval in aligned(said, deck, 60).intervals]

    assert [slide for slide, _ in shown] == [1, 2, 4]
    assert all(abs(start - true) < 4 for (_, start), true in zip(shown, (0, 20, 40), strict=True))


def test_without_a_deck_or_a_word_nothing_is_claimed() -> None:
    """One interval, no slide, and it says that nobody knows."""
    for said, deck in ((NOTHING, a_deck("One")), (spoken((0, "hello there")), Deck())):
        (only,) = aligned(said, deck, 30).intervals
        assert (only.slide, only.known_by, only.confidence) == (None, "none", 0)


def test_questions_at_the_end_are_not_the_last_slide() -> None:
    """Thanks and questions belong to the slide that they are about, not to “Thank you”."""
    deck = a_deck("Cable ships", "Sharks and anchors", "Landing points", "Thank you! Questions?")
    said = spoken(
        (0, "There are sixty cable ships in the whole world and the ships are busy with cable repairs."),
        (20, "Thank you for that. It is not sharks, it is anchors that break most cables."),
        (30, "Any questions? No? Sharks hardly ever bite, and anchors are dropped every day."),
        (50, "Have more than one landing point, because one landing point is a risk to all points."),
        (70, "Thank you. Questions, please."),
    )

    shown = [(interval.slide, interval.start) for interval in aligned(said, deck, 80).intervals]

    assert [slide for slide, _ in shown] == [1, 2, 3, 4]
    assert shown[-1][1] >= 70


def of_two_speakers(deck: Deck, *, second_from: int) -> Deck:
    """Return the deck as two presentations, the second of which begins with this slide."""
    slides = tuple(
        slide.model_copy(update={"deck": "first" if slide.number < second_from else "second"}) for slide in deck.slides
    )
    counts = (("first", second_from - 1), ("second", len(slides) - second_from + 1))
    presentations = tuple(Presentation(path=f"drop/{name}.pdf", name=name, slides=count) for name, count in counts)
    return Deck(slides=slides, presentations=presentations)


PANEL = of_two_speakers(
    a_deck(
        "Cable ships", "Sharks and anchors", "Landing points", "Satellite orbits", "Solar storms", "Ground stations"
    ),
    second_from=4,
)


SECOND_FIRST = spoken(
    (0, "Every satellite has an orbit and most orbits of a satellite are low."),
    (20, "A solar storm is what we fear and storms of that kind are solar."),
    (40, "There are sixty cable ships in the whole world and the ships are busy with cable repairs."),
    (60, "It is not sharks it is anchors that break most cables sharks hardly ever."),
)


def test_the_second_deck_may_be_spoken_to_first() -> None:
    """Who spoke first is not who comes first by name: by speech alone each deck may begin at any time."""
    shown = [(interval.slide, interval.start) for interval in aligned(SECOND_FIRST, PANEL, 80).intervals]

    assert [slide for slide, _ in shown] == [4, 5, 1, 2]
    assert all(abs(start - true) < 4 for (_, start), true in zip(shown, (0, 20, 40, 60), strict=True))


def test_the_platforms_times_of_one_deck_are_not_those_of_two() -> None:
    """Slide 2 of which presentation, the platform does not say: speech tells, and staff read why."""
    events = Companions(slide_events=(SlideEvent(at=0, slide=2),))

    alignment = aligned(SECOND_FIRST, PANEL, 80, events)

    assert {interval.known_by for interval in alignment.intervals} == {"speech"}
    assert "do not say which of the presentations" in alignment.remarks[0]


def test_the_platforms_events_are_exact() -> None:
    """Where the platform left slide events, they are taken as they are."""
    events = Companions(slide_events=(SlideEvent(at=5, slide=2), SlideEvent(at=9.5, slide=None)))

    intervals = aligned(spoken((0, "hello there")), a_deck("One", "Two"), 20, events).intervals

    assert [(i.start, i.end, i.slide, i.known_by) for i in intervals] == [
        (0, 5, None, "none"),
        (5, 9.5, 2, "event"),
        (9.5, 20, None, "event"),
    ]


def right(alignment: Alignment, truth: dict[str, Any]) -> float:
    """Return the share of seconds with the right slide, of those in which one was shown for the first time."""
    counted, good, seen = 0, 0, set[int]()
    for shown in truth["slides"]:
        if shown["slide"] is None or shown["slide"] in seen:
            continue  # what only the picture tells: people on screen, a return to an earlier slide
        seen.add(shown["slide"])
        for second in range(int(shown["start"]) + 1, int(shown["end"])):
            counted += 1
            good += any(i.slide == shown["slide"] for i in alignment.intervals if i.start <= second < i.end)
    return good / counted


def test_the_demo_is_mostly_right(tmp_path: Path) -> None:
    """While slides are shown in order, nine seconds of ten carry the right one."""
    drop = taken(Path("recordings/demo"), tmp_path)
    deck = read(drop, SlidesSettings(), root=tmp_path)

    alignment = aligned(t.transcript(t.DEMO), deck, t.DEMO["duration"])

    assert right(alignment, t.DEMO) >= 0.85
