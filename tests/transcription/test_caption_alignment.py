"""A person's captions have the right words, and the recogniser knows when they were said."""

import random
from functools import partial
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model.companions import CompanionCue
from digest.model.speech import Word, text_of
from digest.transcription.caption_alignment import align_captions
from tests.builders import spoken
from tests.transcription.steps import lines_run

HEARD = tuple(spoken((10, "Our guest is Daniel O'Kafer from Holden Systems. He will speak first.")).words())


def a_cue(text: str, start: float = 0.0, end: float = 10.0) -> CompanionCue:
    """Return a caption of nobody in particular."""
    return CompanionCue(start=start, end=end, text=text)


def lay_captions(*cues: CompanionCue, heard: tuple[Word, ...] = HEARD, until: float = 100.0) -> tuple[Word, ...]:
    """Return the words of captions, which must be this recording's."""
    found = align_captions(heard, cues, until=until)
    assert found
    return found


def test_a_name_that_was_misheard_stands_when_it_was_said() -> None:
    """The captions' spelling has the time of what was heard in its place, however late the captions come."""
    found = lay_captions(a_cue("Our guest is Daniel Okafor from Halden Systems. He will speak first.", 500, 510))

    assert [word.text for word in found][3:8] == ["Daniel", "Okafor", "from", "Halden", "Systems."]
    assert [(word.start, word.end) for word in found] == [(word.start, word.end) for word in HEARD]


def test_what_was_not_heard_stands_between_its_neighbours() -> None:
    """A word that the recogniser missed has the time between those that it heard."""
    heard = tuple(spoken((10, "Our guest is Daniel Okafor"), (20, "from Halden Systems. He will speak first.")).words())

    found = lay_captions(
        a_cue("Our guest is Daniel Okafor, ladies and gentlemen,", 9, 14),
        a_cue("from Halden Systems. He will speak first.", 20, 23),
        heard=heard,
    )

    (ladies, gentlemen) = (word for word in found if word.text in ("ladies", "gentlemen,"))
    assert 12 <= ladies.start < ladies.end <= gentlemen.start < gentlemen.end <= 20


def test_sounds_are_not_words() -> None:
    """What captioners write for those who cannot hear is no part of what was said; a dash belongs to its word."""
    found = lay_captions(
        a_cue("[applause] Our guest is Daniel Okafor – from Halden Systems. (LAUGHTER) He will speak first. ♪")
    )

    assert " ".join(word.text for word in found) == (
        "Our guest is Daniel Okafor– from Halden Systems. He will speak first."
    )


def test_what_captions_leave_out_for_long_stays_as_it_was_heard() -> None:
    """A filler that was left out is gone; a minute that nobody captioned is not."""
    heard = tuple(
        spoken(
            (0, "So um our guest is Daniel Okafor."), (10, " ".join(["more"] * 60)), (40, "That is all for today.")
        ).words()
    )

    found = lay_captions(a_cue("So our guest is Daniel Okafor."), a_cue("That is all for today.", 40, 42), heard=heard)

    said = " ".join(word.text for word in found)
    assert said.startswith("So our guest is Daniel Okafor. more more")
    assert said.count("more") == 60


def test_captions_of_something_else_give_no_word() -> None:
    """Another recording's captions, or a translation, are not laid over what was heard; no captions are none."""
    assert (
        align_captions(HEARD, (a_cue("Guten Tag, unser Gast ist Daniel Okafor von den Halden Systems."),), until=99)
        is None
    )
    assert align_captions(HEARD, (), until=99) is None


def test_captions_of_a_longer_recording_end_with_it() -> None:
    """What was captioned before the recording begins or after it ends is not squeezed into it."""
    found = lay_captions(
        a_cue("Can you hear me? Yes, we can. Good.", 100, 110),
        a_cue("Our guest is Daniel Okafor from Halden Systems. He will speak first.", 160, 165),
        a_cue("Goodbye to all of you.", 300, 302),
        heard=HEARD,
        until=30,
    )

    assert " ".join(word.text for word in found).startswith("Our guest")
    assert found[-1].text == "first."


def a_talk(count: int) -> tuple[list[str], tuple[Word, ...], list[CompanionCue]]:
    """Return so many words of a talk, as they were recognised with an error in seven, and as captions."""
    chance = random.Random(1)  # noqa: S311
    vocabulary = [f"w{number}" for number in range(3000)]
    texts = chance.choices(vocabulary, k=count)
    heard = tuple(
        Word(
            text=text if chance.random() > 1 / 7 else chance.choice(vocabulary),
            start=at * 0.36,
            end=at * 0.36 + 0.3,
            probability=1,
        )
        for at, text in enumerate(texts)
    )
    cues = [a_cue(" ".join(texts[at : at + 10]), at * 0.36, at * 0.36 + 3.6) for at in range(0, count, 10)]
    return texts, heard, cues


def test_three_hours_of_captions_are_laid_along_three_hours_of_words() -> None:
    """Thirty thousand words with an error in seven all stand where they were said."""
    texts, heard, cues = a_talk(30_000)

    found = lay_captions(*cues, heard=heard, until=11_000)

    assert [word.text for word in found] == texts
    assert all(abs(word.start - at * 0.36) < 4 for at, word in enumerate(found))


def test_a_talk_of_five_times_the_words_takes_five_times_the_steps() -> None:
    """Laying captions along words is no work that grows with the square: three hours take seconds, not an hour."""
    steps = {}
    for count in (1000, 5000):
        _, heard, cues = a_talk(count)
        steps[count] = lines_run(partial(lay_captions, *cues, heard=heard, until=11_000))

    assert steps[5000] < 6 * steps[1000]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["so", "the", "norm,", "Okafor", "—", "um"]), max_size=40), st.floats(-50, 50))
def test_whatever_captions_say_words_stay_in_order(texts: list[str], late: float) -> None:
    """Words never run backwards and never leave the recording, whatever was heard and captioned."""
    heard = tuple(spoken((3, "so the norm the Okafor um so the norm so Okafor the norm")).words())
    cues = [
        a_cue(" ".join(texts[at : at + 7]), 10 + at * 0.3 + late, 12 + at * 0.3 + late)
        for at in range(0, len(texts), 7)
    ]

    found = align_captions(heard, cues, until=12.0) or ()

    assert all(one.start <= one.end <= two.start + 0.002 for one, two in pairwise(found))
    assert all(word.start >= 0 and word.end <= 12 for word in found)


TOKENS = ["今日", "は", "サイ", "バー", "空間", "の", "基", "範", "に", "ついて", "話", "します。"]


def test_a_persons_captions_are_used_in_a_script_without_spaces() -> None:
    """What was misheard is as the captions have it, at the second at which it was said, and no space comes in."""
    heard = tuple(
        Word(text=one, start=10 + at, end=11 + at, probability=0.9, spaced=False) for at, one in enumerate(TOKENS)
    )

    words = lay_captions(a_cue("今日はサイバー空間の規範について"), a_cue("話します。（拍手）"), heard=heard)

    assert text_of(words) == "今日はサイバー空間の規範について話します。"
    norms = next(word for word in words if word.text == "規")
    assert 15.9 <= norms.start <= 16.1
    assert all(one.end <= two.start for one, two in pairwise(words))


def test_captions_of_something_else_give_no_word_in_a_script_without_spaces() -> None:
    """Letters that both happen to have do not make them the same talk."""
    heard = tuple(
        Word(text=one, start=10 + at, end=11 + at, probability=0.9, spaced=False) for at, one in enumerate(TOKENS)
    )

    assert align_captions(heard, [a_cue("昨夜友人と駅前でラーメンを食べた。")], until=100) is None
