"""One person on this machine: the link that `digest review` prints opens the desk once, and asks for a name."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from digest.desk.logins.login import Login
from digest.desk.people import MAX_NAME, User

SPENT = ("This link was used before.", "Run “digest review” again: it prints a new one.", 403)
STRANGER = (
    "You are not signed in at this desk.",
    "Run “digest review” and open the link that it prints: each link opens the desk once.",
    403,
)


@dataclass
class LinkLogin(Login):
    """The token opens one session and is dead then."""

    token: str | None = None

    kind = "link"

    def routes(self) -> Sequence[Route]:
        """Return the way in; there is no way out but Ctrl+C, since the link is spent."""
        return (
            Route("/enter", self.enter, methods=["GET"]),
            Route("/enter", self.open_session, methods=["POST"]),
            Route("/session", self.renewed_proof, methods=["GET"]),
        )

    def stranger(self, request: Request, typed: str = "") -> Response:  # noqa: ARG002
        """Return a page that says where the link comes from."""
        return self.answers.refuse(*STRANGER)

    def enter(self, request: Request) -> Response:
        """Ask for the editor's name; looking at the link does not use it up."""
        token = request.query_params.get("token", "")
        if self.sessions.of(request):
            return RedirectResponse("/", 303)
        if not self._opens(token):
            return self.answers.refuse(*SPENT)
        return self.answers.page("enter", token=token, problem=None, longest_name=MAX_NAME)

    async def open_session(self, request: Request) -> Response:
        """Open a session for the name given, in exchange for the token."""
        form = await request.form()
        token, name = str(form.get("token", "")), " ".join(str(form.get("name", "")).split())
        if not self._opens(token):
            return self.answers.refuse(*SPENT)
        if not name.isprintable() or not 0 < len(name) <= MAX_NAME:
            problem = f"Please give a name of at most {MAX_NAME} characters."
            return self.answers.page("enter", 422, token=token, problem=problem, longest_name=MAX_NAME)
        self.token = None
        return self.let_in(RedirectResponse("/", 303), User(name=name, role="approver", login=name), None)

    def _opens(self, token: str) -> bool:
        return self.token is not None and secrets.compare_digest(token.encode(), self.token.encode())
