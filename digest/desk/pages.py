"""What each page of a draft shows: a workspace, its Draft and what was asked for in, the template's values out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo, available_timezones

from digest import editing
from digest.desk.draft import (
    DOUBTED,
    dismissals,
    left_questions,
    sections,
    slide_at,
    slide_differences,
    slide_rows,
    sounds,
    unfit,
    voice_at,
    voices,
)
from digest.desk.overview import guesses, notes, outcome, shown_by_slides, todo_list
from digest.desk.places import TITLES, places, shown_sections
from digest.desk.transcript import parts, passages, passages_by_key
from digest.editing import Draft
from digest.editing.agenda import agenda
from digest.editing.bringing import compare, kept_words
from digest.editing.comments import Thread, threads
from digest.editing.consent import LINK_DAYS, standings
from digest.editing.event_fields import field_text
from digest.editing.glossary import glossary
from digest.editing.history import excerpt, history
from digest.editing.receipt import receipt
from digest.editing.replacing import find_hits
from digest.editing.speaker_links import link_path
from digest.errors import DigestError
from digest.mail import SpeakerMail, speaker_mail
from digest.model.artifact import Span
from digest.model.comments import CommentLine
from digest.model.consent import ConsentLine
from digest.model.doubt import AtSentence
from digest.model.overlay import EventField, Learn, Mask, Withhold
from digest.settings import Settings
from digest.store.queue import Queue
from digest.store.workspace import Workspace

Shown = dict[str, Any]
MAX_DIGITS = 4  # of a chapter's number


@dataclass(frozen=True)
class AskedPage:
    """A page that an editor asks for: of which draft, with what in its address."""

    workspace: Workspace
    draft: Draft
    asked: Mapping[str, str]
    settings: Settings
    queue: Queue


def account(look: AskedPage) -> Shown:
    """Return what the account's page shows: what is left to do, doubts, every sentence, approval."""
    draft, workspace, targets = look.draft, look.workspace, places(look.draft.edition.digest)
    event, decisions = draft.edition.event, workspace.decisions()
    held, starts = editing.approval_in_force(decisions), event.starts_at.astimezone(ZoneInfo(event.timezone))
    return {
        "sha256": draft.edition.sha256(),
        "unedited": round(100 * draft.edition.unedited_share),
        "state": editing.state(decisions),
        "left": todo_list(event, draft.edition.speakers, len(draft.edition.unfit)),
        "notes": notes(workspace, draft),
        "shown_by_slides": shown_by_slides(draft),
        "guesses": guesses(event),
        "starts": {"date": f"{starts:%Y-%m-%d}", "time": f"{starts:%H:%M}"},
        "zones": sorted(available_timezones()) if "starts_at" in event.guessed else (),
        "announced": field_text(event, "speakers"),
        "voices": voices(draft),
        "commented": [slide for slide in draft.artifacts.deck.slides if slide.comments],
        "sections": sections(draft),
        "places": targets,
        "stands": {of: place.value for place in targets for of in place.sentences},
        "questions": {one.question.id: one for one in draft.edition.digest.questions},
        "agenda": agenda(draft),
        "typed_questions": list(left_questions(draft)),
        "unfit": unfit(draft),
        "ids": {sentence.id for sentence in draft.laid_out.sentences()},
        "became": outcome(workspace.slug, decisions, look.queue.last(workspace.slug), look.settings),
        "needs_another_than": draft.changed_last_by if look.settings.desk.four_eyes else None,
        "receipt": receipt(draft.overlay, decisions),
        "standings": standings(workspace.consent(), draft.edition, datetime.now(UTC)),
        "is_decided_on": bool(held and held.edition == draft.edition.sha256()),
    }


def check(look: AskedPage) -> Shown:
    """Return what is doubtful, the one to judge now large: the first, or the one that was asked for."""
    draft, todo = look.draft, agenda(look.draft)
    names = [item.doubt.name for item in todo.items]
    at = names.index(look.asked["open"]) if look.asked.get("open") in names else 0
    item = todo.items[at] if todo.items else None
    where = item.doubt.place if item else None
    return {
        "agenda": todo,
        "item": item,
        "at": at,
        "following": names[at + 1] if at + 1 < len(names) else None,
        "sounds": sounds(item) if item else (),
        "shown": slide_at(draft, item.heard[0].start) if item and item.heard else None,
        "voice": voice_at(draft, where.start) if isinstance(where, Span) else "",
        "doubted": DOUBTED,
        "dismissals": dismissals(draft),
        "ids": {sentence.id for sentence in draft.laid_out.sentences()},
    }


def transcript(look: AskedPage) -> Shown:
    """Return a chapter of the transcript."""
    draft, called = look.draft, _names_of_voices(look.draft)
    chapters, wanted = parts(draft), look.asked.get("part", "")
    number = int(wanted) if wanted.isdecimal() and len(wanted) <= MAX_DIGITS else 1
    part = next((one for one in chapters if one.number == number), chapters[0])
    return {
        "parts": chapters,
        "part": part,
        "passages": passages(draft, part, called),
        "called": called,
        "withheld": [r for r in draft.overlay.in_force() if isinstance(r.change, Withhold)],
    }


def slides(look: AskedPage) -> Shown:
    """Return which slide was on when."""
    return {"rows": slide_rows(look.draft), "slides": {slide.number: slide for slide in look.draft.edition.slides}}


def differences(look: AskedPage) -> Shown:
    """Return where slides and speakers differ: a page of its own, for it takes a second of a long webinar."""
    found = slide_differences(look.draft)
    return {"slides": {slide.number: slide for slide in look.draft.edition.slides}, "differences": found}


