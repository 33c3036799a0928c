"""Who is at the desk just now: a cookie leads to a session, which ends by itself, by its person, or by a command."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from digest.desk.people import People, User
from digest.settings import DeskSettings

COOKIE = "digest_desk"
LOGIN_SECONDS = 600  # for choosing a passkey, or for a form of the provider's
MAX_STRANGERS = 1000  # who are logging in; the oldest gives way, so that nobody fills the memory


@dataclass
class Session:
    """Somebody at the desk, or on the way in while `person` is None.

    `said` is the message to be shown once, and where: an anchor of the page. `login` is what a login keeps between
    its steps.
    """

    person: User | None
    begun: float
    seen: float
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    proof: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    said: tuple[str, str] | None = None
    login: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return who it is, as it stands beside what they do."""
        return self.person.name if self.person else ""

    @property
    def is_approver(self) -> bool:
        """Return whether they may approve."""
        return self.person is not None and self.person.role == "approver"

    def is_proven_by(self, proof: object) -> bool:
        """Return whether a form carries this session's secret, so that no other site can have made it."""
        return isinstance(proof, str) and secrets.compare_digest(proof.encode(), self.proof.encode())

    def take_message(self) -> tuple[str, str] | None:
        """Return the message with its anchor, and forget it."""
        said, self.said = self.said, None
        return said


class Sessions:
    """The sessions of this run of the desk, in memory only. Without accounts a session lasts as long as the run."""

    def __init__(self, desk: DeskSettings, people: People | None, now: Callable[[], float] = time.time) -> None:
        self._desk, self._people, self.now = desk, people, now
        self._of_cookie: dict[str, Session] = {}
        self._changing = threading.Lock()  # requests are answered by several threads
        # Only https may use the prefix with which a cookie can come from no other host and no other path.
        self._cookie = f"__Host-{COOKIE}" if desk.is_secure else COOKIE
        # A link in a mail, or the provider, leads here from another site: "strict" would ask to log in again. Forms are
        # told from others' by their origin and their proof.
        self._same_site: Literal["strict", "lax"] = "strict" if people is None else "lax"

    def of(self, request: Request) -> Session | None:
        """Return the session that a request belongs to, also one on the way in, or None where it has ended."""
        session = self._of_cookie.get(request.cookies.get(self._cookie, ""))
        if session is None:
            return None
        if not self._is_alive(session):
            self.end(session)
            return None
        if not request.url.path.endswith("/here"):  # a page asks that by itself: nobody is at work by it
            session.seen = self.now()
        return session

    def begin(self, person: User | None) -> Session:
        """Return a new session; what was before a login is never carried on as the session after it."""
        now = self.now()
        session = Session(person, begun=now, seen=now)
        with self._changing:
            self._of_cookie = {cookie: one for cookie, one in self._of_cookie.items() if self._is_alive(one)}
            strangers = [cookie for cookie, one in self._of_cookie.items() if one.person is None]
            for cookie in strangers[: max(0, len(strangers) - MAX_STRANGERS + 1)]:
                del self._of_cookie[cookie]
            self._of_cookie[session.cookie] = session
        return session

    def end(self, session: Session) -> None:
        """Forget a session."""
        with self._changing:
            self._of_cookie.pop(session.cookie, None)

    def hand_over(self, response: Response, session: Session) -> None:
        """Give the browser the cookie of a session."""
        response.set_cookie(
            self._cookie, session.cookie, httponly=True, samesite=self._same_site, secure=self._desk.is_secure
        )

    def take_back(self, response: Response) -> None:
        """Let the browser forget its cookie."""
        response.delete_cookie(self._cookie, httponly=True, samesite=self._same_site, secure=self._desk.is_secure)

    def _is_alive(self, session: Session) -> bool:
        if self._people is None:
            return True
        now = self.now()
        if session.person is None:
            return now < session.begun + LOGIN_SECONDS
        account = self._people.accounts().get(session.person.name)
        if account is None or (account.ended_at and datetime.fromtimestamp(session.begun, UTC) <= account.ended_at):
            return False
        session.person = account.person  # the role may have changed
        is_idle = now >= session.seen + 60 * self._desk.idle_minutes
        return not is_idle and now < session.begun + 3600 * self._desk.session_hours
