"""Notices by mail, through a real server."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.messages import mail
from digest.messages.unsent import Unsent
from digest.model.notice import Notice
from digest.settings import NotifySettings
from tests.flows.servers import free_port
from tests.messages.servers import EDITORS, PASSWORD, a_mail_server

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
NOTICE = Notice(
    key="drafted 1",
    occasion="drafted",
    at=NOON,
    about="norms",
    subject="Ready for review: Cybernormen – ein Überblick",
    text="The draft is made.\n\nhttps://desk.example.org/drafts/norms/",
)


def trust(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the server's certificate, and know its password."""
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "certificate.pem"))
    monkeypatch.setenv("DIGEST_SMTP_PASSWORD", PASSWORD)


def test_a_mail_arrives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over STARTTLS, after a login; sent twice it is known by its Message-ID, and nobody's absence answers it."""
    with a_mail_server(tmp_path) as (mailbox, notify):
        trust(tmp_path, monkeypatch)
        mail.send(NOTICE, EDITORS, notify)
        mail.send(NOTICE, EDITORS, notify)

    first, second = mailbox.mails
    assert (first["Subject"], first["To"], first["From"]) == (NOTICE.subject, EDITORS, EDITORS)
    assert first.get_content().splitlines() == NOTICE.text.splitlines()
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"].datetime == NOON
    assert first["Auto-Submitted"] == "auto-generated"


def test_a_server_that_nobody_vouches_for_learns_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a good certificate the connection ends before the login."""
    with a_mail_server(tmp_path) as (mailbox, notify):
        monkeypatch.setenv("DIGEST_SMTP_PASSWORD", PASSWORD)
        with pytest.raises(Unsent, match="let nobody in"):
            mail.send(NOTICE, EDITORS, notify)

    assert mailbox.passwords == []
    assert mailbox.mails == []


@pytest.mark.parametrize("password", ["wrong-password", "Schlüsselwort"])
def test_a_refused_login_is_told_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    """The operator reads what the server said."""
    with a_mail_server(tmp_path) as (mailbox, notify):
        trust(tmp_path, monkeypatch)
        monkeypatch.setenv("DIGEST_SMTP_PASSWORD", password)
        with pytest.raises(Unsent, match="let nobody in") as raised:
            mail.send(NOTICE, EDITORS, notify)

    assert password not in str(raised.value)
    assert mailbox.mails == []


def test_what_is_wrong_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recipient that is refused, a server that is not there, a password that is not set."""
    with a_mail_server(tmp_path) as (mailbox, notify):
        trust(tmp_path, monkeypatch)
        mailbox.answer = lambda address: f"550 no {address} here"
        with pytest.raises(Unsent, match=f"refused {EDITORS}: 550 no {EDITORS} here"):
            mail.send(NOTICE, EDITORS, notify)
    gone = notify.model_copy(update={"smtp": f"127.0.0.1:{free_port()}"})
    with pytest.raises(Unsent, match="does not answer: Connection refused"):
        mail.send(NOTICE, EDITORS, gone)
    monkeypatch.delenv("DIGEST_SMTP_PASSWORD")
    with pytest.raises(Unsent, match="DIGEST_SMTP_PASSWORD is not set"):
        mail.send(NOTICE, EDITORS, notify)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"smtp": "mail.example.org"}, "both mail_to and smtp"),
        ({"mail_to": (EDITORS,)}, "both mail_to and smtp"),
        ({"mail_to": (EDITORS,), "smtp": "mail.example.org", "smtp_security": "none"}, "on this machine"),
        ({"mail_to": ("Ada <ada@example.org>",), "smtp": "mail.example.org"}, "plain addresses"),
        ({"webhooks": ("http://hooks.example.org/x",)}, "must begin with https"),
        ({"webhooks": ("ftp://127.0.0.1/x",)}, "must begin with https"),
    ],
)
def test_settings_that_cannot_work_are_refused(given: dict[str, str], why: str) -> None:
    """Before the first message is lost, or could be read on the way."""
    with pytest.raises(ValueError, match=why):
        NotifySettings.model_validate(given)
