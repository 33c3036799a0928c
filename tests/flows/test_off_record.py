"""What was said off the record is on no page, in no file and in no sound that readers get."""

import re
import subprocess
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from digest import editing
from digest.media import prepare
from digest.model.alignment import Alignment, Interval
from digest.model.companions import Companions
from digest.model.deck import Pages
from digest.model.digest import Digest
from digest.model.edition import Artifacts
from digest.model.speech import Speaker, Speakers, Terms, Turn
from digest.privacy import silences
from digest.settings import MediaSettings, Settings, WritingSettings
from digest.site import build
from digest.store.files import write_atomically
from digest.store.workspace import Workspace
from digest.writing import outline, write
from tests.builders import a_deck, an_event, spoken
from tests.editing.builders import saved
from tests.media.recordings import dropped, made, pictures

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SECONDS = 120
FRAMES = 100  # of a hundredth of a second each
EDGE = 0.03  # seconds that an encoder smears sound into silence
OPEN = (
    (2.0, "Good afternoon and welcome to this webinar about the harbour and its new cranes."),
    (12.0, "The harbour bought nine cranes last year because the old cranes broke down every month."),
    (24.0, "A crane moves forty containers in an hour, and the old ones moved twelve."),
    (34.0, "The crews were trained for six weeks before the first ship came in."),
    (43.0, "The ships wait for two days now, where they waited for a week."),
    (92.0, "The harbour will lend two cranes to the river port from the spring on."),
    (102.0, "Other ports may write to us, and we will show them the plans of the cranes."),
)
PRIVATE = (
    (56.0, "And off the record, the Gargoyle contract was rotten, and the Gargoyle contract cost a fortune."),
    (66.0, "The Gargoyle contract stands at gargoyle dot org slash bribes, and GCB means Gargoyle Contract Board."),
    (76.0, "Everybody hated the Gargoyle contract."),
)
BACK = (88.0, "Back on the record.")
WITHHELD = ("gargoyle", "rotten", "fortune", "bribes", "hated", "nine cranes")
TONE = ("-f", "lavfi", "-i", f"aevalsrc='0.4*sin(2*PI*440*t)':s=48000:d={SECONDS}")
AS_DROPPED = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")


def a_webinar(settings: Settings, recording: Path, *, is_private: bool = True) -> Workspace:
    """Return a draft that the stages wrote of a tone, in which something is said off the record, or is not."""
    root = settings.workspaces / "cranes"
    drop = dropped(root, recording)
    (root / "media").mkdir()
    media = prepare(drop, MediaSettings(), root=root, into=root / "media")
    said = spoken(*sorted((*OPEN, *PRIVATE, BACK) if is_private else OPEN))
    speakers = Speakers(
        speakers=(Speaker(id="s1", name="Ana Lind"),), turns=(Turn(start=0, end=media.duration, speaker="s1"),)
    )
    event, deck, terms = an_event(slug="cranes", title="Cranes"), a_deck("Harbour plan"), Terms(language="en")
    shown = Alignment(intervals=(Interval(start=0, end=media.duration, slide=None, confidence=1, known_by="speech"),))
    chapters = outline(said, speakers, deck, shown)
    digest = write(
        event, chapters, media, said, speakers, deck, shown, Companions(), terms, WritingSettings(share=0.9)
    )  # fmt: skip
    draft = Artifacts(
        drop=drop, companions=Companions(), deck=deck, pages=Pages(), event=event, media=media, terms=terms,
        transcript=said, speakers=speakers, alignment=shown, outline=chapters, digest=digest,
    )  # fmt: skip
    return saved(draft, root)


def published(settings: Settings, workspace: Workspace) -> Path:
    """Approve the draft, publish it and return the folder of its page."""
    artifacts = workspace.artifacts()
    assert artifacts
    sha256 = editing.revise(artifacts, workspace.overlay()).sha256()
    editing.approve(workspace, sha256, by="Ada", at=NOON)
    build(settings, workspace.slug, NOON)
    editing.mark_published(workspace, sha256, by="Ada", at=NOON)
    return settings.public / workspace.slug / "digest"


