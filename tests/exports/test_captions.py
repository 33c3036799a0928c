"""Captions as broadcasters want them, readable by the players that people have."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import DigestError
from digest.exports import captions, subrip, transcript, webvtt
from digest.exports.captions import MAX_LINE, MAX_LINES, MAX_SECONDS, Cue
from digest.language.languages import get_language
from digest.language.sentences import paragraphs
from digest.model.edition import Paragraph
from digest.model.public import PublicEdition
from digest.model.speech import Speaker, Word, utterances
from digest.privacy import public_edition
from digest.text.scripts import width
from tests import truth
from tests.editing.builders import an_edition

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=100
)


def saying(texts: list[str], gaps: list[float], *, by: str | None = None) -> PublicEdition:
    """Return an Edition in which one voice says these words, each after its gap."""
    at, words = 0.0, []
    for text, gap in zip(texts, gaps, strict=True):
        words.append(Word(text=text, start=at + gap, end=at + gap + 0.3, probability=0.9))
        at += gap + 0.3
    paragraph = Paragraph(start=words[0].start, end=words[-1].end, speaker="s1", words=tuple(words))
    voice = Speaker(id="s1", name=by, known_by="editor" if by else "none")
    edition = an_edition(paragraphs=(paragraph,), seconds=at + 1)
    return public_edition(edition.model_copy(update={"speakers": (voice,)} if by else {}))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT, st.floats(0, 4)), min_size=1, max_size=60))
def test_any_text_makes_captions_that_parse_back(said: list[tuple[str, float]]) -> None:
    """Whatever was said: two lines of 42 at most, in order, no overlap, and a reader gets the same text back."""
    edition = saying([text for text, _ in said], [gap for _, gap in said])
    cues = captions.cut_cues(edition)

    assert all(len(cue.lines) <= MAX_LINES for cue in cues)
    assert all(width(line, "en") <= MAX_LINE for cue in cues for line in cue.lines)
    assert all(0 < cue.end - cue.start <= MAX_SECONDS + 0.01 for cue in cues)
    assert all(one.end <= two.start + 1e-6 for one, two in pairwise(cues))
    captions.check(cues)
    kept = "".join(line for cue in cues for line in cue.lines)
    assert "".join(kept.split()) == "".join("".join(one.text.split()) for one in edition.paragraphs)


def test_the_demo_can_be_read_at_leisure() -> None:
    """Median reading speed at most 17 characters a second, and a cue ends where a sentence ends."""
    edition = truth_edition()
    cues = captions.cut_cues(edition)

    speeds = sorted(sum(map(len, cue.lines)) / (cue.end - cue.start) for cue in cues)
    assert speeds[len(speeds) // 2] <= 17
    assert speeds[len(speeds) * 99 // 100] <= 20
    assert all(1 <= cue.end - cue.start <= 7 for cue in cues)
    assert sum(cue.lines[-1][-1] in ".?!," for cue in cues) >= 0.75 * len(cues)
    captions.check(cues)
    assert list(captions.remarks(cues, "en")) == []


def test_an_editor_is_told_of_speech_too_fast_to_read() -> None:
    """Nobody can slow a speaker down: the captions are made, and the editor hears of it."""
    cues = captions.cut_cues(saying(["institutionalisation"] * 40, [0.01] * 40))

    captions.check(cues)
    (told,) = captions.remarks(cues, "en")

    assert "faster than 20 characters a second" in told


@pytest.mark.parametrize(
    "cues",
    [
        (Cue(0, 2, ("one",)), Cue(1.5, 3, ("two",))),
        (Cue(2, 2, ("one",)),),
        (Cue(0, 2, ()), Cue(2, 3, ("two", ""))),
    ],
)
def test_captions_that_no_player_shows_stop_a_publication(cues: tuple[Cue, ...]) -> None:
    """Out of order, without duration, without words: refused, and the caption is named."""
    with pytest.raises(DigestError, match="The caption at 00:00:0"):
        captions.check(cues)


@pytest.mark.parametrize("lines", [("one", "two", "three"), ("x" * 43,), ("网" * 17,)])
def test_captions_that_are_only_unhandy_stop_nothing(lines: tuple[str, ...]) -> None:
    """Three lines or one too long, too: players show them; the editor hears of it."""
    cues = (Cue(0, 7, lines),)

    captions.check(cues)

    assert [told for told in captions.remarks(cues, "zh") if "do not fit 2 lines of 42 letters" in told]


@pytest.mark.parametrize(
    ("language", "words", "room"), [("zh", "网络安全", 16), ("ko", "사이버안보", 16), ("ja", "安全", 13)]
)
def test_wide_letters_get_shorter_lines(language: str, words: str, room: int) -> None:
    """Chinese and Korean lines hold 16 letters, Japanese 13, as the broadcasters' guides say; the text is whole."""
    edition = saying([words] * 40, [0.4] * 40).model_copy(update={"language": language})

    cues = captions.cut_cues(edition)

    letters = [sum(not letter.isascii() for letter in line) for cue in cues for line in cue.lines]
    assert max(letters) <= room
    assert max(letters) > room - 2 * len(words)
    assert all(len(cue.lines) <= MAX_LINES for cue in cues)
    assert "".join(line for cue in cues for line in cue.lines).replace(" ", "") == words * 40


