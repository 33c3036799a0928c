"""Asking and doing: a dispatcher works off the ledger's queue, and the inbox asks for a draft of each drop.

Drafts and publications are two lanes, so that an approval need not wait for a transcription. One dispatcher a lane is
at work, whoever started it; another waits until it has ended.
"""

import hashlib
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Literal

from digest import intake, notices
from digest.editing import approved
from digest.editing.decisions import published
from digest.errors import Busy, DigestError, NotSettled, UnusableDrop
from digest.ledger import Kind, Ledger, Request
from digest.model.drop import Folder
from digest.settings import Settings
from digest.workspace import Workspace
from flows.line import drafted

Lane = Literal["drafts", "publications"]
LANES: dict[Lane, tuple[Kind, ...]] = {"drafts": ("draft",), "publications": ("publish", "retract")}

STILL = 30.0  # seconds without a change after which a drop counts as copied to its end
EVERY = 3.0  # seconds between two looks at inbox and queue


def dispatch(lane: Lane, settings: Settings, ended: threading.Event, *, every: float = EVERY) -> None:
    """Work off a lane until `ended` is set, whatever happens; wait while another dispatcher is at it."""
    while not ended.is_set():
        try:
            ledger = Ledger(settings)
            with ledger.lease(lane, busy="Another dispatcher is at work."):
                ledger.resume(*LANES[lane])
                ledger.catch_up()
                while not ended.is_set():
                    for request in ledger.waiting(*LANES[lane]):
                        work(request, ledger, settings)
                    ended.wait(every)
        except Busy:
            pass
        except Exception as error:  # noqa: BLE001 (the next row must not suffer)
            notices.unforeseen(error, settings)
        ended.wait(every)


def work_off(request: Request, settings: Settings, *, patience: float = 120.0) -> Request:
    """Work off one row where no dispatcher is running, else wait for it; return the row as it stands then."""
    ledger = Ledger(settings)
    lane: Lane = "drafts" if request.kind == "draft" else "publications"
    deadline = time.monotonic() + patience
    while (row := ledger.row(request)).state in ("waiting", "running") and time.monotonic() < deadline:
        try:
            with ledger.lease(lane, busy="A dispatcher is at work."):
                ledger.resume(*LANES[lane])
                work(row, ledger, settings)
        except Busy:
            time.sleep(1)
    return row


def work(request: Request, ledger: Ledger, settings: Settings) -> None:
    """Run what a row asks for, and write down what became of it."""
    row = ledger.take(request)
    if row is None:
        return
    try:
        ledger.finish(row, "done", DOING[row.kind](row, settings))
    except Busy:
        ledger.put_back(row)
    except DigestError as error:
        ledger.finish(row, "failed", str(error))
        _told(row, error, settings)
    except Exception as error:  # noqa: BLE001 (one row must not stop the others)
        words = notices.unforeseen(error, settings)
        ledger.finish(row, "failed", str(words))
        _told(row, words, settings)


def _draft(request: Request, settings: Settings) -> str:
    folder = Path(request.folder or "")
    notices.status(folder, f"Being worked on since {datetime.now().astimezone():%H:%M}.", settings)
    workspace, _ = drafted(folder, settings)
    notices.solved(folder, settings)
    said = f"The draft “{workspace.slug}” is ready for review."
    notices.status(folder, said, settings)
    return said


def _publish(request: Request, settings: Settings) -> str:
    slug, edition = request.slug or "", request.edition or ""
    if not is_out(Workspace(settings.workspaces / slug), edition, settings):
        from flows.publish import publish  # Prefect costs seconds

        publish(slug, edition, settings)
    return f"Published at /{slug}/digest/."


def _retract(request: Request, settings: Settings) -> str:
    from flows.publish import retract

    retract(request.slug or "", settings)
    return f"Retracted; a note stands at /{request.slug}/digest/."


DOING = {"draft": _draft, "publish": _publish, "retract": _retract}


def is_out(workspace: Workspace, edition: str, settings: Settings) -> bool:
    """Say whether this Edition is the one that was published last and the site still has all of its files."""
    from digest import site

    decisions = workspace.decisions()
    held, out = approved(decisions), published(decisions)
    known = bool(held and out and out.number > held.number and out.edition == held.edition == edition)
    return known and digest_page(workspace.slug, settings).is_file() and site.is_whole(settings.public)


def digest_page(slug: str, settings: Settings) -> Path:
    """Return where a webinar's digest page lies once it is published."""
    return settings.public / slug / "digest" / "index.html"


def watch(settings: Settings, ended: threading.Event, *, still: float = STILL, every: float = EVERY) -> None:
    """Look at the whole inbox again and again until `ended` is set, and ask for a draft of each drop that lies still.

    A drop that failed is asked for again only when something in it changed.
    """
    seen = dict[Path, tuple[Folder, float]]()
    while not ended.is_set():
        try:
            seen = scan(settings, seen, still=still)
        except Exception as error:  # noqa: BLE001 (the next look may succeed)
            notices.unforeseen(error, settings)
        ended.wait(every)


def scan(
    settings: Settings, seen: dict[Path, tuple[Folder, float]], *, still: float
) -> dict[Path, tuple[Folder, float]]:
    """Look at the inbox once; return each drop as it lies there and since when (monotonic seconds) it has lain so."""
    settings.inbox.mkdir(parents=True, exist_ok=True)
    ledger, found = Ledger(settings), dict[Path, tuple[Folder, float]]()
    drops = [path for path in sorted(settings.inbox.iterdir()) if not path.name.startswith(".")]
    tell_of_loose_files([path.name for path in drops if not path.is_dir()], settings)
    for folder in (path for path in drops if path.is_dir() and not path.is_symlink()):
        try:
            now = intake.look(folder)
        except UnusableDrop as error:
            notices.problem(folder, error, settings)
            continue
        before, since = seen.get(folder, (None, 0.0))
        if before is None or not intake.is_still(before, now):
            since = time.monotonic()
        elif time.monotonic() - since >= still:
            ask_once(folder, now, ledger, settings)
        found[folder] = now, since
    return found


def tell_of_loose_files(names: list[str], settings: Settings) -> None:
    """Say, in the inbox itself, that a file there belongs into a folder of its own."""
    loose = [name for name in names if name not in (notices.STATUS, notices.PROBLEM)]
    told = (settings.inbox / notices.PROBLEM).exists()
    if loose and not told:
        remedy = "Make a folder for each webinar in the inbox and put its files there."
        notices.problem(settings.inbox, UnusableDrop("It lies in no folder.", file=loose[0], remedy=remedy), settings)
    elif told and not loose:
        notices.solved(settings.inbox, settings)


def ask_once(folder: Path, looked: Folder, ledger: Ledger, settings: Settings) -> None:
    """Ask for a draft of a drop as it lies there, unless that was asked for before."""
    fingerprint = hashlib.sha256(looked.model_dump_json().encode()).hexdigest()
    last = ledger.last_of_folder(looked.path)
    if last is None or last.fingerprint != fingerprint:
        notices.status(folder, "Copied completely; waiting for its turn.", settings)
        ledger.ask("draft", folder=looked.path, fingerprint=fingerprint, by="inbox")


def _told(request: Request, error: DigestError, settings: Settings) -> None:
    """Tell staff, beside their files, why there is no draft."""
    if request.kind != "draft":
        return
    folder = Path(request.folder or "")
    if isinstance(error, NotSettled):
        notices.status(folder, f"Still being copied: {error.what}", settings)
        return
    notices.problem(folder, error, settings)
    notices.status(folder, f"Something is wrong: see {notices.PROBLEM}.", settings)
