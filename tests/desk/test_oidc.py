"""Logging in at a provider by OpenID Connect."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from httpx import Response
from starlette.testclient import TestClient

from digest.settings import Settings
from tests.desk.accounts import Accounts, several
from tests.desk.provider import CLIENT, SECRET, Claims, Provider, providing


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """Yield a provider."""
    monkeypatch.setenv("DIGEST_OIDC_SECRET", SECRET)
    with providing() as one:
        yield one


@pytest.fixture
def accounts(settings: Settings, provider: Provider) -> Accounts:
    """Return a desk that trusts the provider, with an editor who may come in."""
    desk = Accounts(several(settings, login="oidc", oidc_issuer=provider.issuer, oidc_client=CLIENT))
    desk.people.invite("Ana Lind", "editor", "ana@example.org", desk.clock.now)
    return desk


def there(browser: TestClient, following: str = "/") -> str:
    """Go to the provider and return where it leads back to."""
    left = browser.get("/login/oidc", params={"next": following})
    assert left.status_code == 302, left.text
    return str(httpx.get(left.headers["location"]).headers["location"])


def log_in(browser: TestClient, following: str = "/") -> Response:
    """Go to the provider and come back."""
    back: Response = browser.get(there(browser, following))
    return back


def test_whom_the_provider_knows_and_the_desk_invited_is_in(accounts: Accounts) -> None:
    """There and back, to the page that was asked for; the desk shows the name that it knows."""
    browser = accounts.browser()
    asked = browser.get("/drafts/x/")

    entered = log_in(browser, "/drafts/x/")

    assert (asked.status_code, entered.status_code, entered.headers["location"]) == (401, 303, "/drafts/x/")
    assert "/login/oidc?next=/drafts/x/" in asked.text
    assert "Ana Lind" in browser.get("/").text


def test_the_provider_is_asked_as_it_should_be(accounts: Accounts) -> None:
    """With a state, a nonce and a challenge of their own each time, and for no more than who somebody is."""
    asked = [parse_qs(urlsplit(accounts.browser().get("/login/oidc").headers["location"]).query) for _ in range(2)]

    for name in ("state", "nonce", "code_challenge"):
        assert len({one[name][0] for one in asked}) == 2
        assert all(len(one[name][0]) >= 20 for one in asked)
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["scope"] == ["openid email"]
    assert asked[0]["redirect_uri"] == ["https://desk.example.org/login/back"]


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1_000_000_000},
        {"sub": None},
        {"email": "eve@example.org"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_lets_nobody_in(accounts: Accounts, provider: Provider, lie: Claims) -> None:
    """For another login, another site, another time, of another provider, or of somebody not known for sure."""
    provider.lie = lambda claims: {name: value for name, value in (claims | lie).items() if value is not None}
    browser = accounts.browser()

    assert log_in(browser).status_code == 403
    assert browser.get("/").status_code == 401


@pytest.mark.parametrize("sign", ["by_another", "by_public_key", "by_nobody"])
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    accounts: Accounts, provider: Provider, sign: str
) -> None:
    """Also where the provider says that it knows weaker ways to sign."""
    provider.sign = getattr(provider, sign)
    browser = accounts.browser()

    assert log_in(browser).status_code == 403
    assert browser.get("/").status_code == 401


def test_an_answer_is_taken_once_and_by_the_browser_that_asked(accounts: Accounts) -> None:
    """Nobody is led into a session that somebody else began, and none is begun twice with one code."""
    mine, other = accounts.browser(), accounts.browser()
    back = there(mine)
    there(other)

    assert accounts.browser().get(back).status_code == 403
    assert other.get(back).status_code == 403
    assert mine.get(back.replace("state=", "state=x")).status_code == 403
    assert log_in(mine).status_code == 303
    assert mine.get(back).status_code == 403


def test_who_is_refused_reads_the_name_to_ask_with(accounts: Accounts, provider: Provider) -> None:
    """Whoever looks after the desk can let them in under it; a subject is a name too."""
    provider.person = {"sub": "u-2", "email": "eve@example.org", "email_verified": True}
    refused = log_in(accounts.browser())
    accounts.people.invite("Eve", "editor", "u-2", accounts.clock.now)

    assert "“u-2” or “eve@example.org”" in refused.text
    assert log_in(accounts.browser()).status_code == 303


def test_an_address_that_became_anothers_lets_nobody_in(accounts: Accounts, provider: Provider) -> None:
    """Whoever came first under it stays who they are; a new invitation lets the other in."""
    first = log_in(accounts.browser())
    provider.person = {"sub": "u-9", "email": "ana@example.org", "email_verified": True}
    second = log_in(accounts.browser())
    accounts.people.invite("Ana Lind", "editor", "ana@example.org", accounts.clock.now)

    assert (first.status_code, second.status_code) == (303, 403)
    assert log_in(accounts.browser()).status_code == 303


@pytest.mark.parametrize("fault", ["gone", "another", "error", "nonsense"])
def test_a_provider_that_fails_is_said_in_words(accounts: Accounts, provider: Provider, fault: str) -> None:
    """Whoever cannot log in reads that it is not their fault, and nothing breaks."""
    browser = accounts.browser()
    if fault == "gone":
        provider.said = {"authorization_endpoint": ""}
    elif fault == "another":
        provider.said = {"issuer": "https://evil.example"}
    else:
        back = there(browser)
        asked = "error=access_denied" if fault == "error" else "code=1&code=2"
        answer = browser.get(f"{back.partition('?')[0]}?{asked}")
    if fault in ("gone", "another"):
        answer = browser.get("/login/oidc")

    assert answer.status_code == 403
    assert "The login did not come to an end." in answer.text
