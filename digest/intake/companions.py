"""What the meeting platform left beside the recording: Drop in, Companions out."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from digest import sandbox
from digest.errors import DigestError, count_noun
from digest.intake.cues import CueFile, cues_in
from digest.intake.event import captions_by
from digest.intake.event_file import CaptionsBy
from digest.intake.polls import PollFile, polls_in
from digest.intake.slide_events import SlideEventFile, slide_events_in
from digest.intake.typed import ChatFile, QuestionFile, chat_in, questions_in
from digest.model.companions import CompanionCue, Companions, ReadFile
from digest.model.drop import Drop, DroppedFile, Ignored
from digest.sandbox import Limits
from digest.text.clock import minutes_and_seconds

VERSION = 4

LATE = 30.0  # seconds by which captions may be late and still be this recording's
LIMITS = Limits(seconds=20, megabytes=1024, file_megabytes=64)
MOST_CAPITALS = 0.5  # of the letters; captioners of the old school write capitals only
NOBODYS = (
    "who wrote these captions does not show, so a machine is taken to have, and their words are not used; if a person"
    ' did, write captions_by = "person" into event.toml'
)

R = TypeVar("R", CueFile, ChatFile, QuestionFile, SlideEventFile, PollFile)


def companions(drop: Drop, *, root: Path) -> Companions:
    """Return what each file holds, parsed in a limited child; one that cannot be read is ignored.

    Of several captions those with names say who spoke, else the longest; of those that a person wrote the longest give
    the words. Direct messages, e-mail addresses and telephone numbers are left out.
    """
    ignored = list[Ignored]()
    read = partial(_read, drop, root, ignored)
    chats, asked = list(read("chat", chat_in)), list(read("questions", questions_in))
    shown, polled = list(read("slide_events", slide_events_in)), list(read("polls", polls_in))
    captions = list(_as_told(list(read("captions", cues_in)), captions_by(drop, root)))
    none = CueFile(cues=())
    naming = max((found for _, found in captions), key=_use, default=none)
    written = max((found for _, found in captions if _gives_words(found)), key=_until, default=none)
    used = [(file, found) for file, found in captions if found in (naming, written)]
    names = ", ".join(f"“{file.name}”" for file, _ in used)
    ignored += [
        Ignored(name=file.name, why=f"Other captions tell more: {names}.")
        for file, found in captions
        if found not in (naming, written)
    ]
    return Companions(
        chat=tuple(message for _, found in chats for message in found.messages),
        questions=tuple(question for _, found in asked for question in found.questions),
        cues=naming.cues,
        cues_made_by=naming.made_by,
        captions=written.cues,
        polls=(*(poll for _, found in polled for poll in found.polls), *(p for _, found in chats for p in found.polls)),
        slide_events=max((found.events for _, found in shown), key=len, default=()),
        read=(
            *(ReadFile(name=file.name, found=count_noun(len(found.messages), "message")) for file, found in chats),
            *(ReadFile(name=file.name, found=count_noun(len(found.questions), "question")) for file, found in asked),
            *(ReadFile(name=file.name, found=count_noun(len(found.polls), "poll")) for file, found in polled),
            *(ReadFile(name=file.name, found=_in_words(found)) for file, found in used),
            *(
                ReadFile(name=file.name, found=f"slides shown {count_noun(len(found.events), 'time')}")
                for file, found in shown
            ),
        ),
        ignored=tuple(ignored),
        remarks=(*_remarks(chats), *_remarks(asked), *_remarks(polled), *_remarks(captions), *_remarks(shown)),
    )


def are_longer(cues: Sequence[CompanionCue], seconds: float) -> bool:
    """Say whether captions go on so long after the end of a recording that they belong to another one."""
    return any(cue.start > seconds + LATE for cue in cues)


def _read(
    drop: Drop, root: Path, ignored: list[Ignored], role: str, reader: Callable[[Path], R]
) -> Iterator[tuple[DroppedFile, R]]:
    """Yield the files of a role that can be read; the others go to `ignored`, with the reason."""
    for file in drop.files:
        if file.role != role:
            continue
        try:
            yield file, sandbox.call(reader, LIMITS, root / file.path)
        except DigestError as error:
            ignored.append(Ignored(name=file.name, why=error.what))


def _remarks(read: Sequence[tuple[DroppedFile, R]]) -> Iterator[str]:
    for file, found in read:
        yield from (f"{file.name}: {remark}." for remark in found.remarks)


def _use(file: CueFile) -> tuple[int, float]:
    """Return how much a captions file tells: cues with a speaker first, then how long it goes on."""
    return sum(cue.speaker is not None for cue in file.cues), _until(file)


def _until(file: CueFile) -> float:
    return max((cue.end for cue in file.cues), default=0.0)


def _as_told(
    captions: Sequence[tuple[DroppedFile, CueFile]], told: CaptionsBy | None
) -> Iterator[tuple[DroppedFile, CueFile]]:
    """Yield captions with who made them as event.toml says, and with a remark where nothing says it.

    The person of event.toml wrote those that no platform signed, if there are any.
    """
    are_all_signed = all(found.made_by == "machine" for _, found in captions)
    for file, found in captions:
        if told == "machine" or (told == "person" and (are_all_signed or found.made_by != "machine")):
            yield file, found.model_copy(update={"made_by": told})
        elif found.made_by == "unknown":
            yield file, found.model_copy(update={"remarks": (*found.remarks, NOBODYS)})
        else:
            yield file, found


def _gives_words(file: CueFile) -> bool:
    """Return whether the words of captions are better than a recogniser's: a person's, unless all in capitals."""
    letters = [letter for cue in file.cues for letter in cue.text if letter.isalpha()]
    return file.made_by == "person" and sum(map(str.isupper, letters)) < MOST_CAPITALS * len(letters)


def _in_words(file: CueFile) -> str:
    people = len({cue.speaker for cue in file.cues if cue.speaker})
    names = f", {count_noun(people, 'speaker')} named" if people else ", no speaker named"
    words = ", the words of the transcript" if _gives_words(file) else ""
    return f"{count_noun(len(file.cues), 'caption')} until {minutes_and_seconds(_until(file))}{names}{words}"
