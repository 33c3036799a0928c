"""What becomes due by itself around an event: the mail to those who registered, and its page when it is over."""

from datetime import datetime
from pathlib import Path

from digest import notices
from digest.editing import announcements
from digest.mail import draft_due_mails
from digest.model.event import end_of
from digest.settings import Settings
from digest.store.leases import Leases


def look_after_events(settings: Settings, since: datetime, now: datetime) -> None:
    """Do what became due after `since`: draft mails, and say on the site which events are over.

    Raises Busy while somebody else publishes.
    """
    for announcement, path in draft_due_mails(settings, now):
        folder = Path(announcement.folder) if announcement.folder else None
        if folder and folder.is_dir() and folder.is_relative_to(settings.inbox.resolve()):
            said = f"The mail to those who registered is drafted, with the link to join: {path.resolve()}. Send it."
            notices.write_status(folder, said, settings)
    events = [known.event for _, _, known in announcements(settings)]
    if any(since < end_of(event.starts_at, event.timezone, event.minutes) <= now for event in events):
        from digest.site import build

        with Leases(settings).hold_site():
            build(settings, now=now)
