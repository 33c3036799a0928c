"""What platforms leave is read, what is hostile or private is left out, and staff learn of both."""

import csv
import io
import zipfile
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import UnusableDrop
from digest.intake import are_longer, companions
from digest.intake.cues import cues_in
from digest.intake.polls import polls_in
from digest.intake.typed import chat_in, questions_in
from digest.model.companions import Companions
from tests import truth as t
from tests.intake.drops import a_folder, taken
from tests.media.recordings import DEMO

ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:03.000
Hannah Whitcombe: Good afternoon.

2
00:00:03.500 --> 00:00:05.000
Hannah Whitcombe: Note: this is recorded.

3
00:00:06.000 --> 00:00:09.000
Daniel Okafor: Thank you. Write to me at daniel@halden.example.
"""
NEW_TEAMS = (
    "Cyber norms",
    "23 November 2016, 02:00pm",
    "Hannah Whitcombe   0:03\nGood afternoon.",
    "Okafor, Daniel   0:09\nThank you.",
)
OLD_TEAMS = (
    "0:0:3.0 --> 0:0:6.250\nHannah Whitcombe\nGood afternoon.",
    "0:0:9.0 --> 0:0:12.0\nDaniel Okafor\nThank you.",
)
MEET = (
    "Cyber norms - Transcript",
    "00:00:00",
    "Hannah Whitcombe: Good afternoon.",
    "Daniel Okafor: Thank you.",
    "00:05:00",
    "Daniel Okafor: So.",
)
POPCORN = '<chattimeline in="12" name="Ann" message="a &lt;b&gt;bold&lt;/b&gt; word" target="chat"/>'


def read(tmp_path: Path, **files: str | bytes) -> Companions:
    """Return what is read of a drop with these files; `chat__txt` stands for chat.txt."""
    tmp_path.mkdir(exist_ok=True)
    folder = a_folder(tmp_path)
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    drop = taken(folder, tmp_path / "w")
    return companions(drop, root=tmp_path / "w")


def a_word_file(*paragraphs: str) -> bytes:
    """Return a Word file of these paragraphs; a newline in one is a line break of Word's."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    lines = (
        "".join(f"<w:r><w:t>{line}</w:t><w:br/></w:r>" for line in paragraph.replace(">", "&gt;").split("\n"))
        for paragraph in paragraphs
    )
    body = "".join(f"<w:p>{line}</w:p>" for line in lines)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>')
    return content.getvalue()


def said_by(found: Companions) -> list[tuple[str | None, str]]:
    """Return speaker and text of each cue."""
    return [(cue.speaker, cue.text) for cue in found.cues]


def test_demo_is_read(tmp_path: Path) -> None:
    """The demo's chat and captions are read, with names, and nothing is ignored."""
    found = companions(taken(DEMO.parent, tmp_path), root=tmp_path)

    assert {message.from_ for message in found.chat} >= {"Hannah Whitcombe", "Priya Raman"}
    assert {cue.speaker for cue in found.cues} == {speaker["name"] for speaker in t.DEMO["speakers"]}
    assert found.cues_made_by == "machine"
    assert (found.ignored, found.remarks) == ((), ())
    assert [file.name for file in found.read] == ["chat.txt", "meeting_transcript.vtt"]


def test_names_at_the_head_of_cues(tmp_path: Path) -> None:
    """Zoom's "Name:" is the speaker; another colon in the text stays text; addresses go."""
    found = read(tmp_path, meeting__transcript__vtt=ZOOM)

    assert said_by(found) == [
        ("Hannah Whitcombe", "Good afternoon."),
        ("Hannah Whitcombe", "Note: this is recorded."),
        ("Daniel Okafor", "Thank you. Write to me at […]."),
    ]


def test_colons_without_names_are_text(tmp_path: Path) -> None:
    """Captions without speakers name none, whatever colons there are in them."""
    cues = "\n".join(f"00:00:0{n}.000 --> 00:00:0{n}.900\nStep {n}: go on\n" for n in range(1, 8))

    found = read(tmp_path, captions__vtt=f"WEBVTT\n\n{cues}")

    assert {cue.speaker for cue in found.cues} == {None}


