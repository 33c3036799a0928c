"""A corrected transcript keeps its times: in order, near what they were, and across a re-run of the machine."""

import random
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.editing.revise import apply_overlay, transcript_paragraphs
from digest.editing.words import retime, words_between
from digest.model.artifact import Span
from digest.model.edition import Artifacts, Paragraph
from digest.model.overlay import Assign, Change, Correct, Merge, NameSpeaker
from digest.model.speech import Speaker, Speakers, Turn, Word, text_of
from tests import truth as t
from tests.editing.builders import a_draft, overlay

DRAFT = a_draft().model_copy(update={"speakers": t.speakers(t.DEMO)})
DIVIDED = transcript_paragraphs(DRAFT)
SPEECH = [word for one in DIVIDED for word in one.words]


def paragraphs(*changes: Change, of: Artifacts = DRAFT) -> tuple[Paragraph, ...]:
    """Return the transcript with these changes."""
    return apply_overlay(of, overlay(*changes), transcript_paragraphs(of)).edition.paragraphs


def correcting(one: Paragraph, text: str) -> Correct:
    """Return the change that an editor makes of a paragraph."""
    end = one.end + 0.01
    return Correct(start=one.start, end=end, was=text_of(words_between(DIVIDED, one.start, end)), text=text)


def in_order(words: list[Word]) -> bool:
    """Return whether no word begins before another ended, nor ends before it begins."""
    return all(a.end <= b.start + 1e-9 for a, b in pairwise(words)) and all(word.start <= word.end for word in words)


def test_a_word_put_right_keeps_its_second() -> None:
    """Only the word that was misheard is another; all others keep text and time."""
    first = DIVIDED[0]
    texts = [word.text for word in first.words]
    texts[3] = "ASEAN"

    (changed, *rest) = paragraphs(correcting(first, " ".join(texts)))

    assert [word.text for word in changed.words] == texts
    assert (changed.words[3].start, changed.words[3].end) == (first.words[3].start, first.words[3].end)
    assert tuple(rest) == DIVIDED[1:]


def test_a_passage_without_words_is_gone() -> None:
    """What the machine heard where nobody spoke can be taken out."""
    assert paragraphs(correcting(DIVIDED[1], "")) == (DIVIDED[0], *DIVIDED[2:])


def test_who_said_a_passage_can_be_put_right() -> None:
    """The words in these seconds are another's from then on, and the paragraph parts where they begin and end."""
    one = max(DIVIDED, key=lambda paragraph: len(paragraph.words))
    start, end = one.words[5].start, one.words[9].end
    other = next(s.id for s in DRAFT.speakers.speakers if s.id != one.speaker)

    found = paragraphs(Assign(start=start, end=end, speaker=other))

    parts = [part for part in found if one.start <= part.start and part.end <= one.end]
    assert [part.speaker for part in parts] == [one.speaker, other, one.speaker]
    assert parts[1].words == one.words[5:10]
    assert [word for part in found for word in part.words] == SPEECH


def test_two_voices_become_one() -> None:
    """All that either says is one person's: in the transcript, and in the account."""
    turn, *_ = DRAFT.speakers.turns
    other = next(one for one in DRAFT.speakers.turns if one.speaker != turn.speaker)
    heard, also = (Span(start=one.start, end=one.end) for one in (other, turn))
    change = Merge(speaker=other.speaker, into=turn.speaker, heard=heard, also_heard=also)

    edition = apply_overlay(DRAFT, overlay(change), DIVIDED).edition

    assert other.speaker not in {one.id for one in edition.speakers}
    assert other.speaker not in {one.speaker for one in edition.paragraphs}
    assert other.speaker not in {one.speaker for one in edition.digest.sentences()}


def test_what_two_passages_correct_stays_after_one_is_split() -> None:
    """A later correction of a part of a passage leaves the earlier one standing in the rest."""
    one = max(DIVIDED, key=lambda paragraph: len(paragraph.words))
    texts = [word.text for word in one.words]
    whole = [*texts[:-1], "finally"]
    part = Correct(
        start=one.words[0].start, end=one.words[4].end, was=" ".join(texts[:5]), text=" ".join(["Well", *texts[:5]])
    )

    found = paragraphs(correcting(one, " ".join(whole)), part)

    (changed,) = (paragraph for paragraph in found if paragraph.start == pytest.approx(one.start, abs=0.5))
    assert [word.text for word in changed.words] == ["Well", *whole]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, len(SPEECH) - 12),
    st.integers(1, 10),
    st.lists(st.sampled_from(["a", "ASEAN", "norms,", "x" * 60]), max_size=12),
)
def test_times_never_break_their_order(first: int, count: int, text: list[str]) -> None:
    """Whatever stands in the place of some words: it lies between the words before and after, in order."""
    words = SPEECH[first : first + count]
    since = SPEECH[first - 1].end if first else 0.0
    until = SPEECH[first + count].start

    fresh = list(retime(words, " ".join(text), since=since, until=until))

    assert [word.text for word in fresh] == text
    assert in_order(fresh)
    assert all(min(since, words[0].start) - 1e-3 <= word.start and word.end <= until + 1e-3 for word in fresh)


