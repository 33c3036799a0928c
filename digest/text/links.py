"""Which addresses readers may be led to."""

import re
from urllib.parse import urlsplit

from digest.text.cleaning import CONTROLS, TURNS, UNSEEN

MAX_LINK = 2_000  # letters
SCHEMES = frozenset({"http", "https", "mailto"})
# What ends an attribute, a style or a Markdown link, what browsers read as a slash, what shows another address.
BREAKING = re.compile(rf"""[\s"<>\\`{{}}\u200e\u200f\u061c{CONTROLS}{TURNS}{UNSEEN}]""")


# Hosts on which meetings are held, by a part of their name. Meetup's and example.org/?p=7 are pages like others.
MEETING = re.compile(
    r"\b(?:zoom|zoomgov|teams|meet|webex|gotomeeting|gotowebinar|bbb|bigbluebutton|jitsi|whereby|bluejeans)\d*\b"
    r"|\bjoin\.skype\.com|\b8x8\.vc|\bchime\.aws|\bv\.ringcentral\.com|\bmeeting\.zoho\.",
    re.IGNORECASE,
)
# Rooms on hosts of any name: BigBlueButton's own paths, and those of its front end Greenlight 2 and 3.
ROOM = re.compile(r"/bigbluebutton/|/html5client/|/b/\w{3}(?:-\w{3}){2,3}$|/rooms/[\w-]+/join", re.IGNORECASE)
# Pages to register at that lie on such hosts: most have it in their path; Teams and Zoom Events call it otherwise.
REGISTERS = re.compile(
    r"[/-]regist(?:er|ration)(?:[/.]|$)|^events\.teams\.microsoft\.com/event/|^events\.zoom\.us/ev/", re.IGNORECASE
)
# Fields of an address that open what is closed: Zoom's pwd and tk, Webex's MTID, and what others call theirs.
OPENS = frozenset({"pwd", "password", "passwd", "passcode", "pass", "pin", "token", "access_token", "tk", "mtid"})


def is_entrance(address: str) -> bool:
    """Return whether an address leads into a meeting, or has a password in it; the page to register at does neither."""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:
        return False
    if any(field.partition("=")[0].lower() in OPENS for field in re.split("[&;]", f"{parts.query}&{parts.fragment}")):
        return True
    is_room = MEETING.search(parts.netloc) or ROOM.search(parts.path)
    return bool(is_room) and not REGISTERS.search(f"{parts.netloc}{parts.path}")


def link_pattern(link: str) -> re.Pattern[str]:
    """Return what finds a link in text however people copy it: with or without scheme, with more at its end.

    A link that is a host alone is that page, and no other of the host.
    """
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", link.strip(), flags=re.IGNORECASE).rstrip("/")
    core = re.escape(bare).replace("&", "&(?:amp;)?")
    more = r"[/?&#]" if "/" in bare else r"/?[?#]"
    rest = rf"""/?(?:{more}(?:[^\s<>"'”»)\]]*[\w/=&#%-])?)?(?![\w/-]|\.\w)"""
    return re.compile(rf"(?<![\w.-])(?:https?://)?(?:www\.)?{core}{rest}", re.IGNORECASE)


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
