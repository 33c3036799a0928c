"""Asking and doing: a dispatcher works off the queue, whoever put a row there.

Drafts and publications are two lanes, so that an approval need not wait for a transcription. One dispatcher a lane is
at work, whoever started it; another waits until it has ended.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from digest import editing, intake, notices
from digest.editing import approval_in_force
from digest.editing.decisions import publication_in_force
from digest.errors import Busy, DigestError, NotSettled, Overloaded
from digest.pipeline import find_current
from digest.settings import Settings
from digest.store.leases import Leases
from digest.store.queue import Kind, Queue, Request
from digest.store.workspace import Workspace
from flows.draft import draft
from flows.due import look_after_events
from flows.shell import run_flow

log = logging.getLogger(__name__)

Lane = Literal["drafts", "publications"]
LANES: dict[Lane, tuple[Kind, ...]] = {"drafts": ("draft",), "publications": ("publish", "retract", "announce")}

AFTERWARDS = "After the webinar put the recording and the slides into this folder."
POLL_SECONDS = 3.0  # between two looks at the queue
LOOK_SECONDS = 20.0  # between two looks at what is due around events: an hour before is not a minute late
REST_SECONDS = 1800.0  # before a row is tried again for which the machine was too busy; a new start tries at once


def dispatch(lane: Lane, settings: Settings, ended: threading.Event, *, every: float = POLL_SECONDS) -> None:
    """Work off a lane until `ended` is set, whatever happens; wait while another dispatcher is at it."""
    resting = dict[tuple[int, datetime], float]()  # rows as they were asked for, and when they are tried again
    looked = datetime.min.replace(tzinfo=UTC)
    while not ended.is_set():
        try:
            queue = Queue(settings)
            with Leases(settings).hold(lane, busy="Another dispatcher is at work."):
                queue.resume(*LANES[lane])
                queue.catch_up()
                while not ended.is_set():
                    for request in queue.waiting(*LANES[lane]):
                        asked = request.id, request.asked_at
                        if resting.get(asked, 0.0) <= time.monotonic() and not work(request, queue, settings):
                            resting[asked] = time.monotonic() + REST_SECONDS
                    if lane == "publications":
                        looked = _look_after_events(settings, looked)
                    ended.wait(every)
        except Busy:
            pass
        except Exception as error:  # noqa: BLE001 (the next row must not suffer)
            notices.keep_trace(error, settings)
        ended.wait(every)


def _look_after_events(settings: Settings, looked: datetime) -> datetime:
    """Do what is due around events, if it is long enough ago that somebody looked; return when that was."""
    now = datetime.now(UTC)
    if (now - looked).total_seconds() < LOOK_SECONDS:
        return looked
    try:
        look_after_events(settings, looked, now)
    except Busy:
        return looked
    except DigestError as error:  # it is wrong at the next look too: one line each, and no trace
        log.warning("What is due around events could not be done: %s", error)
    return now


def work_off(request: Request, settings: Settings, *, patience: float = 120.0) -> Request:
    """Work off one row where no dispatcher is running, else wait for it; return the row as it stands then."""
    queue, leases = Queue(settings), Leases(settings)
    lane: Lane = "drafts" if request.kind == "draft" else "publications"
    deadline = time.monotonic() + patience
    while (row := queue.row(request)).state in ("waiting", "running") and time.monotonic() < deadline:
        try:
            with leases.hold(lane, busy="A dispatcher is at work."):
                queue.resume(*LANES[lane])
                work(row, queue, settings)
        except Busy:
            time.sleep(1)
    return row


def work(request: Request, queue: Queue, settings: Settings) -> bool:
    """Run what a row asks for and write down what became of it; False where the machine was too busy, and it waits."""
    row = queue.take(request)
    if row is None:
        return True
    log.info("%s of %s begins, try %s", row.kind, row.slug or row.folder, row.tries)
    try:
        queue.finish(row, "done", DOING[row.kind](row, settings))
    except Busy:
        queue.put_back(row)
    except Overloaded as error:
        log.info("%s of %s waits: %s", row.kind, row.slug or row.folder, error)
        queue.put_back(row, error.what)
        if row.folder:
            notices.write_status(Path(row.folder), f"Waiting: {error.what} It is tried again by itself.", settings)
        return False
    except DigestError as error:
        log.info("%s of %s failed: %s", row.kind, row.slug or row.folder, error)
        queue.finish(row, "failed", str(error))
        _tell_staff(row, error, settings)
    except Exception as error:  # noqa: BLE001 (one row must not stop the others)
        words = notices.keep_trace(error, settings)
        queue.finish(row, "failed", str(words))
        _tell_staff(row, words, settings)
    return True


def make_draft(folder: Path, settings: Settings) -> tuple[Workspace, bool]:
    """Return the workspace of a drop with everything current, and whether anything had to be made for that.

    Raises Busy while another run is at the drop, and whatever its stages raise.
    """
    looked, _ = editing.find_event(intake.look(folder), settings)
    if Leases(settings).is_drop_held(looked):
        raise Busy(
            "This drop is being worked on just now.",
            file=folder,
            remedy="Nothing is lost: try again when it has ended.",
        )
    if workspace := find_current(looked, settings):
        return workspace, False
    from digest import desk

    workspace = run_flow(draft, f"draft {folder.name}", folder, settings)
    with contextlib.suppress(DigestError):  # the desk says what is wrong with it
        desk.prepare(workspace)
    return workspace, True


def is_published(workspace: Workspace, edition: str, settings: Settings) -> bool:
    """Say whether this Edition is the one that was published last and the site still has all of its files."""
    from digest import site

    decisions = workspace.decisions()
    held, out = approval_in_force(decisions), publication_in_force(decisions)
    known = bool(held and out and out.number > held.number and out.edition == held.edition == edition)
    return known and site.is_whole(settings.public, workspace.slug)


def digest_page(slug: str, settings: Settings) -> Path:
    """Return where a webinar's digest page lies once it is published."""
    return settings.public / slug / "digest" / "index.html"


