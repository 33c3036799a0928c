"""Zoom's webhook: a signed request in, a line that a recording was offered out; whatever else it says is not believed.

Signatures are as Zoom signs: HMAC-SHA256, in hex, of `v0:`, timestamp and body, with the webhook's secret token.
"""

import contextlib
import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from digest.fetching.journal import Journal
from digest.fetching.sources import secret_of
from digest.settings import ZOOM_WEBHOOK_SECRET, Settings, zoom_webhook_secret
from digest.store.deliveries import is_first

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=5)  # an older signature, or one from the future, is refused
MAX_BYTES = 1 << 20  # of a request; Zoom's have some thousand


def receive(headers: Mapping[str, str], body: bytes, settings: Settings, now: datetime) -> tuple[int, bytes]:
    """Return the status and the body that a request is answered with: 401 unsigned, 409 sent again, 204 taken.

    Raises NotAllowed where the secret is not set.
    """
    key = secret_of(zoom_webhook_secret(), ZOOM_WEBHOOK_SECRET).encode()
    said, signed = headers.get("x-zm-request-timestamp", ""), headers.get("x-zm-signature", "")
    own = f"v0={hmac.new(key, f'v0:{said}:'.encode() + body, hashlib.sha256).hexdigest()}"
    if not hmac.compare_digest(own.encode(), signed.encode()):
        return 401, b""
    if not said.isdigit() or abs(now - datetime.fromtimestamp(int(said), UTC)) > WINDOW:
        return 401, b""
    event = _parse(body)
    if event.get("event") == "endpoint.url_validation":  # Zoom asks whether we have the secret: no replay harms
        plain = str(event.get("payload", {}).get("plainToken", ""))
        answer = {"plainToken": plain, "encryptedToken": hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()}
        return 200, json.dumps(answer).encode()
    if not is_first(signed, now, settings, kept=2 * WINDOW):
        return 409, b""
    meeting = event.get("payload", {}).get("object", {}).get("uuid")
    if event.get("event") == "recording.completed" and isinstance(meeting, str) and meeting:
        Journal(settings).note("offered", "zoom", meeting)
    return 204, b""


@contextlib.contextmanager
def listening(settings: Settings) -> Iterator[None]:
    """Listen on loopback while the block runs, where [zoom] port says so. Raises NotAllowed without a secret."""
    if not settings.zoom.port:
        yield
        return
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    secret_of(zoom_webhook_secret(), ZOOM_WEBHOOK_SECRET)

    async def zoom(request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BYTES:
                return Response(status_code=413)
        status, answer = receive(request.headers, body, settings, datetime.now(UTC))
        if status != 204:  # noqa: PLR2004
            log.info("A webhook from %s was answered %s", request.client.host if request.client else "nobody", status)
        return Response(answer, status, media_type="application/json" if answer else None)

    app = Starlette(routes=[Route("/zoom", zoom, methods=["POST"])])
    config = uvicorn.Config(app, "127.0.0.1", settings.zoom.port, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _parse(body: bytes) -> dict[str, Any]:
    """Return what a body says; nothing where it is no object."""
    with contextlib.suppress(ValueError):
        said = json.loads(body)
        if isinstance(said, dict) and isinstance(said.get("payload", {}), dict):
            return said
    return {}
