"""What speakers are asked and answer, and what waits for it: lines of consent.jsonl in, how each speaker stands out.

`by` is who does it, `at` when. An answer changes no Edition: it is a wish, which people see and weigh.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digest.editing.typed import MAX_NAME, MAX_SENTENCE, MAX_TEXT, line
from digest.errors import Held, NotAllowed
from digest.model.consent import (
    AskSpeaker,
    ConsentLine,
    EndLink,
    FineAsItIs,
    NotBefore,
    PleaseChange,
    PublishPart,
    RatherNot,
    SpeakerAnswer,
    Waive,
    Weigh,
)
from digest.model.edition import Edition
from digest.privacy.roles import published_name
from digest.store.journal import append
from digest.store.workspace import CONSENT, Workspace
from digest.text.cleaning import clean_text, is_blank

Lines = tuple[ConsentLine, ...]

LINK_DAYS = 14  # a speaker may be away for a week
MAX_ANSWERS = 500  # by one link: a page has fewer sentences
LONGEST_WAIT = timedelta(days=366)  # a slip in the year holds nothing up for ever
LOOK_AGAIN = timedelta(minutes=5)  # at a publication that waits for somebody to weigh an answer
OF_THE_WHOLE = (FineAsItIs, PublishPart, NotBefore, RatherNot)
TO_BE_WEIGHED = (PleaseChange, PublishPart, RatherNot)  # NotBefore holds by itself


@dataclass(frozen=True)
class SpeakerStanding:
    """How a speaker stands: the last link, whether it is `open`, the answers in force, which of them were weighed.

    `is_asked` says that an answer, or that it is waived, is needed for approval where the event says consent = "asked".
    """

    name: str
    link: ConsentLine | None
    is_open: bool
    answers: Lines
    weighed: dict[int, ConsentLine]
    waived: ConsentLine | None
    is_asked: bool

    @property
    def is_settled(self) -> bool:
        """Return whether nobody need wait for this speaker: they have answered, or it was waived."""
        return bool(self.answers or self.waived)

    @property
    def open_answers(self) -> Lines:
        """Return the answers that nobody has weighed."""
        return tuple(one for one in self.answers if _needs_weighing(one) and one.number not in self.weighed)


def speakers_to_ask(edition: Edition) -> tuple[str, ...]:
    """Return who was announced, and every other voice that readers get by its name."""
    voices = (one.name for one in edition.speakers if one.name and published_name(one, edition.event) == one.name)
    return tuple(dict.fromkeys((*(one.name for one in edition.event.speakers), *voices)))


def standings(lines: Sequence[ConsentLine], edition: Edition, now: datetime) -> tuple[SpeakerStanding, ...]:
    """Return how everybody stands who is to be asked, or was."""
    needed = speakers_to_ask(edition)
    asked = [one.said.name for one in lines if isinstance(one.said, AskSpeaker | Waive)]
    return tuple(_standing(lines, name, now, is_asked=name in needed) for name in dict.fromkeys((*needed, *asked)))


def _standing(lines: Sequence[ConsentLine], name: str, now: datetime, *, is_asked: bool) -> SpeakerStanding:
    links = [one for one in lines if isinstance(one.said, AskSpeaker) and one.said.name == name]
    answers = answers_in_force(lines, name)
    return SpeakerStanding(
        name=name,
        link=links[-1] if links else None,
        is_open=bool(links) and is_live(lines, links[-1], now),
        answers=answers,
        weighed={one.said.answer: one for one in lines if isinstance(one.said, Weigh)},
        waived=next((one for one in reversed(lines) if isinstance(one.said, Waive) and one.said.name == name), None),
        is_asked=is_asked,
    )


def is_live(lines: Sequence[ConsentLine], link: ConsentLine, now: datetime) -> bool:
    """Return whether a link opens its page: it is the last of its speaker, nobody ended it, and its time is not up."""
    if not isinstance(link.said, AskSpeaker) or now >= link.said.until:
        return False
    later = (one.said for one in lines[link.number :])
    return not any(
        (isinstance(said, EndLink) and said.link == link.number)
        or (isinstance(said, AskSpeaker) and said.name == link.said.name)
        for said in later
    )


def name_of(line: ConsentLine) -> str:
    """Return the speaker whom a line is about, empty where it names another line."""
    return getattr(line.said, "name", "")


def answers_in_force(lines: Sequence[ConsentLine], name: str) -> Lines:
    """Return what a speaker wishes now, in order: the last word on each sentence, and on the whole."""
    found = list[ConsentLine]()
    for one in lines:
        if isinstance(one.said, SpeakerAnswer) and one.said.name == name:
            found = [before for before in found if not _replaces(one.said, before.said)]
            found += [] if isinstance(one.said, PleaseChange) and not one.said.text else [one]
    return tuple(found)


def unweighed_answers(lines: Sequence[ConsentLine]) -> Lines:
    """Return the wishes in force, of all speakers, that no person has weighed yet."""
    weighed = {one.said.answer for one in lines if isinstance(one.said, Weigh)}
    return tuple(one for one in _all_in_force(lines) if _needs_weighing(one) and one.number not in weighed)


def check_consent(lines: Sequence[ConsentLine], edition: Edition) -> None:
    """Raise NotAllowed while an answer was not weighed, or one is missing that the event asks for."""
    if left := unweighed_answers(lines):
        raise NotAllowed(
            f"{left[0].by} has answered, and nobody has seen to it yet.",
            remedy="Open Speakers, weigh the answer, say what becomes of it, and approve then.",
        )
    if missing := missing_answers(lines, edition):
        raise NotAllowed(
            f"These speakers have not answered yet: {', '.join(missing)}.",
            remedy="Send each the link to their page (Speakers), or let an approver say there why nobody waits for it.",
        )


def missing_answers(lines: Sequence[ConsentLine], edition: Edition) -> tuple[str, ...]:
    """Return for whose answers approval waits: nobody's unless the event says that speakers are asked."""
    if edition.event.consent != "asked":
        return ()
    waived = {one.said.name for one in lines if isinstance(one.said, Waive)}
    return tuple(name for name in speakers_to_ask(edition) if name not in waived and not answers_in_force(lines, name))


