"""The verbs of whoever looks after the work: queue, pause, retry, logs."""

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from digest.cli.parameters import PLAIN, By, Common, Slug
from digest.cli.words import print_json, print_table, say
from digest.errors import NotAllowed
from digest.store.workspace import Workspace, workspaces_in

if TYPE_CHECKING:
    from digest.settings import Settings
    from digest.store.queue import Request

Name = Annotated[str, Parameter(help="The webinar's address, or the name of its folder, as `digest queue` lists it.")]


def queue(*, common: Common = PLAIN) -> None:
    """List what waits, why and until when, and what failed."""
    from digest.store.outbox import Outbox
    from digest.store.pause import pause_in_force
    from digest.store.queue import Queue

    settings, now = common.settings(), datetime.now(UTC)
    rows = [row for row in Queue(settings).requests() if row.state != "done"]
    rows.sort(key=lambda row: (row.state != "running", row.state == "failed", not row.urgent, row.id))
    listed = [_describe(row, settings, now) for row in rows]
    held, unsent = pause_in_force(settings.state), [one for one in Outbox(settings).waiting() if one.said]
    if common.json:
        paused = held.model_dump(mode="json") if held else None
        messages = [{"to": one.outlet, "subject": one.notice.subject, "why": one.said} for one in unsent]
        print_json({"paused": paused, "queue": listed, "unsent": messages})
        return
    if held:
        why = f" ({held.why})" if held.why else ""
        say(f"Paused by {held.by} since {held.since.astimezone():%-d %B, %H:%M}{why}. To go on: digest pause --end")
    if unsent:
        say(f"Messages that could not be sent yet: {len(unsent)}. {unsent[-1].said}")
    if not listed:
        say("Nothing waits.")
        return
    heads = ("of", "asked for", "state", "until", "why")
    print_table(heads, ([one["name"], one["kind"], one["state"], one["until"], one["why"]] for one in listed))


def pause(
    *,
    by: By = "the operator",
    why: Annotated[str, Parameter(help="Shown beside what waits.")] = "",
    end: Annotated[bool, Parameter(help="Go on instead.", negative="")] = False,
    common: Common = PLAIN,
) -> None:
    """Begin nothing new on this machine until `digest pause --end`; what runs comes to its end."""
    from digest.store.pause import Pause, end_pause
    from digest.store.pause import pause as begin

    state = common.settings().state
    if end:
        say("It goes on." if end_pause(state) else "Nothing was paused.")
        return
    held = begin(state, Pause(since=datetime.now(UTC), by=by, why=why))
    say(f"Nothing new is begun, by {held.by}'s wish. To go on: digest pause --end")


def retry(name: Name, /, *, common: Common = PLAIN) -> None:
    """Try again what failed or waits for something to pass; a running `digest watch` or `review` takes it up."""
    from digest.store.queue import Queue

    settings = common.settings()
    asked = Queue(settings)
    folders = _folders_of(name, settings)
    rows = [row for row in asked.requests() if row.name == name or row.folder in folders]
    hastened = [row for row in rows if asked.hasten(row.id) or asked.ask_again(row.id, by="the operator")]
    if not hastened:
        raise NotAllowed("Nothing of this failed or waits.", file=name, remedy="`digest queue` lists what does.")
    for row in hastened:
        say(f"{row.kind} of {row.name}: it is tried again.")


def logs(
    slug: Slug,
    /,
    *,
    every: Annotated[bool, Parameter(help="All runs that are kept, not the last alone.", negative="")] = False,
    common: Common = PLAIN,
) -> None:
    """Print what the last run of a webinar logged; as JSON, a line each, with the run and the webinar."""
    from digest.store.runlog import logs_of, read_log

    kept = logs_of(Workspace(common.settings().workspaces / slug))
    if not kept:
        raise NotAllowed("There is no log of this webinar.", file=slug, remedy="`digest status` lists all webinars.")
    for path in kept if every else kept[-1:]:
        say(path.read_text(encoding="utf-8").rstrip() if common.json else "\n".join(read_log(path)))


def _describe(row: "Request", settings: "Settings", now: datetime) -> dict[str, str | None]:
    """Return why a row waits, and until when where that is known."""
    from flows.dispatch import reason_to_wait

    why, until = row.said, None
    if row.state == "waiting":
        why, until = reason_to_wait(row, settings, now) or ("its turn", None)
    when = f"{until.astimezone():%-d %B, %H:%M}" if until else None
    return {"name": row.name, "kind": row.kind, "state": row.state, "until": when, "why": why}


def _folders_of(slug: str, settings: "Settings") -> set[str]:
    """Return the folders that a webinar's draft was made from."""
    known = (workspace for workspace in workspaces_in(settings.workspaces) if workspace.slug == slug)
    return {folder for workspace in known if (folder := _folder_of(workspace))}


def _folder_of(workspace: Workspace) -> str | None:
    with contextlib.suppress(KeyError, IndexError, TypeError):
        return str(workspace.provenance()["take_in"]["settings"][0]["path"])
    return None
