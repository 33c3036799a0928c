"""Asking and doing: a dispatcher works off the queue, whoever put a row there.

Drafts, publications and what is fetched are lanes, so that an approval need not wait for a transcription. One
dispatcher a lane is at work, whoever started it; another waits until it has ended. What fails for a reason that may
pass waits its time in the queue, so that the next one is begun meanwhile.
"""

import contextlib
import logging
import os
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

from digest import editing, intake, notices
from digest.editing import approval_in_force
from digest.editing.decisions import is_out
from digest.errors import Busy, DigestError, Held, MissingTool, NotSettled, Overloaded
from digest.pipeline import find_current
from digest.settings import Settings, WorkSettings
from digest.store.leases import Leases, showing_life
from digest.store.pause import pause_in_force
from digest.store.queue import Kind, Queue, Request
from digest.store.workspace import Workspace
from flows.draft import draft
from flows.due import look_after_events
from flows.fetching import fetch
from flows.forecast import address_line, report_to_staff
from flows.host import Host
from flows.pool import KINDS, Pool
from flows.progress import Reporting, reporting_to_nobody
from flows.shell import run_flow, waits_here

log = logging.getLogger(__name__)

Lane = Literal["drafts", "publications", "fetches"]
LANES: dict[Lane, tuple[Kind, ...]] = {
    "drafts": ("draft",),
    "publications": ("publish", "retract", "announce"),
    "fetches": ("fetch",),
}

AFTERWARDS = "After the webinar put the recording and the slides into this folder."
POLL_SECONDS = 3.0  # between two looks at the queue
LOOK_SECONDS = 20.0  # between two looks at what is due around events: an hour before is not a minute late
BUSY_SECONDS = 10.0  # before a row is tried again whose drop, or site, somebody else was at
MAX_SETBACKS = 5  # tries after the first one, of what may pass
FIRST_WAIT, GROWTH = 60.0, 4  # seconds before the second try, and how much longer each wait is: five hours in all
MAY_PASS = (Overloaded, MissingTool)  # the machine's or its operator's, and nothing of the drop's

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def dispatch(
    lane: Lane,
    settings: Settings,
    ended: threading.Event,
    *,
    host: Host | None = None,
    every: float = POLL_SECONDS,
    now: Clock = utc_now,
) -> None:
    """Work off a lane until `ended` is set, whatever happens; wait while another dispatcher is at it.

    Lanes of one process share what they know of their `host`.
    """
    looked, host = datetime.min.replace(tzinfo=UTC), host or Host()
    if lane == "drafts":
        give_way(settings.work)
    while not ended.is_set():
        try:
            queue = Queue(settings)
            with Leases(settings).hold(lane, busy="Another dispatcher is at work."):
                pool = Pool(settings) if settings.work.pool else None
                queue.resume(*(kind for kind in LANES[lane] if pool is None or kind not in KINDS))
                queue.catch_up()
                while not ended.is_set():
                    if lane == "publications":
                        looked = _look_after_events(settings, looked)
                    if host.is_failing:
                        host.stop(settings, now())
                    if pool:
                        due = partial(_is_due, settings=settings, now=now())
                        pool.hand_out([kind for kind in LANES[lane] if kind in KINDS], queue, due)
                    request = None if host.is_failing else next_due(lane, queue, settings, now())
                    if request:
                        work(request, queue, settings, host=host, now=now)
                    else:
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


def give_way(work: WorkSettings) -> None:
    """Let this thread, and all that it starts, take so much of the machine and no more."""
    own = threading.get_native_id()
    with contextlib.suppress(OSError):  # nobody but root becomes less nice
        os.setpriority(os.PRIO_PROCESS, own, max(os.getpriority(os.PRIO_PROCESS, own), work.niceness))
    if work.threads:
        os.sched_setaffinity(own, sorted(os.sched_getaffinity(own))[: work.threads])
        os.environ.setdefault("OMP_NUM_THREADS", str(work.threads))  # torch reads it when it is first imported


def next_due(lane: Lane, queue: Queue, settings: Settings, now: datetime) -> Request | None:
    """Return the row that is to be begun now, or None."""
    rows = queue.waiting(*(kind for kind in LANES[lane] if not (settings.work.pool and kind in KINDS)))
    return next((row for row in rows if reason_to_wait(row, settings, now) is None), None)


def _is_due(row: Request, *, settings: Settings, now: datetime) -> bool:
    return reason_to_wait(row, settings, now) is None


def reason_to_wait(row: Request, settings: Settings, now: datetime) -> tuple[str, datetime | None] | None:
    """Return why a row is not begun yet, and until when where that is known; None where it is only not its turn."""
    if held := pause_in_force(settings.state):
        return f"paused by {held.by}{f': {held.why}' if held.why else ''}", None
    if row.not_before and row.not_before > now:
        return row.said or "somebody else is at it", row.not_before
    opens = None if row.urgent or row.kind != "draft" else settings.work.opens_at(now.astimezone())
    return (f"drafts are made from {settings.work.hours}", opens) if opens else None


