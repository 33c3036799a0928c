"""`digest about` and `digest erase`: after it the person is in no file, and all else is as it was."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pptx import Presentation

from digest import intake
from digest.drill import drill
from digest.editing import overlay
from digest.erase import erase, find_person
from digest.integrity import examine
from digest.media import prepare
from digest.model.alignment import Alignment, Interval
from digest.model.artifact import Picture
from digest.model.companions import ChatMessage, Companions
from digest.model.deck import PageImage, Pages
from digest.model.drop import DroppedFile
from digest.model.edition import Artifacts
from digest.model.erasure import What
from digest.model.event import EventSpeaker
from digest.model.speech import Terms
from digest.privacy import DataSubject
from digest.settings import MediaSettings, Settings, WritingSettings
from digest.site import build
from digest.store.files import file_sha256, write_atomically
from digest.store.queue import Queue
from digest.store.workspace import Workspace
from digest.writing import outline, write
from tests.archives import NOON, put_out
from tests.archives import a_webinar as another_webinar
from tests.builders import a_deck, an_event, by_turns, spoken
from tests.editing.builders import saved
from tests.flows.test_off_record import loudness
from tests.media.recordings import dropped, made, pictures
from tests.test_integrity import verb

SECONDS = 60
TONE = ("-f", "lavfi", "-i", f"aevalsrc='0.4*sin(2*PI*440*t)':s=48000:d={SECONDS}")
SAID = (
    (1.0, "Good afternoon and welcome to this webinar about the harbour and its new cranes."),
    (8.0, "With us is Tamsin Quillfeather, who has bought nine new cranes for the harbour."),
    (16.0, "The gargoyle contract of last year cost the harbour four million francs in all."),
    (24.0, "Every crane moves forty containers in an hour, where the gargoyle moved only twelve."),
    (34.0, "Thank you, Tamsin Quillfeather. The crews were trained for six weeks before the first ship."),
    (44.0, "The harbour will lend two cranes to the river port from the spring on."),
)
TURNS = ((0.0, 15.9, "Ana Lind"), (15.9, 33.0, "Tamsin Quillfeather"), (33.0, SECONDS, "Ana Lind"))
NAME, OWN = ("tamsin", "quillfeather"), ("gargoyle",)
PERSON = DataSubject("Tamsin Quillfeather", "Quillfeather", "Tamsin")
SLUG = "cranes-with-tamsin-quillfeather"


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tone with a picture that moves, whose container names her."""
    to = tmp_path_factory.mktemp("recording") / "talk.mp4"
    encoded = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")
    return made(to, *pictures(SECONDS, size="64x36"), *TONE, *encoded, "-metadata", "artist=Tamsin Quillfeather")


def a_webinar(settings: Settings, recording: Path, staff: Path) -> Workspace:
    """Return a published webinar in which she stands wherever one can: editors worked on it, it was run twice."""
    workspace = saved(_a_draft(settings.workspaces / SLUG, recording), settings.workspaces / SLUG)
    staff.mkdir()
    take_in = {"version": 1, "inputs": {}, "settings": [intake.look(staff).model_dump(mode="json")]}
    record = {"take_in": {**take_in, "sha256": "0" * 64, "seconds": 1.0, "peak_megabytes": 1}}
    write_atomically(workspace.root / "provenance.json", json.dumps(record).encode())
    first = workspace.artifacts()
    assert first
    workspace.record_run(first)
    _edit(workspace, first)
    put_out(workspace, settings)
    again = first.terms.model_copy(update={"language": None})  # a second run with other terms: the first lie in kept/
    write_atomically(workspace.root / "kept" / first.terms.sha256(), first.terms.canonical())
    write_atomically(workspace.root / "terms.json", again.canonical())
    workspace.record_run(first.model_copy(update={"terms": again}))
    write_atomically(workspace.root / "logs" / "run.jsonl", b'{"message": "Tamsin Quillfeather"}\n')
    write_atomically(settings.state / "crashes" / "then.txt", b"KeyError: Tamsin Quillfeather")
    Queue(settings).ask("draft", by="Tamsin Quillfeather", slug=SLUG, folder=str(staff))
    return workspace