def test_times_stay_near_after_many_edits() -> None:
    """300 words taken out, misheard or put in, and put right again: the median word is within 0.2 s of its second."""
    chance, changes, wrong, speech = random.Random(7), [], [], list(DIVIDED)  # noqa: S311
    broken = []
    for one in speech:
        words = [word for word in one.words if len(one.words) < 4 or chance.random() > 0.08]
        words = [w.model_copy(update={"text": "um"}) if chance.random() < 0.1 else w for w in words]
        broken.append(one.model_copy(update={"words": tuple(words)}))
    for was, right in zip(broken, speech, strict=True):
        fresh = retime(was.words, right.text, since=right.start, until=right.end)
        wrong += [abs(now.start - then.start) for now, then in zip(fresh, right.words, strict=True)]
        changes += [1 for now in fresh if now not in was.words]
        assert in_order(list(fresh))

    assert len(changes) >= 60
    assert median(wrong) <= 0.2


def test_a_correction_lands_after_a_re_run() -> None:
    """Other weights hear other words at other times: what an editor put right is right there too."""
    one = max(DIVIDED, key=lambda paragraph: len(paragraph.words))
    texts = [word.text for word in one.words]
    change = correcting(one, " ".join([*texts[:6], "ASEAN", *texts[7:]]))
    segments = tuple(
        segment.model_copy(
            update={
                "words": tuple(
                    word.model_copy(
                        update={
                            "start": word.start + 0.3,
                            "end": word.end + 0.3,
                            "text": "Asia"
                            if word == one.words[6]
                            else "otherwise"
                            if word == one.words[12]
                            else word.text,
                        }
                    )
                    for word in segment.words
                )
            }
        )
        for segment in DRAFT.transcript.segments
    )
    again = DRAFT.model_copy(update={"transcript": DRAFT.transcript.model_copy(update={"segments": segments})})

    heard = [word.text for paragraph in paragraphs(change, of=again) for word in paragraph.words]

    assert "ASEAN" in heard
    assert "Asia" not in heard
    assert "otherwise" in heard


def test_a_voice_is_found_again_by_where_it_speaks() -> None:
    """After a re-run the ids may be others: a name goes to whoever speaks where the editor heard the voice."""
    turn = max(DRAFT.speakers.turns, key=lambda one: one.end - one.start)
    change = NameSpeaker(speaker=turn.speaker, name="Mei Lin", heard=Span(start=turn.start, end=turn.end))
    swapped = {one.id: f"v{9 - at}" for at, one in enumerate(DRAFT.speakers.speakers)}
    again = Speakers(
        speakers=tuple(Speaker(id=swapped[one.id]) for one in DRAFT.speakers.speakers),
        turns=tuple(Turn(start=o.start, end=o.end, speaker=swapped[o.speaker]) for o in DRAFT.speakers.turns),
    )

    edition = apply_overlay(DRAFT.model_copy(update={"speakers": again}), overlay(change), DIVIDED).edition

    assert edition.speaker_name(swapped[turn.speaker]) == "Mei Lin"
    assert edition.unfit == ()


def test_a_letter_put_right_keeps_the_seconds_of_those_beside_it() -> None:
    """In a script without spaces a correction changes what was typed anew, and brings no space along."""
    heard = tuple(
        Word(text=text, start=at, end=at + 1, probability=0.9, spaced=False)
        for at, text in enumerate(["今日", "は", "基", "範", "の", "話", "です。"])
    )

    words = retime(heard, "今日は規範の長い話です。", since=0, until=9)

    assert text_of(words) == "今日は規範の長い話です。"
    assert in_order(list(words))
    assert next(word.start for word in words if word.text == "規") == 2
    assert next(word.start for word in words if word.text == "話") >= 5
    assert not any(word.spaced for word in words)
