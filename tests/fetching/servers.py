"""Servers that speak as Zoom, BigBlueButton and file stores do, on loopback, with the faults that users report."""

import contextlib
import hashlib
import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.flows.servers import free_port
from tests.messages.servers import a_certificate

Answer = tuple[int, dict[str, str], bytes]


class Service:
    """A web server of files and answers; `cuts` is after how many bytes each next download breaks off."""

    def __init__(self, scheme: str) -> None:
        self.url = f"{scheme}://127.0.0.1:{free_port()}"
        self.files = dict[str, bytes]()
        self.answers = dict[str, Callable[["Asked"], Answer]]()
        self.may_read: Callable[[Asked], bool] = lambda _: True
        self.cuts, self.asked = list[int](), list[Asked]()


class Asked:
    """A request: its method, path, query, headers and form."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        self.method, self.path, self.query = handler.command, parts.path, parts.query
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = handler.rfile.read(int(self.headers.get("content-length", 0)))
        self.form = {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@contextlib.contextmanager
def a_service(certificates: Path | None = None) -> Iterator[Service]:
    """Yield a web server, with TLS where a folder for its certificate is given."""
    service = Service("https" if certificates else "http")

    class _Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer, or send a file from where it is asked for, or a part of that and no more."""
            asked = Asked(self)
            service.asked.append(asked)
            status, headers, body = _answer(service, asked)
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "HEAD":
                return
            whole = status not in (200, 206) or asked.path not in service.files or not service.cuts
            self.wfile.write(body if whole else body[: service.cuts.pop(0)])
            self.close_connection = self.close_connection or not whole

        do_POST = do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", int(service.url.rpartition(":")[2])), _Handler) as server:
        if certificates:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*a_certificate(certificates))
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield service
        server.shutdown()


def _answer(service: Service, asked: Asked) -> Answer:
    if asked.path in service.answers:
        return service.answers[asked.path](asked)
    content = service.files.get(asked.path)
    if content is None:
        return 404, {"content-type": "text/html"}, b"<h1>Not found</h1>"
    if not service.may_read(asked):
        return 403, {}, b""
    tag = f'"{hashlib.md5(content).hexdigest()}"'  # noqa: S324
    headers = {"etag": tag, "content-type": "application/octet-stream"}
    found = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("range", ""))
    if found and asked.headers.get("if-range") == tag:
        start = int(found[1])
        if start >= len(content):
            return 416, headers, b""
        stretch = {"content-range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
        return 206, headers | stretch, content[start:]
    return 200, headers, content


def as_json(status: int, said: object) -> Answer:
    """Return an answer in JSON."""
    return status, {"content-type": "application/json"}, json.dumps(said).encode()