def test_lines_end_at_clauses() -> None:
    """Hardly a line of the demo ends with “the” or “of”; balance alone left every eighth so."""
    lines = [line for cue in captions.cut_cues(truth_edition()) for line in cue.lines]

    leaning = get_language("en").function_words
    ends = [line.split()[-1].casefold() for line in lines]
    assert sum(end in leaning for end in ends) <= 0.1 * len(lines)


def test_captions_that_a_reader_gets_otherwise_stop_a_publication() -> None:
    """A break inside a line would put a third one on the screen."""
    with pytest.raises(DigestError, match="cannot be read back"):
        captions.check((Cue(0, 2, ("one\ntwo", "three")),))


def test_a_known_speaker_is_named_in_webvtt_and_markup_is_escaped(tmp_path: Path) -> None:
    """WebVTT carries `<v Name>`; what somebody calls themselves cannot become markup."""
    edition = saying(["R&D", "<b>", "-->", "done."], [0, 0.1, 0.1, 0.1], by="A & <b>B")

    webvtt.export(edition, tmp_path)
    subrip.export(edition, tmp_path)

    vtt, srt = (tmp_path / "captions.vtt").read_text("utf-8"), (tmp_path / "captions.srt").read_text("utf-8")

    assert "<v A &amp; &lt;b&gt;B>R&amp;D &lt;b&gt; → done." in vtt
    assert "R&D <b> → done." in srt
    assert "-->" not in srt.replace(" --> ", "", 1)


def test_the_text_has_times_and_every_word(tmp_path: Path) -> None:
    """The transcript as text starts each paragraph with its time and loses nothing."""
    edition = truth_edition()

    transcript.export(edition, tmp_path)

    text = (tmp_path / "transcript.txt").read_text("utf-8")

    assert text.startswith("[0:00:0")
    assert [w for w in text.split() if not w.startswith("[")] == [w.text for p in edition.paragraphs for w in p.words]


def truth_edition() -> PublicEdition:
    """Return the demo's Edition, made from what was really said."""
    said = truth.transcript(truth.DEMO)
    shown = paragraphs(tuple(utterances(said, truth.one_voice(truth.DEMO))), "en")
    return public_edition(an_edition(paragraphs=shown, seconds=truth.DEMO["duration"]))


def unspaced(texts: list[str]) -> PublicEdition:
    """Return an Edition that says these words without a space between them."""
    edition = saying(texts, [0.05] * len(texts))
    words = tuple(word.model_copy(update={"spaced": False}) for word in edition.paragraphs[0].words)
    return edition.model_copy(update={"paragraphs": (edition.paragraphs[0].model_copy(update={"words": words}),)})


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("ja", [*"私たちは今日、ちょっとサイバー空間の規範について話します。"]),
        ("th", ["เรา", "จะ", "เริ่ม", "พูด", "ถึง", "ความ", "ปลอดภัย"]),
    ],
)
def test_captions_of_a_script_without_spaces_have_none(language: str, texts: list[str], tmp_path: Path) -> None:
    """Captions and the transcript to take away have the text as it is written, and each line its room."""
    edition = unspaced(texts * 4).model_copy(update={"language": language})

    cues = captions.cut_cues(edition)
    transcript.export(edition, tmp_path)

    assert "".join(line for cue in cues for line in cue.lines) == "".join(texts * 4)
    assert all(width(line, language) <= MAX_LINE for cue in cues for line in cue.lines)
    _, *lines = (tmp_path / "transcript.txt").read_text(encoding="utf-8").splitlines()
    assert "".join(lines) == "".join(texts * 4)
    assert len(lines) > 1
    assert all(width(line, language) <= transcript.COLUMNS for line in lines)


def test_lines_from_the_right_say_so(tmp_path: Path) -> None:
    """A line that begins with an acronym is read from the right all the same, in captions and transcript."""
    texts = ["NATO", *("تناقش الأعراف السيبرانية في هذه الندوة. " * 6).split()]
    edition = saying(texts, [0.1] * len(texts)).model_copy(update={"language": "ar"})

    webvtt.export(edition, tmp_path)
    subrip.export(edition, tmp_path)
    transcript.export(edition, tmp_path)

    for name in ("captions.vtt", "captions.srt", "transcript.txt"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "\u200fNATO تناقش" in text
        assert text.count("\u200f") == 1
