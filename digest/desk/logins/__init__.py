"""The ways to log in, one a module: a link for one person, passkeys, a provider, a proxy."""

from digest.desk.logins.link import LinkLogin
from digest.desk.logins.login import Login, Words, is_in_place, session_of

__all__ = ["LinkLogin", "Login", "Words", "is_in_place", "login_class", "session_of"]


def login_class(kind: str) -> type[Login]:
    """Return the way to log in of this name; the protocols' libraries, half a second each, come along where needed."""
    match kind:
        case "passkeys":
            from digest.desk.logins.passkeys import PasskeyLogin

            return PasskeyLogin
        case "oidc":
            from digest.desk.logins.oidc import OidcLogin

            return OidcLogin
        case "proxy":
            from digest.desk.logins.proxy import ProxyLogin

            return ProxyLogin
        case _:
            return LinkLogin
