"""A transcript that was corrected elsewhere is dropped in at the desk."""

import re
import zipfile
from io import BytesIO

import pytest
from starlette.testclient import TestClient

from digest.store.workspace import Workspace
from tests.desk.conftest import give_two_voices
from tests.desk.test_changes import preview
from tests.desk.test_routes import DRAFT, hidden, send
from tests.intake.formats.builders import a_word_file

SAID = (
    "Good evening and welcome to this webinar.",
    "A norm is not a law: it is an expectation.",
    "Who checks whether a norm is kept?",
    "Nobody does, and that is the frank answer.",
)
TIMES = ("00:00:02,000 --> 00:00:05,000", "00:00:10,000 --> 00:00:14,000", "00:00:30,000 --> 00:00:33,000",
         "00:00:40,000 --> 00:00:44,000")  # fmt: skip
SUBRIP = "\n\n".join(f"{n}\n{time}\n{text}" for n, (time, text) in enumerate(zip(TIMES, SAID, strict=True), start=1))
WEBVTT = "WEBVTT\n\nNOTE corrected by AB\n\n" + "\n\n".join(
    f"{time.replace(',', '.')}\n<v Hannah Whitcombe>{text}" for time, text in zip(TIMES, SAID, strict=True)
)
TEXT = "Corrected on Tuesday\n\n" + "\n".join(f"[00:00:{at:02}] Hannah: {text}" for at, text in enumerate(SAID))
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """Return the draft with two voices, and so with two passages: another one answers from second 40."""
    return give_two_voices(workspace)


def a_tracked_word_file() -> bytes:
    """Return a Word file in which "afternoon" was struck and "evening" put in, and neither accepted yet."""
    run = "<w:r><w:t>{}</w:t></w:r>"
    struck = '<w:del w:id="1"><w:r><w:delText>afternoon</w:delText></w:r></w:del>'
    first = run.format("Good ") + struck + f'<w:ins w:id="2">{run.format("evening")}</w:ins>' + run.format(SAID[0][12:])
    paragraphs = "".join(f"<w:p>{one}</w:p>" for one in (first, *map(run.format, SAID[1:])))
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{paragraphs}</w:body></w:document>')
    return content.getvalue()


def bring(editor: TestClient, name: str, content: bytes | str, status: int = 303) -> str:
    """Drop a file in at the desk and return the page that follows."""
    file = {"file": (name, content.encode() if isinstance(content, str) else content)}
    answer = editor.post(f"{DRAFT}bring", data=hidden(editor) | {"page": "bring"}, files=file)
    assert answer.status_code == status, answer.text
    return str(editor.get(f"{DRAFT}bring").text if status == 303 else answer.text)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("corrected.srt", SUBRIP),
        ("corrected.vtt", WEBVTT),
        ("corrected.txt", TEXT),
        ("Corrected transcript.DOCX", a_word_file("Corrected on Tuesday", *SAID)),
        ("tracked.docx", a_tracked_word_file()),
    ],
)
def test_a_corrected_transcript_is_compared(
    editor: TestClient, workspace: Workspace, name: str, content: bytes | str
) -> None:
    """Whatever it is saved as: the word that was put right is shown beside the one that was heard; nothing changes."""
    page = bring(editor, name, content)

    assert f"“{name}”" in page
    assert "<del>afternoon</del>" in page
    assert "<ins>evening</ins>" in page
    assert "Tuesday</ins>" not in page
    assert workspace.overlay().revisions == ()


def test_all_is_taken_over_at_once_and_back(editor: TestClient, workspace: Workspace) -> None:
    """Readers read it; the history has one entry, with one button that takes it back."""
    page = bring(editor, "a.srt", SUBRIP)
    chosen = dict(re.findall(r'name="(passage-\d+)" value="(\d+)" checked', page))
    key = re.findall(r'name="brought" value="(\w+)"', page)[0]

    send(editor, "take_over", page="bring", brought=key, **chosen)

    assert "Good evening and welcome" in preview(editor)
    assert "Nothing is left that reads otherwise." in editor.get(f"{DRAFT}bring").text
    history = editor.get(f"{DRAFT}history").text
    assert history.count(">Take back<") == 1
    send(editor, "undo", page="history", group=re.findall(r'name="group" value="(\d+)"', history)[0])
    assert "Good afternoon and welcome" in preview(editor)


def test_one_passage_is_taken_over(editor: TestClient, workspace: Workspace) -> None:
    """The button beside it does, whatever is ticked; the file can be put away after that."""
    page = bring(editor, "a.srt", SUBRIP)
    chosen = dict(re.findall(r'name="(passage-\d+)" value="(\d+)" checked', page))
    key = re.findall(r'name="brought" value="(\w+)"', page)[0]

    send(editor, "take_over", page="bring", brought=key, only="2000", **chosen)

    assert len(workspace.overlay().revisions) == 1
    assert "Good evening and welcome" in preview(editor)
    send(editor, "put_away", page="bring")
    assert "a.srt" not in editor.get(f"{DRAFT}bring").text
    assert "Good evening and welcome" in preview(editor)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"%PDF-1.7 whatever", "Save it as .vtt, .srt, .docx or .txt."),
        ("a.docx", b"PK\x03\x04 cut off", "It is no Word file that can be read."),
        ("a.docx", b"not zipped at all", "It is no Word file that can be read."),
        ("empty.txt", b"\n\n", "There are no words in this file."),
        (
            "other.txt",
            b"Quite another talk, about bees.\n" * 40,
            "are not those of this recording.",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(
    editor: TestClient, workspace: Workspace, name: str, content: bytes, words: str
) -> None:
    """On the page itself, and what was brought before stays."""
    bring(editor, "before.srt", SUBRIP)

    page = bring(editor, name, content, status=409 if name == "other.txt" else 422)

    assert words in page
    assert "“before.srt”" in page


def test_a_file_may_be_larger_than_a_form(editor: TestClient, workspace: Workspace) -> None:
    """Word files hold pictures; what no transcript is as large as is refused before it is read."""
    large = a_word_file(*SAID)
    content = BytesIO(large)
    with zipfile.ZipFile(content, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/media/image1.png", b"\0" * 3_000_000)

    assert "<ins>evening</ins>" in bring(editor, "large.docx", content.getvalue())
    assert "more text than the desk takes" in bring(editor, "huge.txt", b"a " * 11_000_000, status=413)
