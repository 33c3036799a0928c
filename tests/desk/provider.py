"""A small OpenID provider on loopback: it checks the client and PKCE, and signs ID tokens. Tests may let it lie."""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from webauthn.helpers import bytes_to_base64url as base64url

CLIENT, SECRET = "desk", "hunter2"

Claims = dict[str, Any]


class Provider:
    """Everybody who comes is `person`; `lie` changes the claims, `sign` the signature."""

    def __init__(self) -> None:
        self.person: Claims = {"sub": "u-1", "email": "ana@example.org", "email_verified": True}
        self.issuer, self.key = "", RSAKey.generate_key(2048, {"kid": "one"})
        self.lie: Callable[[Claims], Claims] = lambda claims: claims
        self.sign: Callable[[Claims], str] = self.rs256
        self.said: Claims = {}
        self._asked: dict[str, dict[str, str]] = {}  # of a code

    def rs256(self, claims: Claims) -> str:
        """Sign as one should."""
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)

    def by_another(self, claims: Claims) -> str:
        """Sign with a key of which the provider knows nothing."""
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048))

    def by_public_key(self, claims: Claims) -> str:
        """Sign with what everybody knows, as if it were a shared secret."""
        known = OctKey.import_key(self.key.as_pem(private=False))
        return jwt.encode({"alg": "HS256", "kid": "one"}, claims, known, algorithms=["HS256"])

    def by_nobody(self, claims: Claims) -> str:
        """Sign not at all."""
        body = self.rs256(claims).split(".")[1]
        head = base64url(b'{"alg":"none","kid":"one"}')
        return f"{head}.{body}."

    def app(self) -> Starlette:
        """Return the provider."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._describe),
                Route("/jwks", self._keys),
                Route("/authorize", self._authorize),
                Route("/token", self._exchange, methods=["POST"]),
            ]
        )

    def _describe(self, _: Request) -> Response:
        described = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
        }
        return JSONResponse(described | self.said)

    def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        code = secrets.token_urlsafe()
        self._asked[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}", 302)

    async def _exchange(self, request: Request) -> Response:
        form = await request.form()
        asked = self._asked.pop(str(form.get("code")), {})
        verifier = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        basic = request.headers.get("authorization", "")
        is_theirs = asked.get("redirect_uri") == form.get("redirect_uri") and basic.startswith("Basic ")
        if not is_theirs or (asked["code_challenge_method"], asked["code_challenge"]) != ("S256", base64url(verifier)):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        signed = self.sign(self.lie(claims | self.person))
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": signed})


@contextmanager
def providing() -> Iterator[Provider]:
    """Yield a provider that is served on this machine."""
    provider = Provider()
    server = uvicorn.Server(uvicorn.Config(provider.app(), host="127.0.0.1", port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield provider
    server.should_exit = True
    thread.join(5)