@pytest.mark.parametrize("paragraphs", [OLD_TEAMS, NEW_TEAMS, MEET], ids=["Teams", "Teams, newer", "Meet"])
def test_transcripts_in_word_files(tmp_path: Path, paragraphs: tuple[str, ...]) -> None:
    """Word files of Teams and Google Meet give who said what, in order."""
    found = read(tmp_path, transcript__docx=a_word_file(*paragraphs))

    assert said_by(found)[:2] == [("Hannah Whitcombe", "Good afternoon."), ("Daniel Okafor", "Thank you.")]
    assert all(cue.start < cue.end for cue in found.cues)


def test_word_file_with_entities_is_ignored(tmp_path: Path) -> None:
    """A Word file that wants other files read is not opened further, and staff learn why it was not used."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')

    found = read(tmp_path, transcript__docx=content.getvalue())

    assert found.cues == ()
    assert [ignored.why for ignored in found.ignored] == ["It holds what honest Word files never do."]


def test_subviewer_and_captioner(tmp_path: Path) -> None:
    """A captioner's ">> NAME:" is a speaker, and ">>" alone is somebody whom nobody named."""
    text = "0:00:01.000,0:00:02.000\n>> HANNAH WHITCOMBE: Hello.\n\n0:00:03.000,0:00:04.000\n>> Thank you.\n"

    found = read(tmp_path, captions__sbv=text)

    assert said_by(found) == [("Hannah Whitcombe", "Hello."), (None, "Thank you.")]
    assert [(cue.start, cue.end) for cue in found.cues] == [(1, 2), (3, 4)]


def test_fuller_captions_win(tmp_path: Path) -> None:
    """Of two sets of captions the one with names is used; the other is named as ignored."""
    plain = "1\n00:00:01,000 --> 00:00:02,000\nGood afternoon.\n"

    found = read(tmp_path, a__srt=plain, b__vtt=ZOOM)

    assert {cue.speaker for cue in found.cues} == {"Hannah Whitcombe", "Daniel Okafor"}
    assert [(ignored.name, "b.vtt" in ignored.why) for ignored in found.ignored] == [("a.srt", True)]


PLAIN = "1\n00:00:01,000 --> 00:00:02,000\nGood afternoon.\n\n2\n00:00:02,000 --> 00:00:04,000\nThank you, Hannah.\n"
CAPTIONER = PLAIN.replace("Good", ">> HANNAH WHITCOMBE: Good").replace("Thank", ">> DANIEL OKAFOR: Thank")


def test_a_persons_captions_give_words_and_a_machines_names(tmp_path: Path) -> None:
    """Of a captioner's file and the platform's, the first gives the words of the transcript, the second who spoke."""
    event = 'title = "T"\ncaptions_by = "person"'

    found = read(tmp_path, a__srt=PLAIN, b__vtt=ZOOM, event__toml=event)

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
    found = read(tmp_path, a__vtt=captions, event__toml=event)

    assert bool(found.captions) == are_words
    assert found.cues


def test_staff_learn_why_captions_were_not_used(tmp_path: Path) -> None:
    """Where it does not show who wrote captions, staff read what to do if a person did."""
    found = read(tmp_path, a__srt=PLAIN)

    (remark,) = found.remarks
    assert remark.startswith("a.srt: who wrote these captions does not show")
    assert 'write captions_by = "person" into event.toml.' in remark


def test_direct_messages_are_left_out(tmp_path: Path) -> None:
    """What was written to one person is in no artifact, however the name is written; staff learn how many."""
    chat = (
        "14:02:11\t From  Ann to  Everyone:\n\tcall +41 79 555 01 00 at 14:30\n"
        "14:02:12\t From  Ann to  Bob(Direct Message):\n\tSECRET one\n\tSECRET more\n"
        "14:02:13\t From  A:nn to  Bob(Direct Message):\n\tSECRET two\n"
        "14:02:14 From Ann to Bob (Privately) : SECRET three\n"
        "14:02:15 From Ann to Hosts and panelists:\n\tSECRET four\n"
        "14:02:16 From Ann : hello\n"
    )

    found = read(tmp_path, saved__txt=chat)

    assert [(m.clock, m.from_, m.text) for m in found.chat] == [
        ("14:02:11", "Ann", "call […] at 14:30"),
        ("14:02:16", "Ann", "hello"),
    ]
    assert b"SECRET" not in found.canonical()
    assert found.remarks == ("saved.txt: left out as damaged or not meant for everyone: 4 of the messages.",)


