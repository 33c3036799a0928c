"""Zoom's webhook: signed, fresh, once; what it says beyond that something is there is not believed."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from digest.errors import NotAllowed
from digest.fetching import Journal, listening
from digest.fetching.webhook import receive
from digest.settings import Settings, ZoomSettings
from tests.flows.servers import free_port
from tests.flows.test_inbox import until

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
COMPLETED = json.dumps({"event": "recording.completed", "payload": {"object": {"uuid": "abc=="}}}).encode()


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the webhook's secret token."""
    monkeypatch.setenv("DIGEST_ZOOM_WEBHOOK_SECRET", "open-sesame")


def signed(body: bytes, at: datetime = NOW, key: str = "open-sesame") -> dict[str, str]:
    """Return the headers that Zoom sends with a body."""
    said = str(int(at.timestamp()))
    made = hmac.new(key.encode(), f"v0:{said}:{body.decode()}".encode(), hashlib.sha256).hexdigest()
    return {"x-zm-request-timestamp": said, "x-zm-signature": f"v0={made}"}


def test_a_recording_is_noted_once(settings: Settings) -> None:
    """Sent again as it is, it is refused; told of anew by Zoom, it is the same recording."""
    answers = [receive(signed(COMPLETED), COMPLETED, settings, NOW)[0] for _ in range(2)]
    later = NOW + timedelta(minutes=4)
    answers.append(receive(signed(COMPLETED, later), COMPLETED, settings, later)[0])

    assert answers == [204, 409, 204]
    assert Journal(settings).offers("zoom") == ("abc==",)


def test_what_is_not_zooms_or_old_is_refused(settings: Settings) -> None:
    """Another key, another body, another time, no signature, from last hour, from the future."""
    old, ahead = NOW - timedelta(minutes=6), NOW + timedelta(minutes=6)
    forged = [
        signed(COMPLETED, key="guess"),
        signed(COMPLETED + b" "),
        signed(COMPLETED) | {"x-zm-request-timestamp": str(int(NOW.timestamp()) + 1)},
        {},
        {"x-zm-signature": "v0=ü"},
        signed(COMPLETED, old),
        signed(COMPLETED, ahead),
    ]

    assert [receive(headers, COMPLETED, settings, NOW)[0] for headers in forged] == [401] * len(forged)
    assert Journal(settings).offers("zoom") == ()


@pytest.mark.parametrize(
    "body", [b"[]", b"\xff", b'{"event": "recording.completed"}', b'{"payload": 1}', b'{"event": "x"}']
)
def test_what_says_nothing_of_use_is_taken_and_forgotten(settings: Settings, body: bytes) -> None:
    """Other events, and what is no JSON though it is signed."""
    said = str(int(NOW.timestamp()))
    made = hmac.new(b"open-sesame", f"v0:{said}:".encode() + body, hashlib.sha256).hexdigest()

    assert receive({"x-zm-request-timestamp": said, "x-zm-signature": f"v0={made}"}, body, settings, NOW) == (204, b"")
    assert Journal(settings).offers("zoom") == ()


def test_the_receiver_answers_as_zoom_asks(settings: Settings) -> None:
    """Over the wire: Zoom's question whether we have the secret, a recording, one too large, another address."""
    here = settings.model_copy(update={"zoom": ZoomSettings(account="a", port=free_port())})
    question = b'{"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}}'
    url, now = f"http://127.0.0.1:{here.zoom.port}", datetime.now(UTC)

    with listening(here):
        until(lambda: _answers(url))
        validated = httpx.post(f"{url}/zoom", content=question, headers=signed(question, now))
        taken = httpx.post(f"{url}/zoom", content=COMPLETED, headers=signed(COMPLETED, now))
        too_large = httpx.post(f"{url}/zoom", content=b"x" * ((1 << 20) + 1))
        elsewhere = httpx.get(f"{url}/")

    expected = hmac.new(b"open-sesame", b"qgg8vlvZRS6UYooatFL8Aw", hashlib.sha256).hexdigest()
    assert validated.json() == {"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": expected}
    assert [taken.status_code, too_large.status_code, elsewhere.status_code] == [204, 413, 404]
    assert Journal(settings).offers("zoom") == ("abc==",)
    assert not _answers(url)


def test_without_the_secret_nobody_listens(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is named, so that nobody finds an open door later."""
    monkeypatch.delenv("DIGEST_ZOOM_WEBHOOK_SECRET")
    here = settings.model_copy(update={"zoom": ZoomSettings(account="a", port=free_port())})

    with pytest.raises(NotAllowed, match="DIGEST_ZOOM_WEBHOOK_SECRET"), listening(here):
        pass


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code > 0
    except httpx.TransportError:
        return False