def _draft(request: Request, settings: Settings) -> str:
    folder = Path(request.folder or "")
    notices.write_status(folder, f"Being worked on since {datetime.now().astimezone():%H:%M}.", settings)
    workspace, _ = make_draft(folder, settings)
    notices.clear_problem(folder, settings)
    said = f"The draft “{workspace.slug}” is ready for review."
    notices.write_status(folder, said, settings)
    return said


def _publish(request: Request, settings: Settings) -> str:
    slug, edition, left = request.slug or "", request.edition or "", dict[str, str]()
    if not is_published(Workspace(settings.workspaces / slug), edition, settings):
        from flows.publish import publish  # the site's rooms cost half a second

        left = run_flow(publish, f"publish {slug}", slug, edition, settings)
    return f"Published at /{slug}/digest/.{_left_as_they_stood(left)}"


def _retract(request: Request, settings: Settings) -> str:
    from flows.publish import retract

    slug = request.slug or ""
    left = run_flow(retract, f"retract {slug}", slug, settings)
    return f"Retracted; a note stands at /{slug}/digest/.{_left_as_they_stood(left)}"


def _announce(request: Request, settings: Settings) -> str:
    """Announce what a folder's event.toml says, or bring onto the site what was decided of a webinar."""
    from flows.publish import announce

    slug = request.slug
    if request.folder:
        looked = intake.look(Path(request.folder))
        slug = editing.announce(looked, settings, by=request.asked_by, at=datetime.now(UTC)).slug
    left = run_flow(announce, f"announce {slug}", slug or "", settings)
    said = f"The event page stands at /{slug}/.{_left_as_they_stood(left)}"
    if request.folder:
        notices.clear_problem(Path(request.folder), settings)
        notices.write_status(Path(request.folder), f"Announced. {said} {AFTERWARDS}", settings)
    return said


def _left_as_they_stood(left: Mapping[str, str]) -> str:
    """Return in words which other webinars could not be brought up to date on the site."""
    said = "; ".join(f"{slug}: {why}" for slug, why in sorted(left.items()))
    return f" Others stay on the site as they stood: {said}" if left else ""


DOING = {"draft": _draft, "publish": _publish, "retract": _retract, "announce": _announce}


def _tell_staff(request: Request, error: DigestError, settings: Settings) -> None:
    """Tell staff, beside their files, why there is no draft."""
    if not request.folder:
        return
    folder = Path(request.folder)
    if isinstance(error, NotSettled):
        notices.write_status(folder, f"Still being copied: {error.what}", settings)
        return
    notices.write_problem(folder, error, settings)
    notices.write_status(folder, f"Something is wrong: see {notices.PROBLEM}.", settings)
