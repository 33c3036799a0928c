"""A language model as an endpoint that answers by a script: real HTTP on loopback, every request kept."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from digest.settings import LlmSettings

# What a careful model may write of the demo, each with the beginnings of the sentences that it rests on.
FACTS = (
    (
        "Hannah Whitcombe said that the guest was Daniel Okafor, director of cybersecurity policy at Halden Systems.",
        ("Our guest is",),
    ),
    (
        "More than thirty states say that they are developing offensive capabilities, Okafor noted.",
        ("More than thirty",),
    ),
    (
        "According to Daniel Okafor, the report of the UN GGE from July 2015 listed eleven voluntary norms.",
        ("The most important", "It lists"),
    ),
    (
        "Okafor argued that states should not attack critical infrastructure, nor a CERT.",
        ("States shouldn't",),
    ),
    ("The recording would be on the website by Friday, Whitcombe said.", ("The recording",)),
    (
        "How can a small state with maybe two diplomats follow these processes and be heard?",
        ("How can a small",),
    ),
    ("Okafor answered that it worked to go through the regional bodies.", ("What works",)),
    (
        "In ASEAN and in the OSCE, Okafor said, a small state had the same voice as a big one.",
        ("In ASEAN and",),
    ),
    ("Who checks the norm that says “do not attack us”?", ("So the norm", "But who checks")),
    (
        "Okafor proposed an independent group of experts from industry and universities who publish the evidence.",
        ("What we've",),
    ),
)

# What it gathers of that for the key points.
GATHERED = {
    "Give the points": (
        (
            "The UN GGE listed eleven voluntary norms in its report from July 2015, according to Okafor.",
            ("According to Daniel Okafor, the report",),
        ),
        ("A small state had the same voice as a big one in ASEAN and in the OSCE, Okafor said.", ("In ASEAN and in",)),
        ("It worked to go through the regional bodies, Okafor answered.", ("Okafor answered that it worked",)),
    ),
}

Reply = tuple[int, dict[str, str], bytes] | None  # status, headers and body; None: the connection is dropped
Script = Callable[[dict[str, Any]], Reply]


@dataclass
class Model:
    """An endpoint that is up: its settings, the requests that came, with their headers, and how many bytes went out."""

    settings: LlmSettings
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    written: int = 0


@contextmanager
def a_model(script: Script, **settings: Any) -> Iterator[Model]:
    """Serve answers by a script as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model.requests.append(request)
            model.headers.append(dict(self.headers))
            reply = script(request)
            if reply is None:
                return
            status, headers, body = reply
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            pause = float(headers.get("Drip", 0))
            with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has gone
                for at in range(0, len(body), 10 if pause else max(1, len(body))):
                    part = body[at : at + 10] if pause else body
                    self.wfile.write(part)
                    model.written += len(part)
                    time.sleep(pause)

        def do_GET(self) -> None:
            body = b'{"object": "list", "data": []}'
            self.send_response(200 if self.path == "/v1/models" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        address = f"http://127.0.0.1:{server.server_port}/v1"
        model = Model(LlmSettings(url=address, model="careful-7b", **settings))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield model
        finally:
            server.shutdown()


def claims(*sentences: tuple[str, Sequence[int]]) -> Reply:
    """Return a completion that holds these sentences, each with the ids it names."""
    return completion(json.dumps({"sentences": [{"text": text, "rests_on": list(ids)} for text, ids in sentences]}))


def completion(content: str | None, tokens: tuple[int, int] = (500, 100)) -> Reply:
    """Return a completion with this very content."""
    answer = {
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]},
    }
    return 200, {"Content-Type": "application/json"}, json.dumps(answer).encode()


def material(request: dict[str, Any]) -> dict[str, Any]:
    """Return what a request gives the model to write from."""
    given: dict[str, Any] = json.loads(request["messages"][1]["content"])
    return given


def task(request: dict[str, Any]) -> str:
    """Return what a request asks for, below the rules."""
    return str(request["messages"][0]["content"]).rpartition("\n")[2]


def careful(request: dict[str, Any]) -> Reply:
    """Answer as a good model does: true sentences, their ids, and only of what it was given."""
    asked, given = task(request), material(request)["said"]
    facts = next((facts for begins, facts in GATHERED.items() if asked.startswith(begins)), FACTS)
    found = list[tuple[str, list[int]]]()
    for text, rests in facts:
        ids = [one["ids"] for begins in rests for one in given if one["text"].startswith(begins)]
        if len(ids) == len(rests) and text.endswith("?") == asked.startswith("Put the question"):
            found.append((text, [at for rests_on in ids for at in rests_on]))
    return claims(*found)
