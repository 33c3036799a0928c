"""What the meeting platform left beside the recording: Drop in, Companions out."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from digest import sandbox
from digest.errors import DigestError, counted
from digest.intake.cues import CueFile, cues_in
from digest.intake.slide_events import SlideEventFile, slide_events_in
from digest.intake.typed import ChatFile, QuestionFile, chat_in, questions_in
from digest.model.companions import CompanionCue, Companions, ReadFile
from digest.model.drop import Drop, DroppedFile, Ignored
from digest.sandbox import Limits

VERSION = 4

LATE = 30.0  # seconds by which captions may be late and still be this recording's
LIMITS = Limits(seconds=20, megabytes=1024, file_megabytes=64)
NOT_READ = {"polls": "Polls are not read yet."}

R = TypeVar("R", CueFile, ChatFile, QuestionFile, SlideEventFile)


def companions(drop: Drop, *, root: Path) -> Companions:
    """Return what each file holds, parsed in a limited child; one that cannot be read is ignored.

    Of several captions those with names are used, else the longest. Direct messages, e-mail addresses and telephone
    numbers are left out.
    """
    ignored = [Ignored(name=file.name, why=NOT_READ[file.role]) for file in drop.files if file.role in NOT_READ]
    read = partial(_read, drop, root, ignored)
    chats, asked = list(read("chat", chat_in)), list(read("questions", questions_in))
    shown = list(read("slide_events", slide_events_in))
    captions = list(read("captions", cues_in))
    used = max((file for _, file in captions), key=_use, default=CueFile(cues=()))
    name = next((file.name for file, found in captions if found is used), "")
    ignored += [
        Ignored(name=file.name, why=f"Only one set of captions is used: “{name}” tells more.")
        for file, found in captions
        if found is not used
    ]
    captions = [(file, found) for file, found in captions if found is used]
    return Companions(
        chat=tuple(message for _, found in chats for message in found.messages),
        questions=tuple(question for _, found in asked for question in found.questions),
        cues=used.cues,
        cues_made_by=used.made_by,
        slide_events=max((found.events for _, found in shown), key=len, default=()),
        read=(
            *(ReadFile(name=file.name, found=counted(len(found.messages), "message")) for file, found in chats),
            *(ReadFile(name=file.name, found=counted(len(found.questions), "question")) for file, found in asked),
            *(ReadFile(name=file.name, found=_in_words(found)) for file, found in captions),
            *(
                ReadFile(name=file.name, found=f"slides shown {counted(len(found.events), 'time')}")
                for file, found in shown
            ),
        ),
        ignored=tuple(ignored),
        remarks=(*_remarks(chats), *_remarks(asked), *_remarks(captions), *_remarks(shown)),
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
    return sum(cue.speaker is not None for cue in file.cues), file.cues[-1].end if file.cues else 0.0


def _in_words(file: CueFile) -> str:
    people = len({cue.speaker for cue in file.cues if cue.speaker})
    minutes, seconds = divmod(round(max(cue.end for cue in file.cues)), 60)
    names = f", {counted(people, 'speaker')} named" if people else ", no speaker named"
    return f"{counted(len(file.cues), 'caption')} until {minutes} min {seconds:02} s{names}"
