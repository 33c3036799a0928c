"""The outbox, delivered: each message to each outlet once, tried again where that failed, for three days."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from digest.messages import mail, webhook
from digest.messages.unsent import Unsent
from digest.model.notice import Notice
from digest.settings import Settings, apprise_urls
from digest.store.outbox import Outbox, OutgoingMessage

log = logging.getLogger(__name__)

FIRST_WAIT, GROWTH, MAX_WAIT = timedelta(minutes=1), 4, timedelta(hours=4)  # before a message is tried again
KEEP_TRYING = timedelta(days=3)  # a weekend without a mail server
KEEP_SETTLED = timedelta(days=60)  # what was sent is remembered: far longer than anything is looked back at

Send = Callable[[Notice], None]


def outlets(settings: Settings) -> Mapping[str, Send]:
    """Return whom the settings name, by what the ledger calls them: it holds no address with a token."""
    notify = settings.notify
    mails = {f"mail to {one}": partial(mail.send, recipient=one, notify=notify) for one in notify.mail_to}
    webhooks = {f"webhook {_digest(one)}": partial(webhook.send, url=one) for one in notify.webhooks}
    services = {f"apprise {_digest(one)}": partial(_send_by_apprise, url=one) for one in apprise_urls()}
    return mails | webhooks | services


def deliver(outbox: Outbox, settings: Settings, now: datetime) -> int:
    """Send what waits and return how many were taken; what cannot be sent waits, longer each time.

    Where an outlet does not answer, other messages for the same kind of outlet are not tried in this round.
    """
    named, silent, taken = outlets(settings), set[str](), 0
    for message in outbox.waiting():
        send, kind = named.get(message.outlet), message.outlet.partition(" ")[0]
        if send is None:
            outbox.give_up(message, "The settings no longer name it.")
        elif kind not in silent and not (message.not_before and message.not_before > now):
            try:
                send(message.notice)
            except Unsent as error:
                silent.add(kind)
                _put_off(message, str(error), outbox, now)
            else:
                outbox.mark_sent(message)
                taken += 1
    return taken


def _put_off(message: OutgoingMessage, said: str, outbox: Outbox, now: datetime) -> None:
    log.warning("A message could not be sent: %s", said)
    if now - message.notice.at > KEEP_TRYING:
        outbox.give_up(message, said)
    else:
        outbox.put_off(message, said, now + min(FIRST_WAIT * GROWTH**message.tries, MAX_WAIT))


def _send_by_apprise(notice: Notice, url: str) -> None:
    from digest.messages import by_apprise  # half a second, where nobody names a service

    by_apprise.send(notice, url)


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:16]
