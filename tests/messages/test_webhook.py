"""Signed webhooks, received by a real server; and apprise, and the dead man's switch."""

import base64
import json
from datetime import UTC, datetime

import pytest

from digest.messages import Ping, by_apprise, webhook
from digest.messages.unsent import Unsent
from tests.flows.test_inbox import until
from tests.messages.servers import a_receiver
from tests.messages.test_mail import NOTICE

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105


def test_signatures_are_those_of_standard_webhooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example that the specification's own libraries are tested with (standardwebhooks, testing vectors)."""
    monkeypatch.setenv("DIGEST_WEBHOOK_SECRET", SECRET)
    at = datetime.fromtimestamp(1614265330, UTC)

    signed = webhook.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', webhook.signing_key())

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_webhook_arrives_and_can_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happened, of what, when, under a number that stays when it is sent again; changed in one letter it fails."""
    monkeypatch.setenv("DIGEST_WEBHOOK_SECRET", SECRET)
    with a_receiver() as receiver:
        webhook.send(NOTICE, f"{receiver.url}/hook?token=open-sesame")
        webhook.send(NOTICE, f"{receiver.url}/hook?token=open-sesame")

    (path, headers, body), (_, again, _) = receiver.got
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    assert path == "/hook?token=open-sesame"
    assert headers["webhook-signature"] == webhook.sign(headers["webhook-id"], at, body, key)
    assert headers["webhook-signature"] != webhook.sign(headers["webhook-id"], at, body + b" ", key)
    assert headers["webhook-id"] == again["webhook-id"]
    said = json.loads(body)
    assert (said["type"], said["data"]["about"]) == ("digest.drafted", "norms")
    assert said["timestamp"] == "2026-11-27T12:00:00+00:00"


@pytest.mark.parametrize(("status", "secret"), [(500, SECRET), (302, SECRET), (204, ""), (204, "whsec_c2hvcnQ=")])
def test_a_webhook_that_was_not_taken_is_told_without_its_token(
    monkeypatch: pytest.MonkeyPatch, status: int, secret: str
) -> None:
    """An error, an address that leads elsewhere (it is not followed), no key, and a key that is too short."""
    monkeypatch.setenv("DIGEST_WEBHOOK_SECRET", secret)
    with a_receiver() as receiver:
        receiver.status = status
        with pytest.raises(Unsent) as raised:
            webhook.send(NOTICE, f"{receiver.url}/hook?token=open-sesame")

    assert "open-sesame" not in str(raised.value)
    assert len(receiver.got) == (secret == SECRET)


def test_apprise_tells_a_service() -> None:
    """Its plain JSON service, which needs no account: what it says arrives; one that is not there is told by name."""
    with a_receiver() as receiver:
        by_apprise.send(NOTICE, receiver.url.replace("http", "json"))
    (_, _, body), *_ = receiver.got
    assert json.loads(body)["title"] == NOTICE.subject

    with pytest.raises(Unsent, match="could not reach JSON"):
        by_apprise.send(NOTICE, receiver.url.replace("http", "json"))
    with pytest.raises(Unsent, match="knows no service"):
        by_apprise.send(NOTICE, "nothing://open-sesame")


def test_the_dead_mans_switch_is_called_beside_the_work() -> None:
    """Once for a while, however often the inbox is looked at; without an address nobody is called."""
    with a_receiver() as receiver:
        ping = Ping(f"{receiver.url}/ping/1234", every=3600)
        ping.call()
        ping.call()
        until(lambda: bool(receiver.got))
        Ping("").call()

    assert [path for path, _, _ in receiver.got] == ["/ping/1234"]
