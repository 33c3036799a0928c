"""What every request is asked before it is answered: where it comes from, who asks, and what they may."""

import inspect
import logging
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digest.desk.exposure import is_near
from digest.desk.logins import Login, Words, is_in_place, session_of
from digest.desk.rules import anyone, door, monitors, speakers
from digest.editing.speaker_links import find_link

log = logging.getLogger(__name__)

LOOPBACK = r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?"  # a foreign name may lead here too (DNS rebinding)
MAX_POSTED = 1_000_000  # bytes of a form
MAX_BROUGHT = 20_000_000  # bytes of one with a file: what companions may have
FORM_IS_OLD = ("This form is from an earlier visit to the desk.", "Go back, load the page again and repeat it.", 403)
HSTS = "max-age=31536000; includeSubDomains"  # a year: ASVS 5.0, 3.4.1
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    # Not "no-referrer": with it browsers send "Origin: null" with every form, and we could not tell ours from others'.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OF_SPEAKERS = "/speaker/"  # the address is the key: it is told to nobody, and to no log
# With "no-referrer" browsers send "Origin: null" with forms; a speaker's are told from others' by their address.
HEADERS_OF_SPEAKERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


class Guard:
    """Lets through what is asked at the desk's own address by its own pages; a page answers the rest, and errors.

    It stands inside Starlette's own handling of errors, whose bare page would have none of our headers.
    """

    def __init__(
        self,
        app: ASGIApp,
        login: Login,
        unforeseen: Callable[[str, Exception], Response],
    ) -> None:
        self._app, self._login, self._unforeseen = app, login, unforeseen
        desk = login.settings.desk
        here = r"localhost(:\d+)?" if desk.login == "passkeys" else LOOPBACK
        self._hosts = re.compile(re.escape(urlsplit(desk.address).netloc) or here)
        self._scheme = "https" if desk.is_secure else "http"
        self._headers = HEADERS | ({"Strict-Transport-Security": HSTS} if desk.is_secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse, with the headers that every answer carries."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        has_begun = False

        async def with_headers(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers | (HEADERS_OF_SPEAKERS if is_for_speakers(scope) else {}))
                if begun := scope.get("digest.begun"):
                    self._login.sessions.hand_over(cookie := Response(), begun)
                    headers.append("set-cookie", cookie.headers["set-cookie"])
            await send(message)

        try:
            refusal = self._refusal(request := Request(scope))
            if refusal is None:
                is_nobody = _is_for_monitors(request) or is_for_speakers(scope)
                scope["digest.session"] = None if is_nobody else self._login.session(request)
            else:
                log.warning("refused: %s %r from %s", request.method, shown_path(scope), scope.get("client"))
            await (refusal or self._app)(scope, receive, with_headers)
        except Exception as error:
            page = self._unforeseen(shown_path(scope), error)
            if has_begun:  # half an answer is out already
                raise
            await page(scope, receive, with_headers)

    def _refusal(self, request: Request) -> Response | None:
        refuse = self._login.answers.refuse
        if _is_for_monitors(request):
            host, name = request.client.host if request.client else "", request.headers.get("host", "")
            is_known = self._hosts.fullmatch(name) or re.fullmatch(LOOPBACK, name)
            near = is_known and is_near(host, request.headers, self._login.settings.desk)
            return None if near else refuse("Figures are given to this machine alone.", self._remedy, 403)
        if not self._hosts.fullmatch(request.headers.get("host", "")):
            return refuse("The desk does not answer at this address.", self._remedy, 403)
        if words := self._login.refusal(request):
            return refuse(*words)
        if request.method not in ("GET", "HEAD") and not self._is_our_own(request):
            return refuse("This did not come from a page of the desk.", "Go back to the desk and try there.", 403)
        if not _is_small(request):
            return refuse("That is more text than the desk takes at once.", "Go back and shorten it.", 413)
        return None

    @property
    def _remedy(self) -> str:
        desk = self._login.settings.desk
        return "Open the link that “digest review” printed." if desk.login == "link" else f"Open {desk.origin}."

    def _is_our_own(self, request: Request) -> bool:
        """Return whether the browser says that a form was sent from our own page; an old one says nothing."""
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        own = f"{self._scheme}://{request.headers.get('host')}"
        return site in (None, "same-origin") and (origin in (None, own) or _hides_origin(request))


def with_door(route: Route, login: Login) -> Route:
    """Return the route, which asks its door before it answers: who it is, and whether their own page sent the form."""
    endpoint: Callable[[Request], Response | Awaitable[Response]] = route.endpoint

    async def answer(request: Request) -> Response:
        refusal = await _refusal_at_door(request, route.path, login)
        if refusal:
            return refusal
        if inspect.iscoroutinefunction(endpoint):
            answered: Response = await endpoint(request)
            return answered
        return await run_in_threadpool(endpoint, request)  # type: ignore[arg-type]

    methods = [method for method in route.methods or () if method != "HEAD"]
    return Route(route.path, answer, methods=methods, name=route.name)


async def _refusal_at_door(request: Request, path: str, login: Login) -> Response | None:
    found, session = door(request.method, path, request.path_params), request.scope["digest.session"]
    if found is None:
        raise HTTPException(404)
    if found.who in (anyone, monitors):  # of monitors the Guard has asked where they are
        return None
    if found.who is speakers:
        return _refusal_of_link(request, login)
    form = await request.form() if request.method == "POST" else FormData()
    if session is None or session.person is None:
        return login.stranger(request, str(form.get("text", "")))
    if request.method == "POST" and not session.is_proven_by(form.get("proof")):
        return _refuse(request, login, FORM_IS_OLD, 401)
    if not found.who.allows(session.person):
        words = f"This is open to {found.who.words} only.", "Ask one of them, or whoever looks after the desk.", 403
        return _refuse(request, login, words, 403)
    return None


def _refusal_of_link(request: Request, login: Login) -> Response | None:
    """Note which webinar and which speaker a link leads to; a page for one that leads nowhere, whatever the reason."""
    slug, token = (request.path_params[name] for name in ("slug", "token"))
    request.scope["digest.link"] = find_link(login.settings.workspaces, slug, token, login.now)
    if request.scope["digest.link"] is None:
        log.warning("refused: %s %r: the link opens nothing", request.method, shown_path(request.scope))
        return login.answers.no_link()
    return None


def shown_path(scope: Scope) -> str:
    """Return the path of a request as a log may have it: without what opens a speaker's page."""
    return f"{OF_SPEAKERS}…" if is_for_speakers(scope) else str(scope["path"])


def is_for_speakers(scope: Scope) -> bool:
    """Return whether a request is for a speaker's own page: whoever asks is no editor."""
    return str(scope["path"]).startswith(OF_SPEAKERS)


def _hides_origin(request: Request) -> bool:
    return is_for_speakers(request.scope) and request.headers.get("origin") == "null"


def _refuse(request: Request, login: Login, words: Words, status_in_place: int) -> Response:
    log.warning("refused: %s %r by %s: %s", request.method, request.url.path, session_of(request).name, words[0])
    if is_in_place(request):
        return JSONResponse({"problem": " ".join(words[:2])}, status_in_place)
    return login.answers.refuse(*words)


def _is_for_monitors(request: Request) -> bool:
    asked = door(request.method, request.url.path, {})
    return asked is not None and asked.who is monitors


def _is_small(request: Request) -> bool:
    if request.method in ("GET", "HEAD"):
        return True
    length = request.headers.get("content-length", "")
    most = MAX_BROUGHT if request.scope["path"].endswith("/bring") else MAX_POSTED
    return length.isdigit() and int(length) <= most
