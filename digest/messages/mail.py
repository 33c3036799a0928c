"""A notice by mail: to one address, through the organisation's mail server."""

import hashlib
import smtplib
import ssl
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from digest.messages.unsent import Unsent
from digest.model.notice import Notice
from digest.settings import SMTP_PASSWORD, NotifySettings, smtp_password

SECONDS_TO_ANSWER = 30.0  # for each of the mail server's answers


def send(notice: Notice, recipient: str, notify: NotifySettings) -> None:
    """Send a notice to an address. Raises Unsent, with what the server said."""
    try:
        with connect(notify) as server:
            server.send_message(write(notice, recipient, notify))
    except smtplib.SMTPRecipientsRefused as error:
        (code, said), *_ = error.recipients.values()
        raise Unsent(f"The mail server refused {recipient}: {code} {_text(said)}") from error
    except smtplib.SMTPException as error:
        raise Unsent(f"The mail server did not take it: {_reason(error)}") from error
    except OSError as error:
        raise Unsent(f"The mail server {notify.smtp} broke off: {error.strerror or error}") from error


def connect(notify: NotifySettings) -> smtplib.SMTP:
    """Return a connection to the mail server on which mail can be sent. Raises Unsent.

    Its certificate must be good, and the password crosses the network encrypted or not at all.
    """
    password = smtp_password()
    if notify.smtp_user and not password:
        raise Unsent(f"{notify.smtp_user} cannot log in at the mail server: the variable {SMTP_PASSWORD} is not set.")
    at, context = (notify.smtp_host, notify.smtp_port), ssl.create_default_context()
    try:
        if notify.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(*at, timeout=SECONDS_TO_ANSWER, context=context)
        else:
            server = smtplib.SMTP(*at, timeout=SECONDS_TO_ANSWER)
    except (OSError, smtplib.SMTPException) as error:
        raise Unsent(f"The mail server {notify.smtp} does not answer: {_reason(error)}") from error
    try:
        if notify.smtp_security == "starttls":
            server.starttls(context=context)
        if notify.smtp_user:
            server.login(notify.smtp_user, password or "")
    except (OSError, UnicodeError, smtplib.SMTPException) as error:
        server.close()
        raise Unsent(f"The mail server {notify.smtp} let nobody in: {_reason(error)}") from error
    return server


def write(notice: Notice, recipient: str, notify: NotifySettings) -> EmailMessage:
    """Return the mail. Sent again after a crash it has the same Message-ID, by which mailboxes know it."""
    mail = EmailMessage(policy.SMTP)
    own = hashlib.sha256(f"{notice.key} {recipient}".encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{own}@{notify.sender.rpartition('@')[2]}>"
    mail["Date"] = format_datetime(notice.at)
    mail["From"], mail["To"] = notify.sender, recipient
    mail["Subject"] = notice.subject
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is answered
    mail.set_content(f"{notice.text}\n")
    return mail


def _reason(error: Exception) -> str:
    """Return what the server answered, or what the system says of the connection; never what was sent."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, UnicodeError):
        return "name and password must be of letters that mail servers know (ASCII)"
    return str(getattr(error, "strerror", None) or error)


def _text(said: bytes | str) -> str:
    return " ".join((said.decode(errors="replace") if isinstance(said, bytes) else said).split())
