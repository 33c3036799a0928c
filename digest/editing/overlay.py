"""Appends the editors' revisions to overlay.jsonl, each checked against the draft it corrects.

All take who revises (`by`), when (`at`) and the number of the last revision that the editor saw (`expected`), and
raise Stale where somebody else revised meanwhile, NotAllowed where the revision makes no sense.
"""

from datetime import datetime

from digest.editing.revise import in_force, parse_start
from digest.errors import NotAllowed, Stale
from digest.model.digest import Digest
from digest.model.doubt import AtSentence
from digest.model.edition import (
    Change,
    Confirm,
    Dismiss,
    NameSpeaker,
    Reopen,
    Restore,
    Revision,
    Reword,
    Strike,
)
from digest.model.event import Event
from digest.model.speech import Speakers
from digest.store.journal import append
from digest.store.workspace import OVERLAY, Workspace
from digest.text.cleaning import clean_line, is_blank

MAX_SENTENCE = 2000  # characters
MAX_NAME = 200


def reword(workspace: Workspace, sentence: str, text: str, *, by: str, at: datetime, expected: int) -> Revision:
    """Write a sentence anew; the machine's own words again are the same as restoring it."""
    was, text = _machine_text(workspace, sentence), _clean(text, MAX_SENTENCE, "The sentence")
    change: Change = Restore(sentence=sentence) if text == was else Reword(sentence=sentence, was=was, text=text)
    return _append(workspace, change, by, at, expected)


def strike(workspace: Workspace, sentence: str, *, by: str, at: datetime, expected: int) -> Revision:
    """Take a sentence out."""
    return _append(workspace, Strike(sentence=sentence, was=_machine_text(workspace, sentence)), by, at, expected)


def restore(workspace: Workspace, sentence: str, *, by: str, at: datetime, expected: int) -> Revision:
    """Take back what was done to a sentence, also to one that the machine no longer writes."""
    return _append(workspace, Restore(sentence=sentence), by, at, expected)


def name_speaker(workspace: Workspace, speaker: str, name: str, *, by: str, at: datetime, expected: int) -> Revision:
    """Say who a voice is; an empty name takes it back."""
    known = workspace.of_last_run(Speakers)
    if known is None or speaker not in {voice.id for voice in known.speakers}:
        raise NotAllowed("There is no such voice in this webinar.", remedy="Load the page again.")
    clean = _clean(name, MAX_NAME, "The name") if name.strip() else ""
    return _append(workspace, NameSpeaker(speaker=speaker, name=clean), by, at, expected)


def confirm(workspace: Workspace, field: str, value: str, *, by: str, at: datetime, expected: int) -> Revision:
    """Confirm or correct what was guessed of the event: title, starts_at (with offset and [zone]) or speakers."""
    if workspace.of_last_run(Event) is None:
        raise NotAllowed("There is no draft yet.", remedy="Run the drop first.")
    match field:
        case "title":
            return _append(workspace, Confirm(field="title", value=_clean(value, 300, "The title")), by, at, expected)
        case "starts_at":
            return _append(workspace, Confirm(field="starts_at", value=_time(value)), by, at, expected)
        case "speakers":
            return _append(workspace, Confirm(field="speakers", value=_speaker_lines(value)), by, at, expected)
        case _:
            raise NotAllowed("Only title, date and speakers are guessed.", remedy="Load the page again.")


def dismiss(workspace: Workspace, doubt: str, *, by: str, at: datetime, expected: int) -> Revision:
    """Say that nothing is wrong where the draft has a doubt of this name; off the record: that it may be published."""
    digest = workspace.of_last_run(Digest)
    found = next((one for one in digest.doubts if one.name == doubt), None) if digest else None
    if found is None:
        raise NotAllowed("There is no such doubt in this draft.", remedy="Load the page again.")
    where = found.place
    was = _machine_text(workspace, where.sentence) if isinstance(where, AtSentence) else "".join(found.compare[:1])
    return _append(workspace, Dismiss(place=where, kind=found.kind, was=was), by, at, expected)


def reopen(workspace: Workspace, doubt: str, *, by: str, at: datetime, expected: int) -> Revision:
    """Take back that a doubt of this name was dismissed, also one that the machine no longer has."""
    changes = (revision.change for revision in in_force(workspace.overlay()))
    found = next((one for one in changes if isinstance(one, Dismiss) and one.name == doubt), None)
    if found is None:
        raise NotAllowed("Nobody has dismissed this doubt.", remedy="Load the page again.")
    return _append(workspace, Reopen(place=found.place, kind=found.kind), by, at, expected)


def _append(workspace: Workspace, change: Change, by: str, at: datetime, expected: int) -> Revision:
    def line(revisions: tuple[Revision, ...]) -> Revision:
        if len(revisions) != expected:
            raise Stale(
                "Somebody else changed this webinar meanwhile.", remedy="Load the page again and repeat your change."
            )
        return Revision(number=expected + 1, at=at, by=by, change=change)

    return append(workspace.root / OVERLAY, Revision, line)


def _machine_text(workspace: Workspace, sentence: str) -> str:
    digest = workspace.of_last_run(Digest)
    for known in digest.sentences() if digest else ():
        if known.id == sentence:
            return known.text
    raise NotAllowed("There is no such sentence in this draft.", remedy="Load the page again.")


def _clean(text: str, longest: int, what: str) -> str:
    """Return one line, cleaned. Raises NotAllowed where nothing or too much is left."""
    clean = clean_line(text)
    if is_blank(clean):
        raise NotAllowed(f"{what} is empty.", remedy="Write something, or strike the sentence.")
    if len(clean) > longest:
        raise NotAllowed(f"{what} is longer than {longest} characters.", remedy="Shorten it.")
    return clean


def _time(value: str) -> str:
    """Return a time with its zone as RFC 9557 writes it: 2016-11-23T14:00:00+01:00[Europe/Zurich]."""
    start = parse_start(value)
    if start is None:
        raise NotAllowed(
            "The date is not understood, or does not lie between 1990 and 2100.",
            remedy="Write them like 2016-11-23, 14:00 and Europe/Zurich.",
        )
    at, zone = start
    return f"{at.isoformat()}[{zone}]"


def _speaker_lines(value: str) -> str:
    """Return the speakers, one a line: "Name, role". Raises NotAllowed for one without a name."""
    lines = [_clean(line, 2 * MAX_NAME, "A speaker") for line in value.splitlines() if line.strip()]
    if any(is_blank(line.partition(",")[0]) for line in lines):
        raise NotAllowed("A speaker has no name.", remedy="Write one a line: name, role.")
    return "\n".join(lines)
