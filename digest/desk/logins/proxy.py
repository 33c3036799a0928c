"""A proxy in front asks who somebody is, and says so in a header: from named addresses only."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from digest.desk.exposure import is_among
from digest.desk.logins.login import Login, Words
from digest.desk.people import LogIn, User
from digest.desk.sessions import Session

FORGED = ("Only the proxy may say who somebody is.", "Open the desk at its own address.", 403)
PAST_THE_PROXY = ("The desk is reached through its proxy only.", "Open the desk at its own address.", 403)
NAMELESS_PATHS = ("/speaker/", "/static/")  # a speaker's own page, which the proxy may let everybody ask for
NAMELESS = (
    "The proxy did not say who you are.",
    "Whoever looks after the desk compares the proxy's header with desk.proxy_header in digest.toml.",
    403,
)


@dataclass
class ProxyLogin(Login):
    """Every request names its person; a session is begun where there is none, so that forms carry its proof."""

    kind = "proxy"

    def refusal(self, request: Request) -> Words | None:
        """Return why a request is refused: it names somebody and is not from the proxy, or is and names nobody."""
        named = request.headers.getlist(self.settings.desk.proxy_header)
        if not self._is_from_proxy(request):
            return FORGED if named else PAST_THE_PROXY
        if not named and request.url.path.startswith(NAMELESS_PATHS):
            return None
        if len(named) != 1 or not named[0].strip():
            return NAMELESS
        return None

    def session(self, request: Request) -> Session | None:
        """Return the session of whom the proxy names; None where they may not come in, or it names nobody."""
        if self.settings.desk.proxy_header not in request.headers:
            return None
        person, session = self._person(request), self.sessions.of(request)
        if session and session.person == person:
            return session
        if session:
            self.sessions.end(session)
        if person is None:
            return None
        self.people.record(person.name, LogIn(), self.now)
        request.scope["digest.begun"] = begun = self.sessions.begin(person)
        return begun

    def stranger(self, request: Request, typed: str = "") -> Response:  # noqa: ARG002
        """Return a page that says under which name somebody is to be let in."""
        login = request.headers[self.settings.desk.proxy_header].strip()
        return self.answers.refuse(
            f"The proxy knows you as “{login}”, and nobody of this name may come in here.",
            "Ask whoever looks after the desk to let you in under this name (digest people invite).",
            403,
        )

    def _person(self, request: Request) -> User | None:
        account = self.people.by_login(request.headers[self.settings.desk.proxy_header].strip())
        return account.person if account else None

    def _is_from_proxy(self, request: Request) -> bool:
        return is_among(request.client.host if request.client else "", self.settings.desk.proxy_addresses)
