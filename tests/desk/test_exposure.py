"""Where the desk refuses to open."""

import pytest

from digest.desk import app
from digest.errors import NotAllowed
from digest.settings import DeskSettings, Settings

HTTPS = {"address": "https://desk.example.org"}
OIDC = {"login": "oidc", "oidc_issuer": "https://login.example.org", "oidc_client": "desk"}
PROXY = {"login": "proxy", "proxy_header": "X-User", "proxy_addresses": ("10.0.0.0/8",)}


@pytest.mark.parametrize(
    ("desk", "words"),
    [
        ({"listen": "0.0.0.0"}, "nobody logs in.*passkeys.*oidc.*proxy"),  # noqa: S104
        ({"listen": "::"}, "nobody logs in"),
        ({"listen": "192.0.2.7"}, "nobody logs in"),
        ({"listen": "desk.example.org"}, "nobody logs in"),
        (HTTPS, "nobody logs in"),
        ({"four_eyes": True}, "Four eyes need people who log in"),
        ({"login": "passkeys", "listen": "0.0.0.0"}, "cross the network"),  # noqa: S104
        ({"login": "passkeys", "listen": "0.0.0.0", "address": "http://desk.example.org"}, "cross the network"),  # noqa: S104
        ({"login": "passkeys", "address": "http://desk.example.org"}, "no address of a desk"),
        ({"login": "passkeys", "address": "https://desk.example.org/desk"}, "no address of a desk"),
        ({"login": "passkeys", "address": "https://192.0.2.7"}, "belongs to a name"),
        (OIDC | {"oidc_issuer": ""}, "which provider"),
        (OIDC | {"oidc_issuer": "http://login.example.org"}, "which provider"),
        (OIDC | {"oidc_client": ""}, "which provider"),
        (PROXY | {"proxy_header": ""}, "which proxy"),
        (PROXY | {"proxy_addresses": ()}, "which proxy"),
        (PROXY | {"proxy_addresses": ("proxy.example.org",)}, "no IP address or network"),
    ],
)
def test_a_desk_that_others_could_reach_is_not_opened(
    settings: Settings, desk: dict[str, object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a login, without TLS, or with half of what a login needs; the words say what to do."""
    monkeypatch.setenv("DIGEST_OIDC_SECRET", "hunter2")
    with pytest.raises(NotAllowed, match=words):
        app(settings.model_copy(update={"desk": DeskSettings.model_validate(desk)}))


@pytest.mark.parametrize(
    "desk",
    [
        {},
        {"listen": "::1"},
        {"login": "passkeys"},
        {"login": "passkeys", "listen": "0.0.0.0", **HTTPS},  # noqa: S104
        OIDC | HTTPS,
        OIDC | {"oidc_issuer": "http://127.0.0.1:9000"},
        PROXY | {"address": "https://192.0.2.7:8443", "four_eyes": True},
    ],
)
def test_a_desk_that_is_safe_to_open_opens(
    settings: Settings, desk: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One person on this machine as ever; several with a login, from elsewhere by TLS."""
    monkeypatch.setenv("DIGEST_OIDC_SECRET", "hunter2")
    app(settings.model_copy(update={"desk": DeskSettings.model_validate(desk)}))


def test_a_desk_without_its_secret_is_not_opened(settings: Settings) -> None:
    """The provider would refuse it at the first login."""
    with pytest.raises(NotAllowed, match="DIGEST_OIDC_SECRET"):
        app(settings.model_copy(update={"desk": DeskSettings.model_validate(OIDC)}))
