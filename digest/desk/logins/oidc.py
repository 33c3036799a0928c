"""OpenID Connect: a provider says who somebody is. Authlib does the protocol: state, nonce, PKCE, signatures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from httpx import HTTPError
from joserfc.errors import JoseError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from digest.desk.logins.login import Login, log, next_of
from digest.desk.people import LogIn
from digest.settings import oidc_secret

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")  # whatever a provider says: none that is not a signature
FAILED = "The login did not come to an end."


@dataclass
class OidcLogin(Login):
    """The browser goes to the provider and comes back with a code, which the desk exchanges for a signed ID token."""

    kind = "oidc"

    def __post_init__(self) -> None:
        desk = self.settings.desk
        self._client = OAuth().register(
            "desk",
            server_metadata_url=f"{desk.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
            client_id=desk.oidc_client,
            client_secret=oidc_secret(),
            client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
        )

    def routes(self) -> Sequence[Route]:
        """Return the way to the provider and the way back."""
        return (
            *super().routes(),
            Route("/login/oidc", self.leave, methods=["GET"]),
            Route("/login/back", self.come_back, methods=["GET"]),
        )

    async def leave(self, request: Request) -> Response:
        """Lead to the provider, after noting in the session what its answer must fit."""
        session = self.sessions.of(request) or self.sessions.begin(None)
        request.scope["session"] = session.login
        session.login["next"] = next_of(request)
        try:
            await self._prepare()
            answer: Response = await self._client.authorize_redirect(request, f"{self.settings.desk.origin}/login/back")
        except (HTTPError, AuthlibBaseError, ValueError, RuntimeError) as error:
            return self._failure(error)
        self.sessions.hand_over(answer, session)
        return answer

    async def come_back(self, request: Request) -> Response:
        """Begin a session where the provider's signed answer fits what was asked in this browser."""
        session = self.sessions.of(request)
        if session is None:
            return self.answers.refuse(FAILED, "Log in again, in one go and in one browser.", 403)
        request.scope["session"] = session.login
        try:
            await self._prepare()
            token = await self._client.authorize_access_token(request)
        except (HTTPError, AuthlibBaseError, JoseError, ValueError, RuntimeError) as error:
            return self._failure(error)
        claims: dict[str, Any] = token.get("userinfo") or {}
        subject = str(claims.get("sub", ""))
        email = str(claims.get("email", "")) if claims.get("email_verified") is True else ""
        account = self.people.by_login(*filter(None, (subject, email)))
        if account is None or account.subject not in ("", subject):
            return self._not_invited(subject, email)
        await run_in_threadpool(self.people.record, account.person.name, LogIn(subject=subject), self.now)
        return self.let_in(RedirectResponse(session.login.pop("next", "/"), 303), account.person, session)

    async def _prepare(self) -> None:
        """Read what the provider says of itself. Raises ValueError where that is another one's."""
        metadata = await self._client.load_server_metadata()
        if metadata.get("issuer") != self.settings.desk.oidc_issuer:
            raise ValueError(f"the provider calls itself {metadata.get('issuer')!r}")
        said = metadata.get("id_token_signing_alg_values_supported") or ALGORITHMS[:1]
        metadata["id_token_signing_alg_values_supported"] = [one for one in said if one in ALGORITHMS]

    def _failure(self, error: Exception) -> Response:
        log.warning("a login by the provider failed: %s: %s", type(error).__name__, error)
        remedy = f"Try again. If it stays so, tell whoever looks after the desk: {type(error).__name__}."
        return self.answers.refuse(FAILED, remedy, 403)

    def _not_invited(self, subject: str, email: str) -> Response:
        names = " or ".join(f"“{name}”" for name in (subject, email) if name)
        return self.answers.refuse(
            f"You have logged in as {names}, and nobody of this name may come in here.",
            "Ask whoever looks after the desk to let you in under this name (digest people invite).",
            403,
        )
