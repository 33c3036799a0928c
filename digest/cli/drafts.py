"""The verbs of whoever makes drafts: run, check, status."""

import contextlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from digest.cli.parameters import PLAIN, Common
from digest.cli.words import FAILED, print_json, print_table, say, say_wrong, status_of
from digest.errors import DigestError, NotAllowed, count_noun
from digest.store.workspace import Workspace, workspaces_in
from digest.text.clock import minutes_and_seconds

if TYPE_CHECKING:
    from digest.check import Report


def run(
    drop: Annotated[Path, Parameter(help="A folder with a recording and whatever belongs to it.")],
    /,
    *more: Annotated[Path, Parameter(help="More such folders.")],
    common: Common = PLAIN,
) -> int:
    """Make the draft of one or more drops; only what is not current is made, and nothing is published."""
    from flows.dispatch import make_draft

    settings = common.settings()
    drafts, codes = list[dict[str, object]](), list[int]()
    if (llm := settings.llm).url and not common.json:
        say(f"Drafts are worded by {llm.model} at {llm.host}, each for at most {llm.max_in_words}.")

    def draft_one(folder: Path) -> None:
        drafts.append(_describe_draft(*make_draft(folder, settings)))
        if not common.json:
            _say_draft(drafts[-1])

    for folder in (drop, *more):  # one that fails does not stop the next
        codes.append(status_of(partial(draft_one, folder)))
    if common.json:
        print_json(drafts)
    return max(codes)


def check(
    drop: Annotated[Path, Parameter(help="A folder as `digest run` takes it.")], /, *, common: Common = PLAIN
) -> int:
    """Say what would come of a drop: what is used, ignored, missing or wrong. Nothing is transcribed or changed."""
    from digest.check import check as check_drop

    report = check_drop(drop, common.settings())
    if common.json:
        print_json(report.model_dump(mode="json"))
    else:
        say("\n".join(_report_lines(report)))
    return FAILED if report.wrong else 0


def status(*, common: Common = PLAIN) -> None:
    """List all webinars and what has been asked for."""
    from digest.editing import state
    from digest.editing.announcing import announced_event
    from digest.model.event import Event
    from digest.store.queue import Queue

    settings = common.settings()
    queue = Queue(settings)

    def state_of(workspace: Workspace) -> str:
        try:
            standing = announced_event(workspace)[0] if not workspace.has_draft() else None
            return standing or state(workspace.decisions())
        except DigestError as error:
            say_wrong(str(error))
            return "damaged"

    def event_of(workspace: Workspace) -> Event | None:
        with contextlib.suppress(DigestError):
            return workspace.of_last_run(Event) or announced_event(workspace)[1]
        return None

    webinars = [
        {
            "slug": workspace.slug,
            "state": state_of(workspace),
            "title": event.title if (event := event_of(workspace)) else None,
            "starts_at": event.starts_at.isoformat() if event else None,
            "unconfirmed": list(event.guessed) if event else [],
        }
        for workspace in workspaces_in(settings.workspaces)
    ]
    asked_for = [request.model_dump(mode="json") for request in queue.requests() if request.state != "done"]
    if common.json:
        print_json({"webinars": webinars, "queue": asked_for})
        return
    if not webinars and not asked_for:
        say(f"No webinars yet in {settings.workspaces}. Begin with: digest run FOLDER")
    if webinars:
        print_table(
            ("webinar", "state", "title", "when"),
            ([w["slug"], w["state"], w["title"], (w["starts_at"] or "")[:10]] for w in webinars),
        )
    if asked_for:
        asked = ([q["kind"], q["slug"] or Path(q["folder"]).name, q["state"], q["said"]] for q in asked_for)
        print_table(("asked for", "of", "state", "what became of it"), asked)


def _describe_draft(workspace: Workspace, made: bool) -> dict[str, object]:
    """Return what there is to say of a draft."""
    from digest import editing

    draft = editing.read_draft(workspace)
    if draft is None:
        raise NotAllowed("The draft is not complete.", file=workspace.slug, remedy="Run the drop again.")
    edition = draft.edition
    return {
        "slug": workspace.slug,
        "made": made,
        "state": editing.state(workspace.decisions()),
        "edition": edition.sha256(),
        "draft": str(workspace.root / edition.digest.FILE),
        "sentences": sum(1 for _ in edition.digest.sentences()),
        "slides": len(edition.slides),
        "seconds": edition.shown.end - edition.shown.start,
        "unconfirmed": list(edition.event.guessed),
        "unfit": list(edition.unfit),
        "remarks": list(draft.artifacts.remarks()),
    }


def _say_draft(draft: dict[str, Any]) -> None:
    say("The draft is made." if draft["made"] else "Everything is current; nothing had to be made.")
    say(f"\n  draft    {draft['draft']}")
    holds = f"{count_noun(draft['slides'], 'slide')}, {count_noun(draft['sentences'], 'sentence')}"
    say(f"           {minutes_and_seconds(draft['seconds'])}, {holds}")
    say(f"  state    {draft['state']}")
    say(f"  next     digest review\n           or as it stands: digest approve {draft['slug']} --by NAME")
    for remark in draft["remarks"]:
        say(f"  note     {remark}")
    if draft["unconfirmed"]:
        say(f"  note     To be confirmed before approval: {', '.join(draft['unconfirmed'])}.")
    if draft["unfit"]:
        say(f"  note     Corrections that no longer fit (see the desk): {', '.join(map(str, draft['unfit']))}.")


def _report_lines(report: "Report") -> Iterator[str]:
    """Yield the lines of a check."""
    yield report.folder
    for used in report.used:
        yield f"  used     {used.name}: {used.used_as}" + (f" ({used.found})" if used.found else "")
    for ignored in report.ignored:
        yield f"  ignored  {ignored.name}: {ignored.why}"
    for missing in report.missing:
        yield f"  missing  {missing}"
    for remark in report.remarks:
        yield f"  note     {remark}"
    for wrong in report.wrong:
        yield f"  WRONG    {f'{wrong.file}: ' if wrong.file else ''}{wrong.what}\n           {wrong.remedy}"
    yield "Mend what is wrong and check again." if report.wrong else "This drop can be run."
