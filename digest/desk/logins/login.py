"""What every way to log in has: its routes, the session of a request, and a page for whoever has none."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from digest.desk.answers import Answers
from digest.desk.people import People, User
from digest.desk.sessions import Session, Sessions
from digest.settings import Settings

log = logging.getLogger(__name__)

Words = tuple[str, str, int]  # what happened, what to do, status


@dataclass
class Login:
    """A way to log in; `kind` is its name in the settings."""

    settings: Settings
    answers: Answers
    sessions: Sessions
    people: People

    kind = ""

    @property
    def now(self) -> datetime:
        """Return the time by the sessions' clock."""
        return datetime.fromtimestamp(self.sessions.now(), UTC)

    def routes(self) -> Sequence[Route]:
        """Return the pages on the way in, and the way out."""
        return (
            Route("/login", self.show, methods=["GET"]),
            Route("/session", self.renewed_proof, methods=["GET"]),
            Route("/session/renewed", self.show_renewal, methods=["GET"]),
            Route("/logout", self.log_out, methods=["POST"]),
        )

    def refusal(self, request: Request) -> Words | None:  # noqa: ARG002
        """Return why a request is refused before anything else is asked, or None."""
        return None

    def session(self, request: Request) -> Session | None:
        """Return the session that a request belongs to, also one of somebody who is on the way in."""
        return self.sessions.of(request)

    def show(self, request: Request) -> Response:
        """Show how to log in; what is asked for is shown afterwards."""
        return self._page(request, 200)

    def stranger(self, request: Request, typed: str = "") -> Response:
        """Return what somebody gets who has not logged in, or whose session has ended, with what they had typed."""
        if is_in_place(request):
            return JSONResponse({"problem": "Your session has ended."}, 401)
        return self._page(request, 401, typed)

    def renewed_proof(self, request: Request) -> Response:
        """Answer a page that is still open with what its forms need now."""
        session = session_of(request)
        return JSONResponse({"name": session.name, "proof": session.proof})

    def show_renewal(self, request: Request) -> Response:
        """Show that a session was renewed beside a text."""
        return self.answers.page("renewed", session=session_of(request))

    def log_out(self, request: Request) -> Response:
        """End the session."""
        session = session_of(request)
        log.info("%s logged out", session.name)
        self.sessions.end(session)
        answer = RedirectResponse("/login", 303)
        self.sessions.take_back(answer)
        return answer

    def let_in(self, answer: Response, person: User, before: Session | None) -> Response:
        """Begin a session of a person, end the one on the way in, and return the answer with the new cookie."""
        if before:
            self.sessions.end(before)
        log.info("%s logged in (%s)", person.name, self.kind)
        self.sessions.hand_over(answer, self.sessions.begin(person))
        return answer

    def _page(self, request: Request, status: int, typed: str = "") -> Response:
        return self.answers.page("login", status, kind=self.kind, next=next_of(request), typed=typed)


def session_of(request: Request) -> Session:
    """Return the session of somebody who has logged in, as the Guard found it."""
    session: Session = request.scope["digest.session"]
    return session


def is_in_place(request: Request) -> bool:
    """Return whether a script asks, which keeps what was typed, and not the browser itself."""
    return request.headers.get("accept") == "application/json"


def next_of(request: Request) -> str:
    """Return the page of the desk that is to be shown after a login: the one asked for in vain, or the list.

    Never an address elsewhere: a login is no way to lead people to another site.
    """
    asked = request.query_params.get("next", "")
    if not request.url.path.startswith("/login"):
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return asked if request.method == "GET" and is_own_path(asked) else "/"


def is_own_path(path: str) -> bool:
    """Return whether a browser takes this for a path of the desk, and no other site."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isascii() and path.isprintable()
