"""The published site on this machine, as a web server would serve it: with byte ranges, so that seeking works."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digest.site.embedding import EMBED

POLICY = b"default-src 'self'; base-uri 'none'; form-action 'none'"
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"strict-origin-when-cross-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cache-control": b"no-cache",  # somebody is looking at what they have just published
}


def app(public: Path) -> ASGIApp:
    """Return the site as an application; its headers are on every answer, errors too."""
    site = StaticFiles(directory=public, html=True, check_dir=False)
    return _Secured(Starlette(routes=[Mount("/", site)]))


def serve(public: Path, port: int) -> None:
    """Serve the site on loopback until interrupted."""
    import uvicorn

    uvicorn.run(app(public), host="127.0.0.1", port=port, log_level="warning")


class _Secured:
    """Adds the headers that keep foreign code out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                framed = b"" if scope["path"].endswith(f"/digest/{EMBED}") else b"; frame-ancestors 'none'"
                policy = (b"content-security-policy", POLICY + framed)
                message["headers"] = [*message.get("headers", ()), *HEADERS.items(), policy]
            await send(message)

        await self._app(scope, receive, send_secured)
