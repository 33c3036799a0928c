"""A desk for several people behind https: a clock that tests set, people who come in by passkey."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from httpx import Response
from starlette.testclient import TestClient

from digest.desk import app
from digest.desk.people import People, Role
from digest.settings import DeskSettings, Settings
from tests.desk.authenticator import Authenticator

DESK = "https://desk.example.org"
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC).timestamp()


@dataclass
class Clock:
    """The time, as the desk has it."""

    seconds: float = NOON

    def __call__(self) -> float:
        """Return the time."""
        return self.seconds

    @property
    def now(self) -> datetime:
        """Return the time as people write it."""
        return datetime.fromtimestamp(self.seconds, UTC)


@dataclass
class Accounts:
    """A desk with accounts; `passkeys` are those of the people who made one."""

    settings: Settings
    clock: Clock = field(default_factory=Clock)
    passkeys: dict[str, Authenticator] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.app = app(self.settings, now=self.clock)
        self.people = People(self.settings)

    def browser(self) -> TestClient:
        """Return a browser in which nobody has logged in."""
        return TestClient(self.app, base_url=self.settings.desk.origin, follow_redirects=False)

    def invite(self, name: str, role: Role) -> str:
        """Invite somebody and return the token of the link."""
        return self.people.invite(name, role, None, self.clock.now)

    def enrol(self, name: str, role: Role = "editor") -> TestClient:
        """Return the browser of somebody who was invited and made a passkey."""
        self.passkeys[name] = a_passkey(self.settings.desk.origin)
        browser, token = self.browser(), self.invite(name, role)
        made = self.passkeys[name].make(browser.post(f"/invitation/options?token={token}").json())
        assert browser.post(f"/invitation?token={token}", json=made).status_code == 200
        return browser

    def log_in(self, name: str, browser: TestClient) -> Response:
        """Log in with somebody's passkey."""
        options = browser.post("/login/options").json()
        answer: Response = browser.post("/login", json=self.passkeys[name].sign(options))
        return answer


def a_passkey(origin: str = DESK) -> Authenticator:
    """Return a new passkey for a desk."""
    return Authenticator(origin, urlsplit(origin).hostname or "")


def several(settings: Settings, **desk: object) -> Settings:
    """Return the settings with a desk for several people, by passkeys unless told otherwise."""
    shown = {"login": "passkeys", "address": DESK} | desk
    return settings.model_copy(update={"desk": DeskSettings.model_validate(shown)})


def proof(browser: TestClient) -> str:
    """Return what forms of this browser carry."""
    return str(browser.get("/session").json()["proof"])