def check_hold(lines: Sequence[ConsentLine], now: datetime) -> None:
    """Raise Held while a speaker asked that nothing is published yet, or nobody has weighed what one answered."""
    waits = [one for one in _all_in_force(lines) if isinstance(one.said, NotBefore) and now < one.said.until]
    if waits:
        last, until = max(
            ((one, one.said.until) for one in waits if isinstance(one.said, NotBefore)), key=lambda x: x[1]
        )
        raise Held(
            f"{last.by} asked that it is not published before {until:%-d %B %Y}.",
            remedy="It is published then by itself.",
            until=until,
        )
    if left := unweighed_answers(lines):
        raise Held(
            f"{left[0].by} has answered, and nobody has seen to it yet.",
            remedy="Open Speakers at the draft and say what becomes of it; then it is published.",
            until=now + LOOK_AGAIN,
        )


def ask_speaker(workspace: Workspace, name: str, *, by: str, at: datetime, days: int = LINK_DAYS) -> ConsentLine:
    """Give a speaker a page of their own for so many days; a link that they had before opens nothing any more."""
    said = AskSpeaker(name=line(name, MAX_NAME, "The name"), until=at + timedelta(days=days))
    return _record(workspace, lambda _: said, by=by, at=at)


def end_link(workspace: Workspace, link: int, *, by: str, at: datetime) -> ConsentLine:
    """Take a link back. Raises NotAllowed where it opens nothing."""

    def end(lines: Lines) -> EndLink:
        if not (0 < link <= len(lines) and is_live(lines, lines[link - 1], at)):
            raise NotAllowed("This link opens nothing already.", remedy="Load the page again.")
        return EndLink(link=link)

    return _record(workspace, end, by=by, at=at)


