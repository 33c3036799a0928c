"""A small webinar as the stages leave it: its artifacts as files, a tone for sound, two coloured slides."""

import wave
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from digest.desk import app
from digest.model.alignment import Alignment, Interval
from digest.model.artifact import Artifact, Picture, StoredFile
from digest.model.companions import Companions
from digest.model.deck import PageImage, Pages
from digest.model.digest import Digest, DigestChapter, Question, Sentence
from digest.model.drop import Drop
from digest.model.event import Event
from digest.model.evidence import Heard
from digest.model.media import Media
from digest.model.outline import Chapter, Outline
from digest.model.speech import Speaker, Speakers, Terms, Turn
from digest.settings import Settings
from digest.store.files import file_sha256, write_atomically
from digest.store.workspace import Workspace
from tests.builders import a_deck, a_recording, an_event, by_one_voice, spoken

SLUG = "cyber-norms"
HERE = "http://127.0.0.1:8460"
TOKEN = "a-token-made-for-a-test"  # noqa: S105
SECONDS = 60


def give_two_voices(workspace: Workspace) -> Workspace:
    """Return the draft with two voices, and so with two passages: another one answers from second 40."""
    voices = Speakers(
        speakers=(Speaker(id="s1"), Speaker(id="s2")),
        turns=(Turn(start=0, end=38, speaker="s1"), Turn(start=38, end=60, speaker="s2")),
    )
    write_atomically(workspace.root / Speakers.FILE, voices.canonical())
    return workspace


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings that keep everything in the test's own folder."""
    return Settings(workspaces=tmp_path / "workspaces", public=tmp_path / "public", state=tmp_path / "state")


@pytest.fixture
def workspace(settings: Settings) -> Workspace:
    """Return a complete draft of which nothing is guessed."""
    return a_workspace(settings)


@pytest.fixture
def desk(settings: Settings) -> TestClient:
    """Return the desk with nobody signed in."""
    return TestClient(app(settings, token=TOKEN), base_url=HERE, follow_redirects=False)


@pytest.fixture
def editor(desk: TestClient) -> TestClient:
    """Return the desk with Ana signed in."""
    desk.post("/enter", data={"token": TOKEN, "name": "Ana Lind"})
    return desk


def a_workspace(settings: Settings, event: Event | None = None, digest: Digest | None = None) -> Workspace:
    """Write every artifact of a webinar of a minute, and the files that they name."""
    workspace = Workspace(settings.workspaces / SLUG)
    media = _media(workspace.root)
    artifacts: tuple[Artifact, ...] = (
        Drop(slug=SLUG, folder="demo", files=()),
        Companions(),
        a_deck("Welcome", "Norms of restraint"),
        Pages(pages=tuple(_page(workspace.root, number) for number in (1, 2))),
        event or an_event(),
        media,
        Terms(language="en"),
        spoken(
            (2, "Good afternoon and welcome to this webinar"),
            (10, "A norm is not a law it is an expectation"),
            (30, "Who checks whether a norm is kept"),
            (40, "Nobody does and that is the honest answer"),
        ),
        by_one_voice(SECONDS),
        Alignment(
            intervals=(
                Interval(start=0, end=9, slide=1, confidence=0.9, known_by="speech"),
                Interval(start=9, end=SECONDS, slide=2, confidence=0.9, known_by="speech"),
            )
        ),
        Outline(chapters=(Chapter(start=0, end=9, title="Welcome"), Chapter(start=9, end=60, title="Norms"))),
        digest or a_digest(),
    )
    for artifact in artifacts:
        write_atomically(workspace.root / artifact.FILE, artifact.canonical())
    write_atomically(workspace.root / "provenance.json", b"{}\n")
    return workspace


def a_digest(point: str = "A norm is an expectation.") -> Digest:
    """Return an account of one key point, one chapter and one question."""
    return Digest(
        writer="test",
        in_brief=(_sentence("aa00000001", "A webinar on norms.", 2, 5),),
        key_points=(_sentence("bb00000001", point, 10, 14),),
        chapters=(
            DigestChapter(start=9, end=60, title="Norms", sentences=(_sentence("cc00000001", "No law.", 10, 12),)),
        ),
        questions=(
            Question(
                start=30,
                end=33,
                question=_sentence("dd00000001", "Who checks?", 30, 33),
                answer=(_sentence("dd00000002", "Nobody does.", 40, 43.5),),
                answer_start=40,
                answer_end=43.5,
            ),
        ),
    )


def _sentence(id_: str, text: str, start: float, end: float) -> Sentence:
    return Sentence(id=id_, text=text, evidence=(Heard(start=start, end=end),))


def _media(root: Path) -> Media:
    sound = root / "media" / "sound.wav"
    sound.parent.mkdir(parents=True, exist_ok=True)
    tone = (8000 * np.sin(np.arange(SECONDS * 16_000) * 2 * np.pi * 220 / 16_000)).astype("<i2")
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(tone.tobytes())
    (root / "media" / "web.mp4").write_bytes(b"not played in these tests")
    media = a_recording(seconds=SECONDS)
    web = media.web.model_copy(update=_record(root, "media/web.mp4").model_dump())
    return media.model_copy(update={"sound": _record(root, "media/sound.wav"), "web": web})


def _page(root: Path, number: int) -> PageImage:
    (root / "pages").mkdir(exist_ok=True)
    pictures = []
    for name, width, height in ((f"{number}.webp", 320, 180), (f"{number}-small.webp", 160, 90)):
        Image.new("RGB", (width, height), (40 * number, 90, 140)).save(root / "pages" / name)
        record = _record(root, f"pages/{name}")
        pictures.append(Picture(**record.model_dump(), width=width, height=height))
    return PageImage(number=number, image=pictures[0], thumbnail=pictures[1])


def _record(root: Path, path: str) -> StoredFile:
    return StoredFile(path=path, sha256=file_sha256(root / path), size=(root / path).stat().st_size)
