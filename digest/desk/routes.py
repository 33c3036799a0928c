"""The desk's pages; a form answers by leading back to where the editor was."""

import gc
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from mimetypes import guess_type

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from digest import notices, theme
from digest.desk import metrics
from digest.desk.access import OF_SPEAKERS, Guard, is_for_speakers, with_door
from digest.desk.announcing import AnnouncementDesk
from digest.desk.answers import Answers, sound
from digest.desk.exposure import check
from digest.desk.forms import ACTS, FIELDS, MAX_DIGITS, Sent, SentFile, refusal
from digest.desk.logins import LinkLogin, Login, is_in_place, login_class, session_of
from digest.desk.overview import entries, outcome, picture
from digest.desk.pages import PAGES, AskedPage, threads_at
from digest.desk.people import People
from digest.desk.presence import Presence
from digest.desk.sessions import Session, Sessions
from digest.desk.speaker import SpeakerPages
from digest.editing import Draft, open_draft
from digest.editing.comments import assignee, holding_up
from digest.editing.consent import missing_answers, unweighed_answers
from digest.errors import Busy, DigestError, NotAllowed, Stale
from digest.intake.slugs import slugify
from digest.media import clips
from digest.model.artifact import Span, StoredFile
from digest.model.comments import CommentLine
from digest.model.media import WebCopy
from digest.model.public import Publication, PublicEdition
from digest.privacy import public_edition
from digest.settings import Settings
from digest.site import digest_page
from digest.store.queue import Queue
from digest.store.workspace import Workspace

log = logging.getLogger(__name__)

MAX_FIND = 80  # characters of what is looked for in the list


def app(settings: Settings, *, token: str | None = None, now: Callable[[], float] = time.time) -> Starlette:
    """Return the desk. Where nobody logs in, `token` opens one session, at /enter?token=…, and is dead then.

    Raises NotAllowed where others could reach it and nobody logs in.
    """
    check(settings.desk)
    people, kind = People(settings), login_class(settings.desk.login)
    sessions = Sessions(settings.desk, None if kind is LinkLogin else people, now)
    login = kind(settings, Answers(settings), sessions, people)
    if isinstance(login, LinkLogin):
        login.token = token
    desk = Desk(settings, login)
    gc.freeze()  # all that is loaded stays; else each draft's words have it searched for garbage again and again
    draft = "/drafts/{slug}"
    routes = [
        *login.routes(),
        Route("/", desk.queue),
        Route("/metrics", desk.metrics),
        Route("/again", desk.try_again, methods=["POST"]),
        *AnnouncementDesk(settings, login.answers).routes(),
        *SpeakerPages(login).routes(),
        Route("/static/{name}", desk.static),
        Route(f"{draft}/", desk.draft),
        Route(f"{draft}/picture", desk.picture),
        Route(f"{draft}/clip", desk.clip),
        Route(f"{draft}/files/{{sha256}}", desk.file),
        Route(f"{draft}/preview/", desk.preview),
        Route(f"{draft}/publication", desk.publication),
        Route(f"{draft}/here", desk.who_is_here),
        Route(f"{draft}/retract", desk.retraction, methods=["GET"]),
        Route(f"{draft}/{{page}}", desk.draft, methods=["GET"]),
        Route(f"{draft}/{{act}}", desk.act_on_form, methods=["POST"]),
    ]
    return Starlette(
        routes=[with_door(route, login) for route in routes],
        middleware=[Middleware(Guard, login=login, unforeseen=desk.unforeseen)],
        exception_handlers={DigestError: desk.show_error, HTTPException: desk.unknown},
    )