def work_off(request: Request, settings: Settings, *, patience: float = 120.0) -> Request:
    """Work off one row where no dispatcher is running, else wait for it; return the row as it stands then.

    A row that waits for something to pass is not waited for.
    """
    queue, leases = Queue(settings), Leases(settings)
    lane = next(lane for lane, kinds in LANES.items() if request.kind in kinds)
    deadline = time.monotonic() + patience
    while (row := queue.row(request)).state in ("waiting", "running") and time.monotonic() < deadline:
        waits = reason_to_wait(row, settings, utc_now()) if row.state == "waiting" else None
        if waits and (row.said or pause_in_force(settings.state)):
            return row.model_copy(update={"said": f"It waits: {waits[0]} See `digest queue`."})
        try:
            with leases.hold(lane, busy="A dispatcher is at work."):
                queue.resume(*LANES[lane])
                work(row, queue, settings)
        except Busy:
            time.sleep(1)
    return row


def work(request: Request, queue: Queue, settings: Settings, *, host: Host | None = None, now: Clock = utc_now) -> None:
    """Run what a row asks for and write down what became of it: done, failed, or put off; `host` takes note."""
    row = queue.take(request)
    if row is None:
        return
    log.info("%s of %s begins, try %s", row.kind, row.name, row.tries)
    impatient = waits_here.set(False)
    try:
        with showing_life(partial(queue.beat, row)):
            said = DOING[row.kind](row, settings)
        if not queue.finish(row, "done", said):
            log.warning("%s of %s ended here, though it was given up: another run has it", row.kind, row.name)
        if host:
            host.note(None)
    except Busy:
        queue.put_back(row, until=now() + timedelta(seconds=BUSY_SECONDS))
    except Held as error:
        queue.put_back(row, str(error), until=error.until)
    except Exception as error:  # noqa: BLE001 (one row must not stop the others)
        words = error if isinstance(error, DigestError) else notices.keep_trace(error, settings)
        if host:
            host.note(words)
        _put_off_or_fail(row, words, queue, settings, now())
    finally:
        waits_here.reset(impatient)


def seconds_to_wait(setbacks: int, lot: float) -> float:
    """Return how long to wait after so many setbacks; `lot`, 0 to 1, shortens it by up to a half.

    So what failed together is not tried together again (M. Brooker, Exponential backoff and jitter, AWS 2015).
    """
    return float(FIRST_WAIT * GROWTH ** (setbacks - 1)) * (1 - lot / 2)


def _put_off_or_fail(row: Request, error: DigestError, queue: Queue, settings: Settings, now: datetime) -> None:
    cause = type(error).__name__
    if not isinstance(error, MAY_PASS):
        log.info("%s of %s failed: %s", row.kind, row.name, error)
        if queue.finish(row, "failed", str(error), cause=cause):
            _tell_staff(row, error, settings)
    elif row.setbacks < MAX_SETBACKS:
        until = now + timedelta(seconds=seconds_to_wait(row.setbacks + 1, random.random()))  # noqa: S311
        log.info("%s of %s waits until %s: %s", row.kind, row.name, until, error)
        if queue.put_back(row, str(error), until=until, cause=cause) and row.folder:
            again = f"It is tried again by itself at about {until.astimezone():%H:%M}."
            notices.write_status(Path(row.folder), f"Waiting: {error} {again}", settings)
    else:
        log.info("%s of %s is given up: %s", row.kind, row.name, error)
        gave_up = f"It was tried {MAX_SETBACKS + 1} times. When that is mended: digest retry {row.name}"
        if queue.finish(row, "failed", f"{error} {gave_up}", cause=cause):
            _tell_staff(row, error, settings)


def make_draft(folder: Path, settings: Settings, reporting: Reporting = reporting_to_nobody) -> tuple[Workspace, bool]:
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

    workspace = run_flow(draft, f"draft {folder.name}", folder, settings, reporting=reporting)
    with contextlib.suppress(DigestError):  # the desk says what is wrong with it
        desk.prepare(workspace)
    return workspace, True


def is_published(workspace: Workspace, edition: str, settings: Settings) -> bool:
    """Say whether this Edition is the one that was published last and the site still has all of its files."""
    from digest import site

    held = approval_in_force(decisions := workspace.decisions())
    is_known = bool(held and held.edition == edition and is_out(decisions))
    return is_known and site.is_whole(settings.public, workspace.slug)


def digest_page(slug: str, settings: Settings) -> Path:
    """Return where a webinar's digest page lies once it is published."""
    return settings.public / slug / "digest" / "index.html"


def _draft(request: Request, settings: Settings) -> str:
    folder = Path(request.folder or "")
    notices.write_status(folder, f"Being worked on since {datetime.now().astimezone():%H:%M}.", settings)
    workspace, _ = make_draft(folder, settings, partial(report_to_staff, folder, settings))
    notices.clear_problem(folder, settings)
    said = f"The draft “{workspace.slug}” is ready for review."
    notices.write_status(folder, f"{said} {address_line(workspace.slug, settings)}", settings)
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


DOING = {"draft": _draft, "publish": _publish, "retract": _retract, "announce": _announce, "fetch": fetch}


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