def test_chats_in_seconds_of_the_recording(tmp_path: Path) -> None:
    """Zoom's cloud, Meet and BigBlueButton give seconds; a bracketed time is a clock."""
    cloud = read(tmp_path / "a", chat__txt="00:14:28\tAnn Smith:\thello\n00:14:30\tBob:\thi\n")
    meet = read(
        tmp_path / "b", chat__sbv="00:00:05.000,00:00:08.000\nAnn: hello\n\n00:00:15.000,00:00:18.000\nBob: hi\n"
    )
    popcorn = read(
        tmp_path / "c",
        slides_new__xml=f"<popcorn>{POPCORN}</popcorn>",
    )
    notes = read(tmp_path / "d", public__txt="[14:02] Ann : hello\n[14:03] Bob : hi\n")

    assert [(m.at, m.from_, m.text) for m in cloud.chat] == [(868, "Ann Smith", "hello"), (870, "Bob", "hi")]
    assert [(m.at, m.text) for m in meet.chat] == [(5, "hello"), (15, "hi")]
    assert [(m.at, m.text) for m in popcorn.chat] == [(12, "a bold word")]
    assert [(m.clock, m.text) for m in notes.chat] == [("14:02", "hello"), ("14:03", "hi")]


def test_zoom_question_report(tmp_path: Path) -> None:
    """The report's own head is passed over; addresses, anonymous askers and "live answered" are no content."""
    report = io.StringIO()
    csv.writer(report).writerows(
        [
            ["Question Report"],
            ["Report Generated:", "2016-11-23"],
            ["Topic", "Webinar ID", "# Question"],
            ["Cyber norms", "123 456 789", "2"],
            ["#", "Question", "Asker Name", "Asker Email", "Answer(s)"],
            ["1", "Who checks that?", "Tomasz", "tomasz@cert.example", "Nobody, today."],
            ["2", "And who pays?", "Anonymous Attendee", "", "live answered"],
        ]
    )

    found = read(tmp_path, report__csv=report.getvalue())

    assert [(q.text, q.asked_by, q.answer) for q in found.questions] == [
        ("Who checks that?", "Tomasz", "Nobody, today."),
        ("And who pays?", None, None),
    ]
    assert b"cert.example" not in found.canonical()


def a_report(*rows: tuple[str, ...]) -> str:
    """Return Zoom's report of a poll: its own head, then these rows."""
    report = io.StringIO()
    head = [("Poll Report",), ("Report Generated:", "2016-11-23"), ("Topic", "Webinar ID"), ("Norms, which?", "1")]
    csv.writer(report).writerows([*head, ("Poll Details",), *rows])
    return report.getvalue()


def asked(found: Companions) -> list[tuple[str, dict[str, int]]]:
    """Return each poll with how many gave which answer."""
    return [(poll.question, {option.text: option.votes for option in poll.options}) for poll in found.polls]


WHO = ("#", "User Name", "User Email", "Submitted Date/Time")
ANN, BOB = ("1", "Ann", "ann@cert.example", "14:02"), ("2", "Bob", "bob@cert.example", "14:02")


def test_polls_are_counted_and_nobody_is_named(tmp_path: Path) -> None:
    """Both forms of Zoom's report give each question with its answers; who answered is in no artifact."""
    old = a_report(
        (*WHO, ""),
        (*ANN, "Which norm?", "Due diligence", "Who pays?", "Nobody;Ministries"),
        (*BOB, "Which norm?", "No harm"),
    )
    new = a_report(
        (*WHO, "Which norm?"),
        (*ANN, "Due diligence"),
        (*BOB, "Due diligence"),
        (),
        (*WHO, "Who pays?"),
        (*BOB, "Nobody"),
    )

    before, since = read(tmp_path / "a", poll__csv=old), read(tmp_path / "b", webinar__csv=new)

    assert asked(before) == [
        ("Which norm?", {"Due diligence": 1, "No harm": 1}),
        ("Who pays?", {"Nobody": 1, "Ministries": 1}),
    ]
    assert asked(since) == [("Which norm?", {"Due diligence": 2}), ("Who pays?", {"Nobody": 1})]
    assert [(file.name, file.found) for file in since.read] == [("webinar.csv", "2 polls")]
    assert not any(name in since.canonical() for name in (b"Ann", b"Bob", b"cert.example"))