class Desk:
    """What the pages share: settings, templates, the way in and the queue."""

    def __init__(self, settings: Settings, login: Login) -> None:
        self._settings, self._login, self._answers = settings, login, login.answers
        self._queue, self._presence = Queue(settings), Presence(login.sessions.now)

    def metrics(self, _: Request) -> Response:
        """Answer with figures for a monitoring program: numbers alone, of no webinar by name."""
        return Response(metrics.write(self._settings, self._queue), media_type=metrics.CONTENT_TYPE)

    def static(self, request: Request) -> Response:
        """Answer with a style sheet, script or drawing of the theme, found where its templates are."""
        path = theme.static_file(self._settings, request.path_params["name"])
        if path is None:
            raise HTTPException(404)
        return FileResponse(path)

    def queue(self, request: Request) -> Response:
        """Show all drafts."""
        session, find = session_of(request), request.query_params.get("find", "")[:MAX_FIND]
        listed = entries(self._settings, self._queue, find)
        out, to_do = ([one for one in listed if one.is_out == is_out] for is_out in (True, False))
        lists, now = (("To be done", to_do), ("Out", out)), datetime.now(UTC)
        return self._answers.page(
            "queue", session=session, said=session.take_message(), lists=lists, find=find, now=now
        )

    async def try_again(self, request: Request) -> Response:
        """Let a drop be tried at once that failed, or waits for something to pass, and lead back to the list."""
        form, session = await request.form(), session_of(request)
        row = str(form.get("row", ""))
        is_row = row.isdecimal() and len(row) < MAX_DIGITS
        is_asked = is_row and await run_in_threadpool(self._try_again, int(row), session.name)
        session.said = "content", "It is tried again now." if is_asked else "It no longer waits."
        return RedirectResponse("/", 303)

    def _try_again(self, row: int, by: str) -> bool:
        return self._queue.hasten(row) or self._queue.ask_again(row, by=by)

    def picture(self, request: Request) -> Response:
        """Answer with what stands for a webinar in the list."""
        workspace = self._find(request)
        found = picture(workspace)
        if found is None:
            raise HTTPException(404)
        return FileResponse(workspace.find(found), media_type=guess_type(found.path, strict=False)[0])

    def draft(self, request: Request) -> Response:
        """Show a page of a draft: its account, its transcript, its slides, what was changed."""
        page = request.path_params.get("page", "")
        if page not in PAGES:
            raise HTTPException(404)
        workspace, draft = self._open(request)
        return self._draft_page(workspace, draft, session_of(request), page, request.query_params)

    def clip(self, request: Request) -> Response:
        """Answer with the sound of some seconds."""
        workspace, draft = self._open(request)
        try:
            start, end = (float(request.query_params[name]) for name in ("start", "end"))
            clip = clips.cut(workspace.find(draft.artifacts.media.sound), start, end)
        except (KeyError, ValueError, OverflowError) as error:
            raise HTTPException(404) from error
        return sound(request, clip)

    def file(self, request: Request) -> Response:
        """Answer with a file that the Edition names, by its SHA-256, in byte ranges where they are asked for."""
        workspace, draft = self._open(request)
        file = draft.files.get(request.path_params["sha256"])
        if file is None:
            raise HTTPException(404)
        # What a re-run moved to kept/ is named by its hash alone, so the type comes from the name it had.
        kind = file.mime if isinstance(file, WebCopy) else guess_type(file.path, strict=False)[0]
        return FileResponse(workspace.find(file), media_type=kind)

    def preview(self, request: Request) -> Response:
        """Show the digest page as readers will see it."""
        workspace, draft = self._open(request)
        by, now = session_of(request).name, datetime.now(UTC)
        publication = Publication(
            edition=_heard_whole(
                public_edition(draft.edition, muted=draft.edition.web, voiced=draft.artifacts.transcript.voiced)
            ),
            sha256=draft.edition.sha256(),
            approved_by=by,
            approved_at=now,
            published_at=now,
        )
        page = digest_page.render(publication, self._settings, address=_files(workspace), template="desk/preview.html")
        return HTMLResponse(page)

    def publication(self, request: Request) -> Response:
        """Show, as a fragment, what became of what was decided last."""
        workspace = self._find(request)
        asked = self._queue.last(workspace.slug)
        said = outcome(workspace.slug, workspace.decisions(), asked, self._settings)
        return self._answers.page("_publication", became=said, address=_address(workspace))

    def who_is_here(self, request: Request) -> Response:
        """Show, as a fragment, who else is at the draft, and note who asks."""
        workspace, asked = self._find(request), request.query_params
        page = asked.get("page", "") if asked.get("page", "") in PAGES else ""
        others = self._presence.note(workspace.slug, session_of(request).name, page, asked.get("open", "")[:MAX_FIND])
        return self._answers.page("_others", others=others, address=_address(workspace))

    def retraction(self, request: Request) -> Response:
        """Ask before retracting."""
        workspace, draft = self._open(request)
        session = session_of(request)
        return self._answers.page("retract", session=session, edition=draft.edition, address=_address(workspace))

    async def act_on_form(self, request: Request) -> Response:
        """Do what a form asks and lead back to where it was sent from, or show why not, with what was typed."""
        async with request.form() as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            files = [one for one in form.values() if isinstance(one, UploadFile) and one.filename]
            file = SentFile(files[0].filename or "", files[0].file) if files else None
            return await run_in_threadpool(self._done, request, session_of(request), fields, file)

    def _done(self, request: Request, session: Session, fields: dict[str, str], file: SentFile | None) -> Response:
        act = ACTS.get(request.path_params["act"])
        if act is None:
            raise HTTPException(404)
        workspace, page = self._find(request), fields.get("page", "")
        page = page if page in PAGES else ""
        in_place = is_in_place(request)
        try:
            four_eyes = self._settings.desk.four_eyes
            said = act(Sent(workspace, self._queue, session.name, fields, four_eyes, file))
        except DigestError as error:
            if in_place:
                return JSONResponse(refusal(workspace, error, fields), _status(error))
            _, draft = self._open(request)
            problem, kept = str(error), fields | {"act": request.path_params["act"]}
            return self._draft_page(
                workspace, draft, session, page, fields, status=_status(error), problem=problem, kept=kept
            )
        if in_place:
            return JSONResponse({"revision": len(workspace.overlay().revisions)})
        session.said, part = said, fields.get("part", "")
        query = f"?part={part}" if part.isdecimal() else ""
        return RedirectResponse(f"{_address(workspace)}{page}{query}#{session.said[0]}", 303)

    def show_error(self, request: Request, error: Exception) -> Response:
        """Return the page for an error that has words of its own."""
        if not isinstance(error, DigestError):
            raise error
        if is_for_speakers(request.scope):
            log.error("a speaker’s page cannot be shown: %s", error)
            return self._answers.no_speaker_page(503)
        return self._answers.refuse(str(error).removesuffix(error.remedy), error.remedy, _status(error))

    def unforeseen(self, address: str, error: Exception) -> Response:
        """Return the page for an error that nobody foresaw, after keeping its trace and logging a line."""
        is_of_speaker = address.startswith(OF_SPEAKERS)
        if isinstance(error, DigestError) and not is_of_speaker:  # of who may come in: asked before there is a page
            return self._answers.refuse(error.what, error.remedy, 503)
        words = notices.keep_trace(error, self._settings)
        log.error("%s at %r: %s", type(error).__name__, address, words)
        if is_of_speaker:
            return self._answers.no_speaker_page(500)
        return self._answers.refuse(words.what, f"{words.remedy} What you typed is kept in this browser.", 500)

    def unknown(self, request: Request, error: Exception) -> Response:
        """Return the page for an address that leads nowhere; who has not logged in does not learn that."""
        session, status = (
            request.scope["digest.session"],
            error.status_code if isinstance(error, HTTPException) else 500,
        )
        if is_for_speakers(request.scope):
            return self._answers.no_speaker_page(status)
        if session is None or session.person is None:
            return self._login.stranger(request)
        return self._answers.refuse("There is nothing at this address.", "Go back to the list of drafts.", status)

    def _find(self, request: Request) -> Workspace:
        """Return the workspace of a draft without reading it."""
        slug = request.path_params["slug"]
        workspace = Workspace(self._settings.workspaces / slug)
        if slugify(slug) != slug or not workspace.has_draft():
            raise HTTPException(404)
        return workspace

    def _open(self, request: Request) -> tuple[Workspace, Draft]:
        workspace = self._find(request)
        draft = open_draft(workspace)
        if draft is None:
            raise HTTPException(404)
        return workspace, draft

    def _draft_page(
        self,
        workspace: Workspace,
        draft: Draft,
        session: Session,
        page: str,
        asked: Mapping[str, str],
        *,
        status: int = 200,
        problem: str | None = None,
        kept: dict[str, str] | None = None,
    ) -> Response:
        template, values = PAGES[page]
        lines, opened, consent = workspace.comments(), asked.get("open", ""), workspace.consent()
        return self._answers.page(
            template,
            status,
            **values(AskedPage(workspace, draft, asked, self._settings, self._queue)),
            session=session,
            said=session.take_message(),
            problem=problem,
            kept=FIELDS | (kept or {}),
            page=page,
            opened=opened,
            others=self._presence.note(workspace.slug, session.name, page, opened[:MAX_FIND]),
            threads=threads_at(draft, lines),
            holding_up=holding_up(lines),
            unweighed=unweighed_answers(consent),
            unanswered=missing_answers(consent, draft.edition),
            assignee=assignee(lines),
            people=self._names(draft, lines, session.name),
            address=_address(workspace),
            files=_files(workspace),
            edition=draft.edition,
        )

    def _names(self, draft: Draft, lines: Sequence[CommentLine], own: str) -> list[str]:
        """Return whom something may be assigned to: who may come in, and who has been at the draft."""
        seen = {own, *(one.by for one in draft.overlay.revisions), *(one.by for one in lines)}
        return sorted(seen | self._login.people.accounts().keys())


def _address(workspace: Workspace) -> str:
    return f"/drafts/{workspace.slug}/"


def _files(workspace: Workspace) -> Callable[[StoredFile], str]:
    return lambda file: f"{_address(workspace)}files/{file.sha256}"


def _heard_whole(edition: PublicEdition) -> PublicEdition:
    """Return an Edition whose times are the recording's: an editor hears all of it, also what is cut off."""
    return edition.model_copy(update={"shown": Span(start=0, end=edition.shown.end)})


def _status(error: DigestError) -> int:
    if isinstance(error, Stale):
        return 412  # what the form was made from is no more: both texts stand side by side
    return 409 if isinstance(error, Busy | NotAllowed) else 422
