"""Mails that only staff ever send: to those who registered, drafted as a file; to a speaker, as words to copy."""

import logging
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from digest import theme
from digest.editing.announcing import announcements
from digest.editing.consent import name_of
from digest.model.announcement import Announcement, Standing
from digest.model.consent import AskSpeaker, ConsentLine
from digest.model.event import Event, end_of
from digest.privacy import public_event
from digest.settings import Settings
from digest.store.files import write_atomically
from digest.store.workspace import Workspace

log = logging.getLogger(__name__)

LEAD = timedelta(hours=1)  # the event page says that the link is e-mailed one hour before the start
FOLDER = "mail"


class SpeakerMail(NamedTuple):
    """The words of a mail to a speaker; `address` is the page that it leads to."""

    address: str
    subject: str
    text: str

    @property
    def mailto(self) -> str:
        """Return what opens it in a mail program, to nobody yet."""
        return f"mailto:?subject={quote(self.subject)}&body={quote(self.text)}"


def speaker_mail(link: ConsentLine, address: str, event: Event, settings: Settings) -> SpeakerMail:
    """Return the words of the mail that goes with a speaker's link, in the language of readers."""
    until = link.said.until if isinstance(link.said, AskSpeaker) else link.at
    shown = {"speaker": name_of(link), "until": until, "by": link.by, "address": address}
    template = theme.environment(settings).get_template("mail/speaker.txt")
    text = template.render(event=public_event(event), organisation=settings.organisation, **shown)
    subject, _, body = text.strip().partition("\n")
    return SpeakerMail(address, " ".join(subject.split()), body.strip())


def draft_due_mails(settings: Settings, now: datetime) -> tuple[tuple[Announcement, Path], ...]:
    """See to it that the mail of every event lies in its workspace from an hour before until it is over, and no other.

    Returns what was drafted. One that is there stays as it is; of an event that was moved or is off there is none.
    """
    drafted = list[tuple[Announcement, Path]]()
    for workspace, decided, known in announcements(settings):
        path = mail_path(workspace, decided.sha256)
        is_due = _is_due(known, decided.standing, now)
        for left in path.parent.glob("*.eml"):
            if not is_due or left != path:
                left.unlink()
        if is_due and not path.is_file():
            write_atomically(path, write_mail(known, settings))
            drafted.append((known, path))
            log.info("The mail to those who registered for %s is drafted", workspace.slug)
    return tuple(drafted)


def mail_path(workspace: Workspace, announcement: str) -> Path:
    """Return where the mail of the Announcement of this hash lies, once it is drafted."""
    return workspace.root / FOLDER / f"join-{announcement[:16]}.eml"


def write_mail(announcement: Announcement, settings: Settings) -> bytes:
    """Return the mail as mail programs open it to be completed and sent (RFC 5322; X-Unsent is what they go by)."""
    event, organisation = public_event(announcement.event), settings.organisation
    page = f"{organisation.base_url.rstrip('/')}/{event.slug}/" if organisation.base_url else None
    text = (
        theme.environment(settings)
        .get_template("mail/join.txt")
        .render(event=event, join_url=announcement.join_url, page=page, organisation=organisation)
    )
    subject, _, body = text.strip().partition("\n")
    mail = EmailMessage(policy.SMTP)
    mail["Subject"] = " ".join(subject.split())
    if "@" in organisation.contact and "://" not in organisation.contact:
        mail["From"] = organisation.contact.removeprefix("mailto:")
    mail["X-Unsent"] = "1"
    mail.set_content(f"{body.strip()}\n", cte="8bit")
    return bytes(mail)


def _is_due(announcement: Announcement, standing: Standing, now: datetime) -> bool:
    event = announcement.event
    is_near = event.starts_at - LEAD <= now < end_of(event.starts_at, event.timezone, event.minutes)
    return is_near and standing == "announced" and announcement.join_url is not None