def _a_draft(root: Path, recording: Path) -> Artifacts:
    drop = dropped(root, recording)
    (root / "media").mkdir()
    media = prepare(drop, MediaSettings(), root=root, into=root / "media")
    said, voices = spoken(*SAID), by_turns(*TURNS)
    deck = a_deck("Harbour plan", "Who speaks", bodies={"Who speaks": "Tamsin Quillfeather, buyer"})
    event = an_event(slug=SLUG, title="Cranes, with Tamsin Quillfeather", speakers=(
        EventSpeaker(name="Ana Lind", role="Harbour master"),
        EventSpeaker(name="Tamsin Quillfeather", role="Buyer", url="https://example.org/tamsin-quillfeather"),
    ))  # fmt: skip
    shown = Alignment(intervals=tuple(
        Interval(start=start, end=end, slide=slide, confidence=1, known_by="speech")
        for start, end, slide in ((0.0, 5.0, 2), (5.0, SECONDS, 1))
    ))  # fmt: skip
    companions = Companions(chat=(
        ChatMessage(at=3.0, from_="Tamsin Quillfeather", text="Here I am, gargoyle and all"),
        ChatMessage(at=4.0, from_="Bo Ek", text="Hello Tamsin Quillfeather!"),
    ))  # fmt: skip
    chapters, terms = (
        outline(said, voices, deck, shown),
        Terms.model_validate({"language": "en", "terms": [{"term": "Tamsin Quillfeather", "known_by": "event"}]}),
    )
    digest = write(
        event, chapters, media, said, voices, deck, shown, companions, terms, WritingSettings(share=0.9)
    )  # fmt: skip
    pages = tuple(
        PageImage(
            number=n,
            image=a_picture(root, f"pages/slide-{n}.webp"),
            thumbnail=a_picture(root, f"pages/slide-{n}-small.webp"),
        )
        for n in (1, 2)
    )
    return Artifacts(
        drop=drop.model_copy(update={"slug": SLUG, "files": (*drop.files, *_dropped(root))}), companions=companions,
        deck=deck, pages=Pages(pages=pages), event=event, media=media, terms=terms, transcript=said, speakers=voices,
        alignment=shown, outline=chapters, digest=digest,
    )  # fmt: skip


def a_picture(root: Path, path: str) -> Picture:
    """Write some bytes as the picture of a slide."""
    write_atomically(root / path, path.encode())
    return Picture(path=path, sha256=file_sha256(root / path), size=len(path), width=1600, height=900)


def _dropped(root: Path) -> Iterator[DroppedFile]:
    """Write what staff dropped beside the recording."""
    slides = Presentation()
    for title in ("Harbour plan", "Who speaks"):
        slides.slides.add_slide(slides.slide_layouts[1]).shapes.title.text = title
    text = slides.slides[1].placeholders[1].text_frame.paragraphs[0]
    for run in ("Tamsin Quill", "feather, buyer"):
        text.add_run().text = run
    slides.save(str(root / "drop" / "deck.pptx"))
    (root / "drop" / "chat-1.txt").write_text("00:00:03\tTamsin Quillfeather: gargoyle\n", encoding="utf-8")
    toml = 'title = "Cranes, with Tamsin Quillfeather"\n[[speakers]]\nname = "Tamsin Quillfeather"\nrole = "Buyer"\n'
    (root / "drop" / "event.toml").write_text(toml, encoding="utf-8")
    for name, role in (("deck.pptx", "deck"), ("chat-1.txt", "chat"), ("event.toml", "event")):
        path = root / "drop" / name
        yield DroppedFile.model_validate(
            {
                "path": f"drop/{name}",
                "sha256": file_sha256(path),
                "size": path.stat().st_size,
                "name": name,
                "role": role,
            }
        )