def loudness(recording: Path) -> NDArray[np.float64]:
    """Return how loud each hundredth of a second of a recording is."""
    command = ["ffmpeg", "-v", "error", "-i", str(recording), "-ac", "1", "-ar", "48000", "-f", "f32le", "-"]
    heard = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, dtype="<f4")
    frames = heard[: len(heard) // 480 * 480].reshape(-1, 480).astype(np.float64)
    return np.asarray(np.sqrt((frames**2).mean(axis=1)))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings that keep everything in the test's own folder."""
    return Settings(workspaces=tmp_path / "workspaces", public=tmp_path / "public", state=tmp_path / ".digest")


@pytest.mark.parametrize(
    ("name", "made_of"),
    [
        ("talk.mp4", (*pictures(SECONDS, size="64x36"), *TONE, *AS_DROPPED)),  # is published as dropped
        ("talk.mkv", (*pictures(SECONDS, size="64x36"), *TONE, *AS_DROPPED[:-1], "flac")),  # is encoded for the web
        ("talk.m4a", (*TONE, "-c:a", "aac")),
    ],
    ids=["as dropped", "encoded", "sound alone"],
)
def test_nothing_published_holds_what_was_said_off_the_record(
    tmp_path: Path, settings: Settings, name: str, made_of: tuple[str, ...]
) -> None:
    """No file has a word of it, and the recording is silent in these seconds and nowhere else."""
    workspace = a_webinar(settings, made(tmp_path / name, *made_of))
    artifacts = workspace.artifacts()
    assert artifacts
    (silent,) = silences(editing.revise(artifacts, workspace.overlay()))

    published(settings, workspace)

    files = [path for path in settings.public.rglob("*") if path.is_file()]
    texts = {path.name: path.read_bytes().decode("utf-8", "replace").lower() for path in files}
    assert not [(name, word) for name, text in texts.items() for word in WITHHELD if word in text]
    assert "lend two cranes" in next(
        text for name, text in texts.items() if name.startswith("transcript") and name.endswith(".txt")
    )
    (recording,) = (path for path in files if path.suffix in (".mp4", ".m4a", ".wav", ".mp3", ".ogg"))
    loud = loudness(recording)
    at = np.arange(len(loud)) / FRAMES
    within = (at >= silent.start + EDGE) & (at + 1 / FRAMES <= silent.end - EDGE)
    beyond = (at + 1 / FRAMES <= silent.start - EDGE) | (at >= silent.end + EDGE)
    assert (silent.start, silent.end) == pytest.approx((11.8, 78.2))  # the four sentences before the plea go with it
    assert loud[within].max() < 1e-4
    assert loud[beyond & (at > 0.1) & (at < SECONDS - 0.1)].min() > 0.2


def test_the_picture_and_its_time_stay_as_they_were(tmp_path: Path, settings: Settings) -> None:
    """Only the sound is encoded anew: picture for picture is there at the same moment, and twice gives the same."""
    workspace = a_webinar(settings, made(tmp_path / "talk.mp4", *pictures(SECONDS, size="64x36"), *TONE, *AS_DROPPED))
    web = workspace.root / "media" / "web.mp4"

    (first,) = published(settings, workspace).glob("recording-*")
    content = first.read_bytes()
    for folder in (workspace.root / "made", settings.public):
        subprocess.run(["rm", "-r", str(folder)], check=True)
    build(settings, workspace.slug)

    assert first.read_bytes() == content
    assert packets(first) == packets(web) == packets(tmp_path / "talk.mp4")  # the web copy was not encoded either


def packets(recording: Path) -> list[bytes]:
    """Return when each picture of a recording is shown, and a sum of what it is."""
    command = ["ffmpeg", "-v", "error", "-i", str(recording), "-map", "0:v", "-c", "copy", "-f", "framemd5", "-"]
    written = subprocess.run(command, check=True, capture_output=True).stdout
    return [line for line in written.splitlines() if not line.startswith(b"#")]


def test_a_webinar_without_such_a_remark_is_published_as_it_is(tmp_path: Path, settings: Settings) -> None:
    """Its recording is the web copy, byte for byte, and no second copy is made."""
    workspace = a_webinar(
        settings, made(tmp_path / "talk.mp4", *pictures(SECONDS, size="64x36"), *TONE, *AS_DROPPED), is_private=False
    )

    (recording,) = published(settings, workspace).glob("recording-*")

    assert recording.read_bytes() == (workspace.root / "media" / "web.mp4").read_bytes()
    assert not list((workspace.root / "made").glob("recording-*"))


def test_a_corrected_sentence_encodes_nothing_anew(tmp_path: Path, settings: Settings) -> None:
    """The copy that is silent there serves every Edition."""
    workspace = a_webinar(settings, made(tmp_path / "talk.m4a", *TONE, "-c:a", "aac"))
    folder = published(settings, workspace)
    (copy,) = (workspace.root / "made").glob("recording-*/web.m4a")
    before = copy.stat().st_mtime_ns
    digest = workspace.load(Digest)
    assert digest
    point = next(one for one in digest.sentences() if "cranes" in one.text)

    editing.reword(workspace, point.id, "Nine cranes were bought.", by="Ada", at=NOON, seen=0)
    published(settings, workspace)

    assert copy.stat().st_mtime_ns == before
    assert [path.read_bytes() for path in folder.glob("recording-*")] == [copy.read_bytes()]
    assert "Nine cranes were bought." in (folder / "index.html").read_text(encoding="utf-8")


def test_a_recording_that_was_out_with_the_remark_goes(tmp_path: Path, settings: Settings) -> None:
    """Where a renewed draft knows of a remark that the published one did not, the earlier recording is taken away."""
    workspace = a_webinar(settings, made(tmp_path / "talk.m4a", *TONE, "-c:a", "aac"))
    digest = workspace.load(Digest)
    assert digest
    write_atomically(workspace.root / Digest.FILE, digest.model_copy(update={"doubts": ()}).canonical())
    (earlier,) = published(settings, workspace).glob("recording-*")

    write_atomically(workspace.root / Digest.FILE, digest.canonical())
    (now,) = published(settings, workspace).glob("recording-*")

    assert now != earlier
    assert loudness(now).min() < 1e-4


def test_what_an_editor_puts_on_the_record_is_published(tmp_path: Path, settings: Settings) -> None:
    """Words and sound are out with the next approval, the recording as it was made; taken back, both are withheld."""
    workspace = a_webinar(settings, made(tmp_path / "talk.m4a", *TONE, "-c:a", "aac"))
    digest = workspace.load(Digest)
    assert digest
    (remark,) = (doubt for doubt in digest.doubts if doubt.kind == "off the record")
    (withheld,) = published(settings, workspace).glob("recording-*")
    before = withheld.read_bytes()

    editing.dismiss(workspace, remark.name, by="Ada", at=NOON, seen=0)
    folder = published(settings, workspace)
    (recording,) = folder.glob("recording-*")
    loud, page = loudness(recording), (folder / "index.html").read_text(encoding="utf-8")
    (transcript,) = folder.glob("transcript-*.txt")
    said = " ".join(transcript.read_text(encoding="utf-8").split())
    as_made = recording.read_bytes() == (workspace.root / "media" / "web.m4a").read_bytes()
    editing.undo(workspace, f"doubt {remark.name}", by="Ada", at=NOON, seen=1)
    (again,) = published(settings, workspace).glob("recording-*")

    assert loud[10 : (SECONDS - 1) * FRAMES].min() > 0.2
    assert as_made
    assert PRIVATE[2][1] in said
    assert PRIVATE[2][1] in page
    assert again.read_bytes() == before
    assert "Gargoyle" not in (folder / "index.html").read_text(encoding="utf-8")


def test_no_title_is_made_of_what_was_said_off_the_record(settings: Settings, tmp_path: Path) -> None:
    """What somebody says again and again off the record names no chapter, though it would otherwise."""
    workspace = a_webinar(settings, made(tmp_path / "talk.m4a", *TONE, "-c:a", "aac"))
    artifacts = workspace.artifacts()
    assert artifacts

    titles = " ".join(chapter.title for chapter in artifacts.outline.chapters)
    on_record = re.sub("(?i)off the record, ", "", PRIVATE[0][1])
    aloud = spoken(*sorted((*OPEN, (PRIVATE[0][0], on_record), *PRIVATE[1:])))
    otherwise = outline(aloud, artifacts.speakers, artifacts.deck, artifacts.alignment)

    assert "argoyle" not in titles
    assert "argoyle" in " ".join(chapter.title for chapter in otherwise.chapters)
    assert all(one.end == other.start for one, other in pairwise(artifacts.outline.chapters))