def event(look: AskedPage) -> Shown:
    """Return the announcement, and the names that readers do not get."""
    draft = look.draft
    now, starts = draft.edition.event, draft.edition.event.starts_at
    starts = starts.astimezone(ZoneInfo(now.timezone))
    changed = {r.change.thing for r in draft.overlay.in_force()}
    fields = [field for field in get_args(EventField) if field != "starts_at"]
    return {
        "fields": [(field, field_text(now, field), f"field {field}" in changed) for field in fields],
        "starts": {"date": f"{starts:%Y-%m-%d}", "time": f"{starts:%H:%M}"},
        "zones": sorted(available_timezones()),
        "masks": [r for r in draft.overlay.in_force() if isinstance(r.change, Mask)],
    }


def layout(look: AskedPage) -> Shown:
    """Return what of the recording readers get, the picture before it plays, and the sections in their order."""
    draft = look.draft
    changes = {r.change.thing: r.change for r in draft.overlay.in_force()}
    now = shown_sections(draft)
    return {
        "duration": draft.artifacts.media.duration,
        "poster": changes.get("poster"),
        "pictured": [slide for slide in draft.edition.slides if slide.image],
        "titles": TITLES,
        "shown": now,
        "left_out": [name for name in TITLES if name not in now],
        "counts": {name: len(getattr(draft.edition.digest, name)) for name in TITLES},
    }


def comments(look: AskedPage) -> Shown:
    """Return what editors say to each other, what is open first, and who works on the draft."""
    found = threads(look.workspace.comments())
    known = {one.id for one in look.draft.laid_out.sentences()}
    return {
        "open_threads": [one for one in found if one.is_open],
        "settled_threads": [one for one in reversed(found) if not one.is_open],
        "ids": known,
    }


def speakers(look: AskedPage) -> Shown:
    """Return how every speaker stands, with what to send to those who have a link."""
    found = standings(look.workspace.consent(), look.draft.edition, datetime.now(UTC))
    return {
        "standings": found,
        "mails": {one.name: mail_to(one.link, look) for one in found if one.link and one.is_open},
        "texts": {one.id: one.text for one in look.draft.edition.digest.sentences()},
        "days": LINK_DAYS,
        "is_reached": look.settings.desk.login != "link",
    }


def mail_to(link: ConsentLine, look: AskedPage) -> SpeakerMail:
    """Return the words of a mail with a speaker's link."""
    address = f"{look.settings.desk.origin}{link_path(look.workspace, link)}"
    return speaker_mail(link, address, look.draft.edition.event, look.settings)


def threads_at(draft: Draft, lines: Sequence[CommentLine]) -> dict[str, list[Thread]]:
    """Return the open comments by the sentence, or the key of the passage, at which they stand."""
    left = [one for one in threads(lines) if one.is_open and one.comment.place]
    spoken = passages_by_key(draft) if any(isinstance(one.comment.place, Span) for one in left) else {}
    found = dict[str, list[Thread]]()
    for thread in left:
        place = thread.comment.place
        if isinstance(place, AtSentence):
            found.setdefault(place.sentence, []).append(thread)
        elif place and (key := next((key for key, one in spoken.items() if one.start <= place.start <= one.end), None)):
            found.setdefault(key, []).append(thread)
    return found


def past(look: AskedPage) -> Shown:
    """Return what was done to the draft, the latest first."""
    return {"entries": history(look.draft.overlay), "utc": UTC}


def replace(look: AskedPage) -> Shown:
    """Return where a word stands that is to be another."""
    find, put = look.asked.get("find", ""), look.asked.get("put", "")
    series, here = look.draft.edition.event.series, look.workspace.slug
    shown: Shown = {
        "find": find,
        "put": put,
        "taught": [r for r in look.draft.overlay.in_force() if isinstance(r.change, Learn)],
        "taught_elsewhere": glossary(look.settings.workspaces, series, without=here).terms,
    }
    try:
        hits = find_hits(look.draft, find, put) if find or put else ()
        return shown | {"hits": hits, "looked": bool(find or put), "amiss": None}
    except DigestError as error:
        return shown | {"hits": (), "looked": False, "amiss": str(error)}


def bring(look: AskedPage) -> Shown:
    """Return where a transcript that was corrected elsewhere reads otherwise."""
    brought, amiss, found = kept_words(look.workspace), None, None
    try:
        found = compare(look.draft, brought.transcript.lines) if brought else None
    except DigestError as error:  # the draft was made anew, of another recording
        amiss = str(error)
    differing = found.passages if found else ()
    return {
        "brought": brought,
        "amiss": amiss,
        "found": found,
        "differing": [(one, excerpt(one.changes)) for one in differing],
        "called": _names_of_voices(look.draft),
        "utc": UTC,
    }


def _names_of_voices(draft: Draft) -> dict[str, str]:
    return {one.speaker.id: one.speaker.name or f"Voice {number}" for number, one in enumerate(voices(draft), start=1)}


PAGES: dict[str, tuple[str, Callable[[AskedPage], Shown]]] = {
    "": ("draft", account),
    "check": ("check", check),
    "transcript": ("transcript", transcript),
    "slides": ("slides", slides),
    "differences": ("differences", differences),
    "layout": ("layout", layout),
    "comments": ("comments", comments),
    "speakers": ("speakers", speakers),
    "event": ("event", event),
    "history": ("history", past),
    "replace": ("replace", replace),
    "bring": ("bring", bring),
}
