"""Who may do what: one table of named rules, which the desk asks before it answers, and from which its test is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from digest.desk.forms import ACTS
from digest.desk.pages import PAGES
from digest.desk.people import User

DRAFT = "/drafts/{slug}"
EVENT = "/events/{slug}"
SPEAKER = "/speaker/{slug}/{token}"


@dataclass(frozen=True)
class Rule:
    """A rule about a person, None where nobody has logged in; `words` say to whom it is open."""

    words: str
    allows: Callable[[User | None], bool]


class Found(NamedTuple):
    """What a draft is found to be, for the person who asks."""

    state: str  # draft, approved, published or retracted
    is_guessed: bool  # something of its event is, and nobody has confirmed it
    is_own: bool  # this person changed it last, and four eyes are asked for
    is_held_up: bool  # by a comment that nobody settled
    is_unanswered: bool  # by a speaker who is asked, or nobody has weighed what one answered


anyone = Rule("everybody", lambda _: True)
editors = Rule("editors and approvers", lambda person: person is not None)
monitors = Rule("programs on this machine, or of a named proxy", lambda _: False)  # whoever they are: by address
speakers = Rule("a speaker, by the link to their own page", lambda _: False)  # whoever has the link: nobody logs in
approvers = Rule("approvers", lambda person: person is not None and person.role == "approver")


def always(_: Found) -> bool:
    """Return whether a draft in this state allows it: it does in all of them."""
    return True


def can_be_approved(found: Found) -> bool:
    """Return whether nothing of the event is a guess, no comment and no speaker holds it up, and it is another's."""
    return not (found.is_guessed or found.is_own or found.is_held_up or found.is_unanswered)


def can_be_retracted(found: Found) -> bool:
    """Return whether it was approved once."""
    return found.state != "draft"


class Door(NamedTuple):
    """Who may knock, which the desk asks; and in which state the draft lets them do it, which `digest.editing` asks."""

    who: Rule
    when: Callable[[Found], bool] = always


_OF_ACTS: Mapping[str, Door] = {
    "approve": Door(approvers, can_be_approved),
    "retract": Door(approvers, can_be_retracted),
    "waive": Door(approvers),
}

DOORS: Mapping[tuple[str, str], Door] = {
    ("GET", "/static/{name}"): Door(anyone),
    ("GET", "/metrics"): Door(monitors),
    ("GET", "/enter"): Door(anyone),
    ("POST", "/enter"): Door(anyone),
    ("GET", "/login"): Door(anyone),
    ("GET", "/login/oidc"): Door(anyone),
    ("GET", "/login/back"): Door(anyone),
    ("POST", "/login/options"): Door(anyone),
    ("POST", "/login"): Door(anyone),
    ("GET", "/invitation"): Door(anyone),
    ("POST", "/invitation/options"): Door(anyone),
    ("POST", "/invitation"): Door(anyone),
    ("GET", f"{SPEAKER}/"): Door(speakers),
    ("GET", f"{SPEAKER}/clip"): Door(speakers),
    ("POST", f"{SPEAKER}/"): Door(speakers),
    ("GET", "/session"): Door(editors),
    ("GET", "/session/renewed"): Door(editors),
    ("POST", "/logout"): Door(editors),
    ("GET", "/"): Door(editors),
    ("POST", "/again"): Door(editors),
    ("GET", "/announce"): Door(approvers),
    ("POST", "/announce"): Door(approvers),
    ("GET", f"{EVENT}/"): Door(editors),
    ("POST", f"{EVENT}/"): Door(approvers),
    ("POST", f"{EVENT}/take-back"): Door(approvers),
    ("GET", f"{EVENT}/mail"): Door(editors),
    ("GET", f"{DRAFT}/"): Door(editors),
    ("GET", f"{DRAFT}/picture"): Door(editors),
    ("GET", f"{DRAFT}/clip"): Door(editors),
    ("GET", f"{DRAFT}/files/{{sha256}}"): Door(editors),
    ("GET", f"{DRAFT}/preview/"): Door(editors),
    ("GET", f"{DRAFT}/publication"): Door(editors),
    ("GET", f"{DRAFT}/here"): Door(editors),
    ("GET", f"{DRAFT}/retract"): Door(approvers),
    **{("GET", f"{DRAFT}/{page}"): Door(editors) for page in PAGES if page},
    **{("POST", f"{DRAFT}/{act}"): _OF_ACTS.get(act, Door(editors)) for act in ACTS},
}


def door(method: str, pattern: str, parts: Mapping[str, str]) -> Door | None:
    """Return the door of a route, or None where there is none: each page and each form of a draft has its own."""
    for part in ("page", "act"):
        pattern = pattern.replace(f"{{{part}}}", parts.get(part, ""))
    return DOORS.get(("GET" if method == "HEAD" else method, pattern))
