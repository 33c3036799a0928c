"""What happened of late, in the ledger and in the webinars' files, as notices: each is derived anew until it is sent.

So a crash between doing and telling forgets nothing. What is older than three days is not told any more.
"""

import contextlib
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from digest import theme
from digest.editing.decisions import state
from digest.errors import DigestError
from digest.model.consent import SpeakerAnswer
from digest.model.event import Event
from digest.model.notice import Notice, Occasion
from digest.privacy import public_event
from digest.settings import Settings
from digest.store.queue import Queue, Request
from digest.store.workspace import CONSENT, OVERLAY, RUNS, Workspace, workspace_of, workspaces_in

log = logging.getLogger(__name__)

LATELY = timedelta(days=3)
FAILED_FOR = timedelta(minutes=5)  # a drop that was still being copied is asked for anew when it lies still
MORNING = timedelta(hours=8)  # on this machine's clock: reminders are read when people come in
KINDS: Mapping[str, Mapping[str, Occasion]] = {  # of decisions that a row tells of
    "publish": {"approved": "approved", "published": "published"},
    "retract": {"retracted": "retracted"},
}


def due_notices(queue: Queue, settings: Settings, now: datetime) -> Iterator[Notice]:
    """Yield what is to be told, whether or not it was told before; what cannot be read of one webinar is left out."""
    newest = {row.id for row in queue.requests()}
    for row in queue.since(now - LATELY):
        try:
            if row.state == "failed":
                if row.id in newest and row.ended_at and row.ended_at <= now - FAILED_FOR:
                    yield _failure_notice(row, row.ended_at, settings)
            elif row.kind in KINDS:
                yield from _decision_notices(row, settings, now)
            elif row.kind == "draft" and row.state == "done":
                yield from _draft_notices(row, settings)
        except DigestError as error:
            log.warning("Nobody can be told of %s of %s: %s", row.kind, row.name, error)
    yield from _answer_notices(settings, now)


def reminder(settings: Settings, now: datetime) -> Notice | None:
    """Return the list of drafts that nobody touched for long, under one key for as many days as that is; None: none."""
    days, waiting = settings.notify.remind_days, list[tuple[str, str]]()
    for workspace in workspaces_in(settings.workspaces) if days else ():
        touched = [at for name in (RUNS, OVERLAY) if (at := _time_of_change(workspace.root / name))]
        with contextlib.suppress(DigestError):  # a damaged one is told of where it is needed
            is_old = touched and max(touched) < now - timedelta(days=days)
            if is_old and state(workspace.decisions()) == "draft":
                waiting.append((_title(workspace), f"{settings.desk.origin}/drafts/{workspace.slug}/"))
    if not waiting:
        return None
    period = (now.astimezone() - MORNING).date().toordinal() // ceil(days)
    values = {"waiting": waiting, "days": days, "address": f"{settings.desk.origin}/"}
    return write("reminder", f"reminder {period}", "drafts", now, settings, **values)


def write(occasion: Occasion, key: str, about: str, at: datetime, settings: Settings, **values: Any) -> Notice:
    """Return a notice, its words from the template of mails: the first line is the subject."""
    given = {"title": about, "address": None, "by": None, **values}
    template = theme.environment(settings).get_template("mail/notice.txt")
    text = template.render(occasion=occasion, organisation=settings.organisation, **given).strip()
    subject, _, body = text.partition("\n")
    return Notice(
        key=key,
        occasion=occasion,
        at=at,
        about=about,
        subject=" ".join(subject.split()),
        text=body.strip(),
        by=given["by"],
        address=given["address"],
    )


def _draft_notices(row: Request, settings: Settings) -> Iterator[Notice]:
    """Yield that a draft is ready, where this row made one: what was current before is nothing new."""
    workspace = workspace_of(row.folder or "", settings.workspaces)
    made = _time_of_change(workspace.root / RUNS) if workspace else None
    if workspace and made and made >= row.asked_at:
        desk = f"{settings.desk.origin}/drafts/{workspace.slug}/"
        at, title = row.ended_at or made, _title(workspace)
        yield write("drafted", f"drafted {row.id}", workspace.slug, at, settings, title=title, address=desk)


def _decision_notices(row: Request, settings: Settings, now: datetime) -> Iterator[Notice]:
    """Yield what was decided of a webinar, and that it is done; by the files' own times, which outlive the ledger."""
    workspace, base = Workspace(settings.workspaces / (row.slug or "")), settings.organisation.base_url.rstrip("/")
    for one in workspace.decisions():
        if one.edition == row.edition and one.at > now - LATELY and one.kind in KINDS[row.kind]:
            is_out = one.kind == "published" and base
            values = {"by": one.by, "address": f"{base}/{workspace.slug}/digest/" if is_out else None}
            key, title = f"{one.kind} {workspace.slug} {one.number}", _title(workspace)
            yield write(KINDS[row.kind][one.kind], key, workspace.slug, one.at, settings, title=title, **values)


def _answer_notices(settings: Settings, now: datetime) -> Iterator[Notice]:
    """Yield which speakers have answered of late: once a day each, however much they wrote."""
    for path in sorted(settings.workspaces.glob(f"[!.]*/{CONSENT}")):
        workspace, changed = Workspace(path.parent), _time_of_change(path)
        if changed is None or changed < now - LATELY:
            continue
        try:
            for one in workspace.consent():
                if isinstance(one.said, SpeakerAnswer) and one.at > now - LATELY:
                    desk = f"{settings.desk.origin}/drafts/{workspace.slug}/speakers"
                    values = {"title": _title(workspace), "by": one.by, "address": desk}
                    key = f"answered {workspace.slug} {one.at.date()} {one.by}"
                    yield write("answered", key, workspace.slug, one.at, settings, **values)
        except DigestError as error:
            log.warning("Nobody can be told of answers about %s: %s", workspace.slug, error)


def _failure_notice(row: Request, at: datetime, settings: Settings) -> Notice:
    return write("failed", f"failed {row.id}", row.name, at, settings, said=row.said or "")


def _title(workspace: Workspace) -> str:
    event = workspace.of_last_run(Event)
    return public_event(event).title if event else workspace.slug


def _time_of_change(path: Path) -> datetime | None:
    with contextlib.suppress(OSError):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return None