def _edit(workspace: Workspace, first: Artifacts) -> None:
    hers = next(one for one in first.digest.sentences() if "gargoyle" in one.text)
    others = next(one for one in first.digest.sentences() if "forty" not in one.text and "gargoyle" not in one.text)
    overlay.reword(workspace, others.id, "Tamsin Quillfeather was thanked.", by="Ada", at=NOON, seen=0)
    overlay.reword(workspace, hers.id, "The gargoyle cost much.", by="Ada", at=NOON, seen=1)
    overlay.name_speaker(workspace, "s2", "Tamsin Quillfeather", by="Ada", at=NOON, seen=2)


def files_with(folder: Path, *words: str) -> list[str]:
    """Return the files that hold one of these words, wherever a program could read it; Office files are unpacked."""
    found = list[str]()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if path.suffix == ".pptx":
            shutil.unpack_archive(path, unpacked := folder / "unpacked", "zip")
            content = b"".join(part.read_bytes() for part in unpacked.rglob("*") if part.is_file())
            shutil.rmtree(unpacked)
        texts = (str(path.relative_to(folder)), content.replace(b"\0", b"").decode("latin-1"))
        if any(word in text.lower() for word in words for text in texts):
            found.append(str(path.relative_to(folder)))
    return found


def settings_in(folder: Path) -> Settings:
    """Return settings that keep everything in one folder."""
    return Settings(workspaces=folder / "workspaces", public=folder / "public", state=folder / ".digest")


@pytest.fixture(scope="module")
def archive(recording: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with her webinar, out beside one that has nothing to do with her."""
    folder = tmp_path_factory.mktemp("archive")
    a_webinar(settings_in(folder), recording, folder / "staff")
    put_out(another_webinar(settings_in(folder), "norms"), settings_in(folder))
    return folder


@pytest.fixture
def settings(archive: Path, tmp_path: Path) -> Settings:
    """Return the settings of a copy of that archive, the test's own."""
    shutil.copytree(archive, tmp_path, dirs_exist_ok=True)
    return settings_in(tmp_path)


@pytest.mark.parametrize(("what", "gone"), [("name", NAME), ("words", (*NAME, *OWN))])
def test_nothing_is_left_anywhere(settings: Settings, tmp_path: Path, what: What, gone: tuple[str, ...]) -> None:
    """No file of workspaces, site and state folder has it; what is kept is whole, and gives the same site."""
    other = {path: file_sha256(path) for path in (settings.workspaces / "norms").rglob("*") if path.is_file()}
    assert len(files_with(tmp_path, *gone)) > 15

    done = erase(PERSON, what, settings, by="Ada", why="asked by letter", at=NOON)

    assert done.left == {}
    assert [*done.remaining.places] == []
    assert files_with(tmp_path, *gone) == []
    assert [fault for one in examine(settings) for fault in one.faults] == []
    assert other == {path: file_sha256(path) for path in (settings.workspaces / "norms").rglob("*") if path.is_file()}
    assert build(settings).changed == ()


def test_what_is_kept_fits_together_and_says_what_was_done(settings: Settings, tmp_path: Path) -> None:
    """Approvals stay whose they were, revisions keep their numbers, the backup gives the site: with a tombstone."""
    before = Workspace(settings.workspaces / SLUG)
    revisions, decisions = before.overlay().revisions, before.decisions()

    erase(PERSON, "words", settings, by="Ada", why="asked by letter", at=NOON)

    after = Workspace(settings.workspaces / "cranes-with")
    assert [(one.number, one.by) for one in after.overlay().revisions] == [(one.number, one.by) for one in revisions]
    assert [(one.kind, one.by, one.at) for one in after.decisions()] == [(d.kind, d.by, d.at) for d in decisions]
    edition = after.edition(after.decisions()[-1].edition)
    assert [one.name for one in edition.event.speakers] == ["Ana Lind"]
    assert [one.name for one in edition.speakers] == ["Ana Lind", None]
    assert [slide.number for slide in edition.slides if slide.image] == [1]
    (tombstone,) = after.erasures()
    assert (tombstone.by, tombstone.why, tombstone.what) == ("Ada", "asked by letter", "words")
    notes = next(one.notes for one in examine(settings) if one.slug == "cranes-with")
    assert "Something of a person was erased on 1 December 2016 by Ada: asked by letter" in notes
    (tmp_path / "digest.toml").write_text("", encoding="utf-8")
    assert drill(tmp_path, tmp_path / "drilled", settings, at=NOON).is_good


def test_the_recording_is_silent_and_black_where_it_was_hers(settings: Settings) -> None:
    """What readers play, and what is kept of what staff dropped; all else sounds and shows as before."""
    erase(PERSON, "words", settings, by="Ada", why="asked", at=NOON)

    (published,) = settings.public.glob("cranes-with/digest/*.mp4")
    (source,) = (settings.workspaces / "cranes-with" / "drop").glob("recording-1*")
    heard, light = loudness(published), brightness(published)
    assert file_sha256(source) == file_sha256(published)
    assert heard[1700:3000].max() < 0.001  # she speaks
    assert heard[930:990].max() < 0.001  # her name is said
    assert heard[100:700].min() > 0.1
    assert heard[4500:5800].min() > 0.1
    assert max(light[170:300]) < 20 < min(light[450:580])
    assert max(light[1:45]) < 20  # the slide with her name was on


def brightness(recording: Path) -> list[float]:
    """Return how bright the frames of a recording are, of 255; ten a second."""
    command = ["ffmpeg", "-v", "error", "-i", str(recording), "-vf", "scale=8:8,format=gray", "-f", "rawvideo", "-"]
    frames = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, dtype=np.uint8)
    return [float(one) for one in frames.reshape(-1, 64).mean(axis=1)]