def record_answer(workspace: Workspace, link: ConsentLine, said: SpeakerAnswer, *, at: datetime) -> ConsentLine:
    """Record what a speaker answers. Raises NotAllowed where their link has ended meanwhile, or answered too often."""

    def answer(lines: Lines) -> SpeakerAnswer:
        often = sum(isinstance(one.said, SpeakerAnswer) for one in lines[link.number :] if one.by == said.name)
        if not is_live(lines, link, at) or often >= MAX_ANSWERS:
            raise NotAllowed("This link has ended.", remedy="Ask whoever sent it for a new one.")
        return said

    return _record(workspace, answer, by=said.name, at=at)


def weigh(workspace: Workspace, answer: int, text: str, *, by: str, at: datetime) -> ConsentLine:
    """Say what becomes of an answer. Raises NotAllowed for one that is none, was weighed, or holds no more."""
    said = Weigh(answer=answer, text=_words(text, "What becomes of it"))

    def weighing(lines: Lines) -> Weigh:
        if answer not in {one.number for one in unweighed_answers(lines)}:
            raise NotAllowed("Somebody has seen to this answer, or it holds no more.", remedy="Load the page again.")
        return said

    return _record(workspace, weighing, by=by, at=at)


def waive(workspace: Workspace, name: str, text: str, *, by: str, at: datetime) -> ConsentLine:
    """Say why nobody waits for a speaker's answer."""
    said = Waive(name=line(name, MAX_NAME, "The name"), text=_words(text, "The reason"))
    return _record(workspace, lambda _: said, by=by, at=at)


def not_before(name: str, day: str, timezone: str, now: datetime, text: str = "") -> NotBefore | None:
    """Return the wish that nothing is published before a day (ISO 8601) where the event was; None for no such day."""
    try:
        until = datetime.combine(date.fromisoformat(day), time(), ZoneInfo(timezone))
    except (ValueError, OverflowError):
        return None
    return NotBefore(name=name, until=until, text=text) if now < until <= now + LONGEST_WAIT else None


def words_of_answer(text: str) -> str | None:
    """Return what a speaker typed, cleaned; None where it is too long."""
    clean = clean_text(text).strip()
    return clean if len(clean) <= MAX_TEXT else None


def _record(
    workspace: Workspace,
    say: Callable[[Lines], AskSpeaker | EndLink | SpeakerAnswer | Weigh | Waive],
    *,
    by: str,
    at: datetime,
) -> ConsentLine:
    def line_of(lines: Lines) -> ConsentLine:
        return ConsentLine(number=len(lines) + 1, at=at, by=by, said=say(lines))

    return append(workspace.root / CONSENT, ConsentLine, line_of)


def _all_in_force(lines: Sequence[ConsentLine]) -> Lines:
    names = dict.fromkeys(one.said.name for one in lines if isinstance(one.said, SpeakerAnswer))
    return tuple(answer for name in names for answer in answers_in_force(lines, name))


def _replaces(said: SpeakerAnswer, before: object) -> bool:
    """Return whether an answer takes the place of one before: of the whole one does, but a part and a day go together.

    A wish for a sentence stands until another one for it: who then says "fine" may mean all the rest.
    """
    if isinstance(said, PleaseChange):
        return isinstance(before, PleaseChange) and before.place == said.place
    together = (PublishPart, NotBefore)
    if isinstance(said, together) and isinstance(before, together):
        return type(said) is type(before)
    return isinstance(before, OF_THE_WHOLE)


def _needs_weighing(one: ConsentLine) -> bool:
    return isinstance(one.said, TO_BE_WEIGHED)


def _words(text: str, what: str) -> str:
    clean = clean_text(text).strip()
    if is_blank(clean):
        raise NotAllowed(f"{what} is empty.", remedy="Write a few words: they stay beside the answer.")
    if len(clean) > MAX_SENTENCE:
        raise NotAllowed(f"{what} is longer than {MAX_SENTENCE} characters.", remedy="Shorten it.")
    return clean
