"""Who may come in: a one-time token becomes a session, and every request is looked at before it is answered."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "digest_desk"
LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")  # a foreign name may lead here too (DNS rebinding)
OPEN = ("/enter", "/static/")  # answered without a session: the way in, and what makes it readable
MAX_POSTED = 1_000_000  # bytes of a form
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    # Not "no-referrer": with it browsers send "Origin: null" with every form, and we could not tell ours from others'.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass
class Session:
    """An editor at the desk. `said` is the message to be shown once, and where: an anchor of the page."""

    name: str
    proof: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    said: tuple[str, str] | None = None

    def is_proven_by(self, proof: object) -> bool:
        """Return whether a form carries this session's secret, so that no other site can have made it."""
        return isinstance(proof, str) and secrets.compare_digest(proof.encode(), self.proof.encode())

    def take_message(self) -> tuple[str, str] | None:
        """Return the message with its anchor, and forget it."""
        said, self.said = self.said, None
        return said


class Sessions:
    """The sessions of this run of the desk, in memory only; the token opens one and is dead."""

    def __init__(self, token: str) -> None:
        self._token: str | None = token
        self._of_cookie: dict[str, Session] = {}

    def is_open_to(self, token: str) -> bool:
        """Return whether this token still opens a session."""
        return self._token is not None and secrets.compare_digest(token.encode(), self._token.encode())

    def open(self, token: str, name: str) -> str | None:
        """Return the cookie of a new session, or None where the token opens none."""
        if not self.is_open_to(token):
            return None
        self._token = None
        cookie = secrets.token_urlsafe(32)
        self._of_cookie[cookie] = Session(name)
        return cookie

    def of(self, request: Request) -> Session | None:
        """Return the session that a request belongs to."""
        return self._of_cookie.get(request.cookies.get(COOKIE, ""))


class Guard:
    """Lets through what comes from this machine, our own pages and an editor; a page answers the rest, and errors.

    It stands inside Starlette's own handling of errors, whose bare page would have none of our headers.
    """

    def __init__(
        self,
        app: ASGIApp,
        sessions: Sessions,
        refused: Callable[[str, str, int], Response],
        unforeseen: Callable[[str, Exception], Response],
    ) -> None:
        self._app, self._sessions, self._refused, self._unforeseen = app, sessions, refused, unforeseen

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
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        try:
            await (self._refusal(Request(scope)) or self._app)(scope, receive, with_headers)
        except Exception as error:
            page = self._unforeseen(scope["path"], error)
            if has_begun:  # half an answer is out already
                raise
            await page(scope, receive, with_headers)

    def _refusal(self, request: Request) -> Response | None:
        if not LOOPBACK.fullmatch(request.headers.get("host", "")):
            return self._refused(
                "The desk answers on this machine only.", "Open the link that “digest review” printed.", 403
            )
        if request.method not in ("GET", "HEAD") and not _is_our_own(request):
            return self._refused(
                "This did not come from a page of the desk.", "Go back to the desk and try there.", 403
            )
        if not _is_small(request):
            return self._refused("That is more text than the desk takes at once.", "Go back and shorten it.", 413)
        if not request.scope["path"].startswith(OPEN) and self._sessions.of(request) is None:
            return self._refused(
                "You are not signed in at this desk.",
                "Run “digest review” and open the link that it prints: each link opens the desk once.",
                403,
            )
        return None


def _is_our_own(request: Request) -> bool:
    """Return whether the browser says that a form was sent from our own page; an old one says nothing."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    return site in (None, "same-origin") and origin in (None, f"http://{request.headers.get('host')}")


def _is_small(request: Request) -> bool:
    if request.method in ("GET", "HEAD"):
        return True
    length = request.headers.get("content-length", "")
    return length.isdigit() and int(length) <= MAX_POSTED
