"""Figures for a monitoring program: what they say, and who gets them."""

from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from digest import editing
from digest.desk import app
from digest.settings import DeskSettings, Settings
from digest.store.outbox import Outbox
from digest.store.queue import Queue
from digest.store.workspace import Workspace
from tests.desk.accounts import DESK, several
from tests.desk.conftest import HERE
from tests.editing.builders import NOW
from tests.messages.test_mail import NOTICE

PROXY = {"login": "proxy", "proxy_header": "X-User", "proxy_addresses": ("10.0.0.7",), "listen": "0.0.0.0"}  # noqa: S104


def asking(settings: Settings, peer: str, base: str = HERE, **headers: str) -> int:
    """Return the status that a program at this address gets."""
    client = TestClient(app(settings), base_url=base, client=(peer, 50000))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return int(client.get("/metrics", headers=named).status_code)


def test_the_figures_are_those_of_ledger_and_files(settings: Settings, workspace: Workspace) -> None:
    """Prometheus' own reader understands them; no webinar, person or file is named."""
    queue, outbox = Queue(settings), Outbox(settings)
    editing.approve(workspace, editing.read_draft(workspace).edition.sha256(), by="Ana Lind", at=NOW)  # type: ignore[union-attr]
    for name in ("secret-drop", "other-drop"):
        queue.ask("draft", folder=f"/inbox/{name}", by="Ana Lind")
    taken = queue.take()
    assert taken
    queue.finish(taken, "failed", "It is locked.", cause="UnusableDrop")
    outbox.put([NOTICE], ["mail to ana@example.org"])
    outbox.put_off(outbox.waiting()[0], "refused", NOW)

    client = TestClient(app(settings), base_url=HERE, client=("127.0.0.1", 50000))
    said = client.get("/metrics")
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(said.text)
        for sample in family.samples
    }

    assert said.headers["content-type"].startswith("text/plain; version=")
    assert found["digest_requests", "draft", "failed"] == found["digest_requests", "draft", "waiting"] == 1
    assert found["digest_failed_tries_total", "UnusableDrop"] == 1
    assert found["digest_webinars", "approved"] == 1
    assert (found["digest_paused",], found["digest_messages_unsent",]) == (0, 1)
    assert found["digest_disk_free_bytes", "workspaces"] > 0
    assert found["digest_oldest_seconds", "waiting"] > 0
    assert not any(word in said.text for word in ("secret-drop", "Ana", "cyber-norms", "locked"))


def test_only_this_machine_and_a_named_proxy_get_them(settings: Settings) -> None:
    """Not a person elsewhere, not another site by its name, and not whoever comes through a proxy on this machine."""
    assert asking(settings, "127.0.0.1") == 200
    assert asking(settings, "::1", "http://localhost:8460") == 200
    assert asking(settings, "192.0.2.9") == 403
    assert asking(settings, "127.0.0.1", "http://evil.example.org") == 403
    assert asking(settings, "127.0.0.1", X_Forwarded_For="192.0.2.9") == 403
    behind = several(settings)
    assert asking(behind, "127.0.0.1") == 200  # at its number too, past the proxy that speaks TLS
    assert asking(behind, "127.0.0.1", DESK, X_Forwarded_For="192.0.2.9") == 403
    named = settings.model_copy(update={"desk": DeskSettings(address=DESK, **PROXY)})
    assert asking(named, "10.0.0.7", DESK, X_Forwarded_For="192.0.2.9") == 200
    assert asking(named, "10.0.0.8", DESK) == 403
    assert asking(named, "::ffff:10.0.0.7", DESK) == 200
