"""An event announced at the desk: a form in, the event.toml that staff would have written out."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import tomli_w
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from digest import editing, intake
from digest.desk.answers import Answers
from digest.desk.logins import session_of
from digest.desk.overview import day_and_time
from digest.editing.announcing import DecidedAnnouncement, decided_announcement, read_announcement
from digest.errors import DigestError, NotAllowed, UnusableDrop
from digest.intake.event_file import decode
from digest.intake.slugs import slugify
from digest.mail import mail_path
from digest.model.announcement import Announcement
from digest.settings import Settings
from digest.store.queue import Queue
from digest.store.workspace import Workspace
from digest.temporary import temporary_folder
from digest.text.links import is_entrance

FIELDS = ("title", "series", "description", "language", "registration_url", "join_url")  # as event.toml calls them
# Lists of event.toml, one entry a line, its parts between bars.
LINES = {
    "speakers": ("name", "role", "url"),
    "organisers": ("name", "url"),
    "also_of_interest": ("title", "url", "when", "where", "text"),
}
TAKES_BACK: dict[str, Literal["cancelled", "withdrawn"]] = {"cancel": "cancelled", "withdraw": "withdrawn"}
EMPTY = dict.fromkeys((*FIELDS, *LINES, "date", "time", "zone", "minutes", "tags"), "")


class AnnouncementDesk:
    """The pages on which events are announced, changed and called off."""

    def __init__(self, settings: Settings, answers: Answers) -> None:
        self._settings, self._answers, self._queue = settings, answers, Queue(settings)

    def routes(self) -> list[Route]:
        """Return where they lie."""
        event = "/events/{slug}"
        return [
            Route("/announce", self.blank, methods=["GET"]),
            Route("/announce", self.announce, methods=["POST"]),
            Route(f"{event}/", self.show, methods=["GET"]),
            Route(f"{event}/", self.announce, methods=["POST"]),
            Route(f"{event}/take-back", self.take_back, methods=["POST"]),
            Route(f"{event}/mail", self.mail, methods=["GET"]),
        ]

    def blank(self, request: Request) -> Response:
        """Show the empty form."""
        return self._form(request, EMPTY | {"language": self._settings.organisation.language})

    def show(self, request: Request) -> Response:
        """Show an announced event with what can be done about it."""
        workspace, decided, known = self._find(request)
        return self._form(request, form_fields(known, _table_of(workspace, decided)), event=(workspace, decided, known))

    async def announce(self, request: Request) -> Response:
        """Announce what the form says, or show it again with what is wrong."""
        fields = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        return await run_in_threadpool(self._announce, request, fields)

    async def take_back(self, request: Request) -> Response:
        """Say that an event is cancelled, or withdraw its announcement."""
        fields = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        return await run_in_threadpool(self._take_back, request, fields)

    def mail(self, request: Request) -> Response:
        """Answer with the mail to those who registered, for a mail program to open."""
        workspace, decided, _ = self._find(request)
        path = mail_path(workspace, decided.sha256)
        if not path.is_file():
            raise HTTPException(404)
        return FileResponse(path, media_type="message/rfc822", filename=path.name)

    def _announce(self, request: Request, fields: dict[str, str]) -> Response:
        session = session_of(request)
        event = self._find(request) if "slug" in request.path_params else None
        try:
            before = _table_of(event[0], event[1]) | {"slug": event[0].slug} if event else {}
            workspace = self._announce_table(table_from(fields, before), session.name)
        except DigestError as error:
            return self._form(request, EMPTY | fields, event=event, problem=str(error), status=422)
        self._ask(workspace, session.name)
        session.said = "content", "Announced. The event page is being made."
        return RedirectResponse(f"/events/{workspace.slug}/", 303)

    def _announce_table(self, table: dict[str, Any], by: str) -> Workspace:
        with temporary_folder() as place:
            (place / "event.toml").write_text(tomli_w.dumps(table), encoding="utf-8")
            return editing.announce(intake.look(place), self._settings, by=by, at=datetime.now(UTC), written_here=True)

    def _take_back(self, request: Request, fields: dict[str, str]) -> Response:
        session, (workspace, _, _) = session_of(request), self._find(request)
        how = TAKES_BACK.get(fields.get("do", ""))
        if how is None:
            raise HTTPException(404)
        decision = editing.take_back(workspace, how, by=session.name, at=datetime.now(UTC))
        self._ask(workspace, session.name)
        session.said = "content", f"{decision.kind.capitalize()}. The event page is being changed."
        return RedirectResponse(f"/events/{workspace.slug}/", 303)

    def _ask(self, workspace: Workspace, by: str) -> None:
        decided = decided_announcement(workspace.decisions())
        self._queue.ask("announce", slug=workspace.slug, edition=decided.sha256 if decided else None, by=by)

    def _find(self, request: Request) -> tuple[Workspace, DecidedAnnouncement, Announcement]:
        slug = request.path_params["slug"]
        workspace = Workspace(self._settings.workspaces / slug)
        decided = decided_announcement(workspace.decisions()) if slugify(slug) == slug else None
        if decided is None:
            raise HTTPException(404)
        return workspace, decided, read_announcement(workspace, decided.sha256)

    def _form(
        self,
        request: Request,
        typed: Mapping[str, str],
        *,
        event: tuple[Workspace, DecidedAnnouncement, Announcement] | None = None,
        problem: str | None = None,
        status: int = 200,
    ) -> Response:
        session = session_of(request)
        workspace, decided, known = event or (None, None, None)
        asked = self._queue.last(workspace.slug, ("announce",)) if workspace else None
        return self._answers.page(
            "announce",
            status,
            session=session,
            said=session.take_message(),
            problem=problem,
            typed=typed,
            slug=workspace.slug if workspace else None,
            known=known.event if known else None,
            when=day_and_time(known.event) if known else "",
            decided=decided,
            folder=_inbox_folder(known, self._settings) if known else None,
            asked=asked,
            has_mail=bool(workspace and decided and mail_path(workspace, decided.sha256).is_file()),
            zones=sorted(available_timezones()),
        )


def table_from(fields: Mapping[str, str], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event.toml that a form says; what the form has no field for stays as it was `before`.

    Raises UnusableDrop for a time or a length that is none, and an address to register at that leads into the meeting.
    """
    said: dict[str, Any] = {name: fields.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    if is_entrance(said["registration_url"]):
        raise UnusableDrop(
            "The address for registration leads into the meeting itself, and would be on no page.",
            remedy="Give the page with the form, and put this one into “Link to join”.",
        )
    said["tags"] = [tag.strip() for tag in fields.get("tags", "").split(",") if tag.strip()]
    for name, parts in LINES.items():
        lines = filter(str.strip, fields.get(name, "").splitlines())
        said[name] = [_entry_of(line, parts) for line in lines]
    said |= _times_from(fields)
    kept = {name: value for name, value in before.items() if name not in said}
    return kept | {name: value for name, value in said.items() if value not in ("", None, [])}


def form_fields(known: Announcement, table: Mapping[str, Any]) -> dict[str, str]:
    """Return what a form shows of an announcement and the event.toml that it was made from."""
    event = known.event
    starts = event.starts_at.astimezone(ZoneInfo(event.timezone))
    shown = {name: str(table.get(name, "")) for name in FIELDS}
    for name, parts in LINES.items():
        shown[name] = "\n".join(_line_of(entry, parts) for entry in table.get(name, ()))
    return shown | {
        "tags": ", ".join(event.tags),
        "date": f"{starts:%Y-%m-%d}",
        "time": f"{starts:%H:%M}",
        "zone": event.timezone,
        "minutes": str(event.minutes or ""),
    }


def _inbox_folder(known: Announcement, settings: Settings) -> str | None:
    """Return the name of the folder in the inbox from which an event was announced, None where it lay elsewhere."""
    folder = Path(known.folder) if known.folder else None
    return folder.name if folder and folder.is_relative_to(settings.inbox.resolve()) else None


def _times_from(fields: Mapping[str, str]) -> dict[str, Any]:
    try:
        date = datetime.fromisoformat(f"{fields.get('date')}T{fields.get('time')}")
        minutes = int(fields["minutes"]) if fields.get("minutes", "").strip() else None
    except ValueError as error:
        raise UnusableDrop("This is no date, time or length.", remedy="Choose them from the fields.") from error
    return {"date": date, "timezone": fields.get("zone", ""), "minutes": minutes}


def _entry_of(line: str, parts: tuple[str, ...]) -> dict[str, str]:
    written = (part.strip() for part in line.split("|", len(parts) - 1))
    return {name: value for name, value in zip(parts, written, strict=False) if value}


def _line_of(entry: Mapping[str, Any], parts: tuple[str, ...]) -> str:
    written = [" ".join(str(entry.get(name, "")).split()) for name in parts]
    while written and not written[-1]:
        written.pop()
    return " | ".join(written)


def _table_of(workspace: Workspace, decided: DecidedAnnouncement) -> dict[str, Any]:
    """Return what the kept event.toml says. Raises NotAllowed where it is gone."""
    try:
        text, _ = decode((workspace.announcement_folder(decided.sha256) / "event.toml").read_bytes())
        return tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise NotAllowed("The event.toml of this announcement is gone.", remedy="Announce it again.") from error
