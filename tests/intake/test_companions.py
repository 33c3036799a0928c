"""Of what platforms leave the best is used, what is hostile or private is left out, and staff learn of both."""

from pathlib import Path

import pytest

from digest.intake import are_longer, companions
from digest.intake.formats.table import read_companion
from tests import truth as t
from tests.intake.drops import taken
from tests.intake.formats.builders import ZOOM, companions_of
from tests.media.recordings import DEMO

PLAIN = "1\n00:00:01,000 --> 00:00:02,000\nGood afternoon.\n\n2\n00:00:02,000 --> 00:00:04,000\nThank you, Hannah.\n"


CAPTIONER = PLAIN.replace("Good", ">> HANNAH WHITCOMBE: Good").replace("Thank", ">> DANIEL OKAFOR: Thank")


def test_demo_is_read(tmp_path: Path) -> None:
    """The demo's chat and captions are read, with names, and nothing is ignored."""
    found = companions(taken(DEMO.parent, tmp_path), root=tmp_path)

    assert {message.from_ for message in found.chat} >= {"Hannah Whitcombe", "Priya Raman"}
    assert {cue.speaker for cue in found.cues} == {speaker["name"] for speaker in t.DEMO["speakers"]}
    assert found.cues_made_by == "machine"
    assert (found.ignored, found.remarks) == ((), ())
    assert [file.name for file in found.read] == ["chat.txt", "meeting_transcript.vtt"]


def test_fuller_captions_win(tmp_path: Path) -> None:
    """Of two sets of captions the one with names says who spoke; the other is kept, and staff learn why."""
    plain = "1\n00:00:01,000 --> 00:00:02,000\nGood afternoon.\n"

    found = companions_of(tmp_path, a__srt=plain, b__vtt=ZOOM)

    assert {cue.speaker for cue in found.cues} == {"Hannah Whitcombe", "Daniel Okafor"}
    assert [track.name for track in found.tracks] == ["a.srt", "b.vtt"]
    assert [(file.name, file.found.endswith("kept: others tell more")) for file in found.read] == [
        ("a.srt", True),
        ("b.vtt", False),
    ]


FRENCH = (
    "Bonjour à toutes et à tous, nous parlons des normes qui sont dans le rapport, et de ce que les États en font avec."
)
ENGLISH = (
    "Good afternoon to all of you, we speak about the norms that are in the report, and of what states do with them."
)


def caption(text: str, head: str = "") -> str:
    """Return captions of one cue."""
    return f"WEBVTT\n{head}\n00:00:01.000 --> 00:00:09.000\n{text}\n"


@pytest.mark.parametrize(
    ("name", "text", "head", "language"),
    [
        ("a__vtt", FRENCH, "", "fr"),
        ("a__vtt", ENGLISH, "", "en"),
        ("a__vtt", "Dzień dobry", "Kind: captions\nLanguage: pl\n", "pl"),
        ("captions__cs__vtt", "Dobrý den", "", "cs"),
        ("talk_pt-BR__vtt", "Bom dia", "", "pt"),
        ("a__vtt", "皆さん、こんにちは。本日の会議を始めます。", "", "ja"),
        ("a__vtt", "Hola", "", None),
        ("recording_v2__vtt", "Hello", "", None),
    ],
)
def test_each_captions_file_is_kept_with_its_language(
    tmp_path: Path, name: str, text: str, head: str, language: str | None
) -> None:
    """The file's head says it, or its name, else its words show it; where nothing does, nothing is claimed."""
    event = 'title = "T"\ncaptions_by = "person"'

    (track,) = companions_of(tmp_path, **{name: caption(text, head)}, event__toml=event).tracks

    assert track.language == language
    assert track.cues[0].text == text


def test_captions_in_the_language_that_is_heard_are_tried_first(tmp_path: Path) -> None:
    """Of two translations by people the longer is not the better one: what is heard decides."""
    event = 'title = "T"\ncaptions_by = "person"'
    longer = caption(FRENCH) + "\n00:01:00.000 --> 00:01:09.000\nMerci à vous.\n"

    found = companions_of(tmp_path, a__vtt=longer, b__vtt=caption(ENGLISH), event__toml=event)

    assert [track.name for track in found.written_in("en")] == ["b.vtt", "a.vtt"]
    assert [track.name for track in found.written_in("fr")] == ["a.vtt", "b.vtt"]
    assert [track.name for track in found.written_in(None)] == ["a.vtt", "b.vtt"]


def test_a_persons_captions_give_words_and_a_machines_names(tmp_path: Path) -> None:
    """Of a captioner's file and the platform's, the first gives the words of the transcript, the second who spoke."""
    event = 'title = "T"\ncaptions_by = "person"'

    found = companions_of(tmp_path, a__srt=PLAIN, b__vtt=ZOOM, event__toml=event)

    assert [cue.text for cue in found.captions] == ["Good afternoon.", "Thank you, Hannah."]
    assert {cue.speaker for cue in found.cues} == {"Hannah Whitcombe", "Daniel Okafor"}
    assert (found.ignored, found.remarks) == ((), ())
    assert [file.found.endswith("the words of the transcript") for file in found.read] == [True, False]


@pytest.mark.parametrize(
    ("captions", "event", "are_words"),
    [
        (CAPTIONER, "", True),
        (PLAIN, "", False),
        (PLAIN, 'captions_by = "person"', True),
        (CAPTIONER, 'captions_by = "machine"', False),
        (ZOOM, 'captions_by = "person"', True),
        (CAPTIONER.upper(), "", False),
    ],
    ids=["captioner", "nobody says", "event.toml", "event.toml against", "a machine's, corrected", "capitals"],
)
def test_who_wrote_captions(tmp_path: Path, captions: str, event: str, are_words: bool) -> None:
    """The words are used of captions that only a person writes so, or that event.toml says a person wrote."""
    found = companions_of(tmp_path, a__vtt=captions, event__toml=event)

    assert bool(found.captions) == are_words
    assert found.cues


def test_staff_learn_why_captions_were_not_used(tmp_path: Path) -> None:
    """Where it does not show who wrote captions, staff read what to do if a person did."""
    found = companions_of(tmp_path, a__srt=PLAIN)

    (remark,) = found.remarks
    assert remark.startswith("a.srt: who wrote these captions does not show")
    assert 'write captions_by = "person" into event.toml.' in remark


def test_captions_of_another_recording() -> None:
    """Captions that go on for hours after the end are not this recording's."""
    path = t.gold("hostile", "companions", "captions-of-other-recording.vtt")
    if path is None:
        pytest.skip("needs the gold files: set DIGEST_GOLD")

    assert are_longer(read_companion(path, "captions").cues, 20)


def test_hostile_companions_are_read_or_ignored_with_a_reason(tmp_path: Path) -> None:
    """None of the hostile files ends in a trace; private words and marks that turn text round are gone."""
    folder = t.gold("hostile", "companions")
    if folder is None:
        pytest.skip("needs the gold files: set DIGEST_GOLD")
    files = {
        path.name.replace(".", "__"): path.read_bytes()
        for path in folder.iterdir()
        if path.suffix in {".vtt", ".srt", ".txt", ".csv"}
    }

    found = companions_of(tmp_path, **files)

    names = {file.name for file in found.read} | {file.name for file in found.ignored}
    assert names == {name.replace("__", ".") for name in files}
    assert all(ignored.why.endswith(".") for ignored in found.ignored)
    saved = found.canonical().decode()
    assert "PRIVATE" not in saved
    assert "\u202e" not in saved
    assert "Åse" in saved