def test_answers_in_peoples_own_words_are_not_counted(tmp_path: Path) -> None:
    """A poll that everybody answered in other words is left out, and staff are told; it is no list of opinions."""
    rows = [(str(n), "", "", "14:02", "Yes", f"because of my reason {n}") for n in range(30)]

    found = read(tmp_path, poll__csv=a_report((*WHO, "Should we?", "Why?"), *rows))

    assert asked(found) == [("Should we?", {"Yes": 30})]
    assert found.remarks == ("poll.csv: 1 of its questions were answered in people's own words and left out.",)


def test_polls_in_the_chat_are_polls(tmp_path: Path) -> None:
    """BigBlueButton's counts in the chat become a poll, and are no message of anybody."""
    counts = "bbb-published-poll-{0}Who pays?{0}Nobody: 3 | 75%{0}Ministries: 1 | 25%{0}"
    popcorn = f'<chattimeline in="20" name="" message="{counts.format("&lt;br/&gt;")}" target="chat"/>'

    saved = read(tmp_path / "a", public__txt=f"[14:02] Ann : hello\n[14:03] : {counts.format(chr(10))}")
    recorded = read(tmp_path / "b", slides_new__xml=f"<popcorn>{POPCORN}{popcorn}</popcorn>")

    for found in (saved, recorded):
        assert asked(found) == [("Who pays?", {"Nobody": 3, "Ministries": 1})]
        assert len(found.chat) == 1


def test_captions_of_another_recording() -> None:
    """Captions that go on for hours after the end are not this recording's."""
    path = t.gold("hostile", "companions", "captions-of-other-recording.vtt")
    if path is None:
        pytest.skip("needs the gold files: set DIGEST_GOLD")

    assert are_longer(cues_in(path).cues, 20)


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

    found = read(tmp_path, **files)

    names = {file.name for file in found.read} | {file.name for file in found.ignored}
    assert names == {name.replace("__", ".") for name in files}
    assert all(ignored.why.endswith(".") for ignored in found.ignored)
    saved = found.canonical().decode()
    assert "PRIVATE" not in saved
    assert "\u202e" not in saved
    assert "Åse" in saved


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_anything_is_read_or_refused(content: bytes) -> None:
    """Whatever lies in a file, each reader returns what it found or says in words why not."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(content)
        for reader in (cues_in, chat_in, questions_in, polls_in):
            with suppress(UnusableDrop):
                assert reader(path)


def test_what_the_platform_says_of_slides_is_used(tmp_path: Path) -> None:
    """Either file of BigBlueButton, and captions whose cues are called slide-N, say when slides were shown."""
    svg = (
        '<svg xmlns:xlink="x"><image in="0" out="9" xlink:href="presentation/a/slide-1.png"/>'
        '<image in="9" out="20" xlink:href="presentation/a/slide-2.png"/></svg>'
    )
    vtt = "WEBVTT\n\nslide-1\n00:00.000 --> 00:10.000\nOne\n\nslide-3\n00:10.500 --> 00:20.000\nThree\n"
    xml = (
        '<recording><event timestamp="0" eventname="SharePresentationEvent"><presentationName>a</presentationName>'
        "</event>"
        '<event timestamp="9000" eventname="GotoSlideEvent"><slide>1</slide></event>'
        '<event timestamp="20000" eventname="EndAndKickAllEvent"/></recording>'
    )
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()

    pictures, cues = read(tmp_path, shapes__svg=svg), read(tmp_path / "b", slides__vtt=vtt)
    events = read(tmp_path / "c", events__xml=xml)

    assert [(event.at, event.slide) for event in pictures.slide_events] == [(0, 1), (9, 2), (20, None)]
    assert events.slide_events == pictures.slide_events
    assert [file.found for file in (*events.read, *cues.read)] == ["slides shown 3 times", "slides shown 2 times"]
    assert [(event.at, event.slide) for event in cues.slide_events] == [(0, 1), (10.5, 3)]
    assert cues.cues == ()
