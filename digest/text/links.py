"""Which addresses readers may be led to."""

import re
from urllib.parse import urlsplit

from digest.text.cleaning import CONTROLS, TURNS, UNSEEN

MAX_LINK = 2_000  # letters
SCHEMES = frozenset({"http", "https", "mailto"})
# What ends an attribute, a style or a Markdown link, what browsers read as a slash, what shows another address.
BREAKING = re.compile(rf"""[\s"<>\\`{{}}\u200e\u200f\u061c{CONTROLS}{TURNS}{UNSEEN}]""")


def is_safe_link(address: str | None) -> bool:
    """Return whether readers may be led there: a web page or a mail address, and nothing in it that does harm.

    Never one with a user or password in it: `https://bank.example@evil.example` is not what it seems.
    """
    if not address or len(address) > MAX_LINK or BREAKING.search(address):
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:  # no port that is one, half an IPv6 address
        return False
    if parts.scheme == "mailto":
        return all(parts.path.partition("@")) and not parts.netloc
    return parts.scheme in SCHEMES and bool(parts.hostname) and "@" not in parts.netloc and port != 0