@pytest.mark.parametrize("step", ["digest.erase.webinar.exchange", "digest.erase.build"])
def test_broken_off_it_is_never_half_and_goes_on(
    settings: Settings, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a webinar takes its place nothing has changed; before the site follows, the same command ends the work."""
    workspace = settings.workspaces / SLUG
    before = {path: file_sha256(path) for path in workspace.rglob("*") if path.is_file()}
    monkeypatch.setattr(step, _break_off)
    with pytest.raises(KeyboardInterrupt):
        erase(PERSON, "name", settings, by="Ada", why="asked", at=NOON)
    monkeypatch.undo()
    between = {path: file_sha256(path) for path in workspace.rglob("*") if path.is_file() and path.stat().st_size}

    done = erase(PERSON, "name", settings, by="Ada", why="asked", at=NOON)

    assert between == (before if "exchange" in step else {})
    assert list(done.webinars) == ([SLUG] if "exchange" in step else [])
    assert files_with(tmp_path, *NAME) == []
    assert [path.name for path in settings.workspaces.iterdir() if path.name.startswith(".")] == []


def _break_off(*_: object) -> None:
    raise KeyboardInterrupt


def test_about_lists_the_places_and_what_may_be_the_same_person(settings: Settings) -> None:
    """Full name and what is nearly it stand apart: who is meant the operator says."""
    found = find_person(DataSubject("Tamsin Quillfeather"), settings)

    where = {(one.slug, one.where) for one in found.places}
    assert {
        (SLUG, "event.json"),
        (SLUG, "drop/deck.pptx"),
        (SLUG, "drop/recording-1.mp4"),
        (SLUG, "editions/"),
    } <= where
    assert {(SLUG, "overlay.jsonl"), (SLUG, "the address"), (SLUG, "logs/"), (SLUG, "the site")} <= where
    assert any(place.startswith("the voice, 1") for _, place in where)
    assert {slug for slug, _ in where} == {SLUG, ""}
    assert find_person(DataSubject("Tamsin Quilfeather"), settings).near[SLUG].keys() == {"Tamsin", "Quillfeather"}


def test_first_it_is_said_what_would_be_done(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --for-good nothing is changed; which of the two it is has no default."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / ".digest" / "prefect"))
    before = {path: file_sha256(path) for path in settings.workspaces.rglob("*") if path.is_file()}
    asked = ("erase", "tamsin quillfeather", "--by", "Ada", "--why", "asked")

    undecided = verb(*asked)
    status, told = verb(*asked, "--what", "words"), capsys.readouterr().out

    assert (undecided, status) == (2, 0)
    assert "To do it: the same with --for-good" in told
    assert before == {path: file_sha256(path) for path in settings.workspaces.rglob("*") if path.is_file()}
