"""A notice as a webhook: JSON signed as Standard Webhooks 1.0 has it, so that receivers check it with a library."""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx

from digest.messages.unsent import Unsent
from digest.model.notice import Notice
from digest.settings import WEBHOOK_SECRET, webhook_secret

SECONDS_TO_ANSWER = 20.0
MIN_KEY_BYTES = 24  # Standard Webhooks: 24 to 64


def send(notice: Notice, url: str) -> None:
    """Send a notice to an address. Raises Unsent where it did not answer with a status of 200 to 299."""
    host, body = urlsplit(url).hostname, write(notice)
    number, now = f"msg_{hashlib.sha256(f'{notice.key} {url}'.encode()).hexdigest()[:32]}", datetime.now(UTC)
    headers = {
        "content-type": "application/json",
        "webhook-id": number,  # the same when it is sent again: receivers know what they have
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": sign(number, now, body, signing_key()),
    }
    try:
        with httpx.stream("POST", url, content=body, headers=headers, timeout=SECONDS_TO_ANSWER) as answer:
            status, is_taken = answer.status_code, answer.is_success
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unsent(f"The webhook at {host} does not answer ({type(error).__name__}).") from error
    if not is_taken:
        raise Unsent(f"The webhook at {host} answered {status}.")


def write(notice: Notice) -> bytes:
    """Return what is sent: what happened, when, and of what."""
    data = notice.model_dump(mode="json", include={"about", "subject", "text", "by", "address"})
    said = {"type": f"digest.{notice.occasion}", "timestamp": notice.at.isoformat(), "data": data}
    return json.dumps(said, ensure_ascii=False).encode()


def sign(number: str, at: datetime, body: bytes, key: bytes) -> str:
    """Return the signature of a body that is sent under this number at this time."""
    signed = f"{number}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def signing_key() -> bytes:
    """Return the key that signs. Raises Unsent where there is none, or it is no key."""
    try:
        key = base64.b64decode((webhook_secret() or "").removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if len(key) < MIN_KEY_BYTES:
        raise Unsent(f"The variable {WEBHOOK_SECRET} must be whsec_ and at least {MIN_KEY_BYTES} bytes in base64.")
    return key
