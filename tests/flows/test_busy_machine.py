"""A machine that gives a reader too little time is no verdict on a file: nothing is ignored, and nothing kept."""

import ast
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from digest import sandbox, slides
from digest.errors import Overloaded
from digest.intake import look
from digest.intake.event_file import read_event_file
from digest.media import probe
from digest.model.deck import Deck, Slide
from digest.settings import SlidesSettings
from digest.slides import ocr, reading
from digest.store.queue import Queue, Request
from flows import dispatch, shell
from tests.flows.conftest import Project
from tests.intake.drops import taken
from tests.intake.formats.builders import ZOOM, companions_of
from tests.media.recordings import DEMO
from tests.slides import drops
from tests.slides.test_ocr import a_picture_slide

SLIDES = SlidesSettings()
ONE = Deck(slides=(Slide(number=1, title="Norms", read_by="pptx"),))
UNREAD = [ocr.Unread(number=1)]

READERS: dict[str, Callable[[Path], object]] = {
    "event.toml": lambda root: read_event_file(root / "drop" / "event.toml"),
    "what platforms left": lambda root: companions_of(root / "a", captions__vtt=ZOOM),
    "a presentation": lambda root: taken(root / "pptx", root / "a"),
    "the text of a pptx": lambda root: slides.read(drops.taken(root / "pptx", root), SLIDES, root=root),
    "the text of a PDF": lambda root: slides.read(drops.taken(root / "pdf", root), SLIDES, root=root),
    "the pages of a deck": lambda root: slides.render(
        drops.taken(root / "pdf", root), ONE, SLIDES, root=root, into=root / "into"
    ),
    "the pictures of a slide": lambda root: ocr.read_pictures(ONE, root / "pptx" / "slides.pptx", UNREAD, SLIDES, ""),
    "a recording": lambda root: probe(root / "recording.mp4"),
}


@pytest.mark.parametrize("file", READERS)
def test_a_busy_machine_makes_no_file_unreadable(file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no patience at all each reader says that the machine is busy, and nothing of the file."""
    for folder in ("pptx", "pdf", "into", "drop"):
        (tmp_path / folder).mkdir()
    a_picture_slide(tmp_path / "pptx" / "slides.pptx")
    for name, place in (("event.toml", "drop"), ("slides.pdf", "pdf"), ("recording.mp4", ".")):
        shutil.copy(DEMO.parent / name, tmp_path / place)
    monkeypatch.setattr(sandbox, "PATIENCE", (0.0, 0.0))

    with pytest.raises(Overloaded):
        READERS[file](tmp_path)


@pytest.mark.parametrize("room", ["intake", "slides", "media"])
def test_no_reader_takes_every_error_for_a_verdict(room: str) -> None:
    """Whoever goes on with less after an error names the kinds it goes on after; who catches all raises again."""
    caught = [
        (path.name, handler.lineno)
        for path in Path("digest", room).rglob("*.py")
        for handler in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(handler, ast.ExceptHandler)
        and handler.type
        and ast.unparse(handler.type) == "DigestError"
        and not (isinstance(handler.body[-1], ast.Raise) and handler.body[-1].exc is None)
    ]

    assert caught == []


def test_the_plainer_reader_of_a_pdf_leaves_a_remark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the better one used up its processor time the text is there, and the editor learns of it."""
    (tmp_path / "pdf").mkdir()
    pages = [drops.at(60, 40, "Norms of restraint", 36)] * 150  # so that reading takes longer than until the first look
    text = drops.a_pdf(tmp_path / "pdf" / "slides.pdf", *pages)
    drop = drops.taken(text.parent, tmp_path)
    monkeypatch.setattr(reading, "PDFIUM_SECONDS", 0.0)

    deck = slides.read(drop, SLIDES, root=tmp_path)

    assert "Norms of restraint" in " ".join(line.text for line in deck.slides[0].body) + str(deck.slides[0].title)
    assert any("two readers" in remark for remark in deck.remarks)


def test_an_editor_has_a_drop_tried_again_that_waits(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row says why it waits; asked for anew it is made at once, and not after half an hour."""
    (project.workspace.root / "deck.json").unlink()
    queue, ended = Queue(project.settings), threading.Event()
    row = queue.ask("draft", folder=look(project.drop).path, by="inbox")
    at_work = threading.Thread(
        target=dispatch.dispatch, args=("drafts", project.settings, ended), kwargs={"every": 0.1}
    )
    assert not queue.hasten(row.id)
    with monkeypatch.context() as busy:
        busy.setattr(sandbox, "PATIENCE", (0.0, 0.0))
        at_work.start()
        assert "too busy" in str(_awaited(queue, row, lambda now: now.said).said)

    assert queue.hasten(row.id)

    assert _awaited(queue, row, lambda now: now.state == "done").state == "done"
    ended.set()
    at_work.join()


def _awaited(queue: Queue, row: Request, is_so: Callable[[Request], object]) -> Request:
    """Return a row once it is so; the limit ends a hang."""
    for _ in range(1200):
        if is_so(now := queue.row(row)):
            break
        time.sleep(0.1)
    return now


def test_a_drop_waits_for_a_busy_machine(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is put off at once, so that the next can begin; nothing is called wrong with it, and later it is made."""
    waited = list[float]()
    (project.workspace.root / "deck.json").unlink()
    queue = Queue(project.settings)
    row = queue.ask("draft", folder=look(project.drop).path, by="inbox")
    monkeypatch.setattr(shell, "time", SimpleNamespace(sleep=waited.append))  # the flow's own
    with monkeypatch.context() as busy:
        busy.setattr(sandbox, "PATIENCE", (0.0, 0.0))
        dispatch.work(row, queue, project.settings)

    assert waited == []
    assert (queue.row(row).state, queue.row(row).tries, queue.row(row).setbacks) == ("waiting", 0, 1)
    assert "too busy" in (project.drop / "STATUS.txt").read_text(encoding="utf-8")
    assert not (project.drop / "PROBLEM.txt").exists()
    dispatch.work(row, queue, project.settings)
    assert queue.row(row).state == "done"
