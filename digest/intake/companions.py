"""What the meeting platform left beside the recording: Drop in, Companions out."""

import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel import Locale

from digest import sandbox
from digest.errors import VERDICTS, count_noun
from digest.intake.event import captions_by
from digest.intake.event_file import CaptionsBy
from digest.intake.formats.companion_file import Contents
from digest.intake.formats.table import read_companion
from digest.language.identify import identify_language
from digest.model.companions import CaptionTrack, CompanionCue, Companions, ReadFile
from digest.model.drop import Drop, DroppedFile, Ignored, Role
from digest.sandbox import Limits
from digest.text.clock import minutes_and_seconds

log = logging.getLogger(__name__)

VERSION = 6

MAX_LATENESS = 30.0  # seconds by which captions may be late and still be this recording's
LIMITS = Limits(seconds=20, megabytes=1024, file_megabytes=64)
MAX_CAPITALS = 0.5  # of the letters; captioners of the old school write capitals only
CODE_IN_NAME = re.compile(r"(?:^|[._ -])([a-z]{2})(?:[-_][a-z]{2})?\.[a-z]{2,4}$")  # captions.fr.vtt, talk_pt-br.srt
CODES = (  # ISO 639-1, of languages that webinars are captioned in: other pairs of letters in a name are none
    "ar bg bn cs da de el en es et fa fi fr he hi hr hu id it ja ko lb lt lv ms nl no pl pt ro ru sk sl sq sr sv sw th "
    "tr uk ur vi zh"
)
UNSIGNED = (
    "who wrote these captions does not show, so a machine is taken to have, and their words are not used; if a person"
    ' did, write captions_by = "person" into event.toml'
)

ReadFiles = Sequence[tuple[DroppedFile, Contents]]


def companions(drop: Drop, *, root: Path) -> Companions:
    """Return what each file holds, parsed in a limited child; one that cannot be read is ignored.

    Of several captions those with names say who spoke, else the longest; those that a person wrote give the words, in
    the language that is heard. Direct messages, e-mail addresses and telephone numbers are left out.
    """
    ignored = list[Ignored]()

    def read(role: Role) -> ReadFiles:
        return list(_read(drop, root, ignored, role))

    chats, questions, slide_events, polls = read("chat"), read("questions"), read("slide_events"), read("polls")
    captions = list(_with_makers(read("captions"), captions_by(drop, root)))
    naming, written = _choose_captions(captions)
    tracks = tuple(_track(file, found) for file, found in captions)
    return Companions(
        chat=tuple(message for _, found in chats for message in found.messages),
        questions=tuple(question for _, found in questions for question in found.questions),
        dismissed_questions=sum(found.dismissed for _, found in questions),
        cues=naming.cues,
        cues_made_by=naming.made_by,
        captions=written.cues,
        tracks=tracks if len(tracks) > 1 or written.cues else (),  # else there is nothing to choose
        polls=tuple(poll for _, found in (*polls, *chats) for poll in found.polls),
        slide_events=max((found.slide_events for _, found in slide_events), key=len, default=()),
        read=(
            *(ReadFile(name=file.name, found=count_noun(len(found.messages), "message")) for file, found in chats),
            *(
                ReadFile(name=file.name, found=count_noun(len(found.questions), "question"))
                for file, found in questions
            ),
            *(ReadFile(name=file.name, found=count_noun(len(found.polls), "poll")) for file, found in polls),
            *(
                ReadFile(name=track.name, found=_captions_in_words(track, tracks, is_used=found == naming))
                for track, (_, found) in zip(tracks, captions, strict=True)
            ),
            *(
                ReadFile(name=file.name, found=f"slides shown {count_noun(len(found.slide_events), 'time')}")
                for file, found in slide_events
            ),
        ),
        ignored=tuple(ignored),
        remarks=tuple(_remarks(*chats, *questions, *polls, *captions, *slide_events)),
    )


def are_longer(cues: Sequence[CompanionCue], seconds: float) -> bool:
    """Say whether captions go on so long after the end of a recording that they belong to another one."""
    return any(cue.start > seconds + MAX_LATENESS for cue in cues)


def _read(drop: Drop, root: Path, ignored: list[Ignored], role: Role) -> Iterator[tuple[DroppedFile, Contents]]:
    """Yield the files of a role that can be read; the others go to `ignored`, with the reason."""
    for file in drop.of_role(role):
        try:
            found = sandbox.call(read_companion, LIMITS, root / file.path, role)
        except VERDICTS as error:
            log.debug("%s (%s) is not used: %s", file.name, role, error.what)
            ignored.append(Ignored(name=file.name, why=error.what))
        else:
            yield file, found


def _remarks(*files: tuple[DroppedFile, Contents]) -> Iterator[str]:
    for file, found in files:
        yield from (f"{file.name}: {remark}." for remark in found.remarks)


def _choose_captions(captions: ReadFiles) -> tuple[Contents, Contents]:
    """Return the captions that say who spoke, and those whose words are the transcript's; empty ones where none do."""
    for file, found in captions:
        names, until = _names_and_length(found)
        log.debug(
            "%s: made by %s, %d of %d cues name a speaker, until %.1f s, words %s",
            *(file.name, found.made_by, names, len(found.cues), until, "usable" if _gives_words(found) else "not used"),
        )
    naming = max((found for _, found in captions), key=_names_and_length, default=Contents())
    written = max((found for _, found in captions if _gives_words(found)), key=_end, default=Contents())
    for file, found in captions:
        log.debug("%s gives speakers: %s, words: %s", file.name, found == naming, found == written)
    return naming, written


def _names_and_length(file: Contents) -> tuple[int, float]:
    """Return how much a captions file tells: cues with a speaker first, then how long it goes on."""
    return sum(cue.speaker is not None for cue in file.cues), _end(file)


def _end(file: Contents) -> float:
    return max((cue.end for cue in file.cues), default=0.0)


def _with_makers(captions: ReadFiles, maker: CaptionsBy | None) -> Iterator[tuple[DroppedFile, Contents]]:
    """Yield captions with who made them as event.toml says, and with a remark where nothing says it.

    The person of event.toml wrote those that no platform signed, if there are any.
    """
    are_all_signed = all(found.made_by == "machine" for _, found in captions)
    for file, found in captions:
        if maker == "machine" or (maker == "person" and (are_all_signed or found.made_by != "machine")):
            yield file, found.model_copy(update={"made_by": maker})
        elif found.made_by == "unknown":
            yield file, found.model_copy(update={"remarks": (*found.remarks, UNSIGNED)})
        else:
            yield file, found


def _gives_words(file: Contents) -> bool:
    """Return whether the words of captions are better than a recogniser's: a person's, unless all in capitals."""
    letters = [letter for cue in file.cues for letter in cue.text if letter.isalpha()]
    return file.made_by == "person" and sum(map(str.isupper, letters)) < MAX_CAPITALS * len(letters)


def _track(file: DroppedFile, found: Contents) -> CaptionTrack:
    """Return a captions file with its language: as its head or name says, else as its words show."""
    named = CODE_IN_NAME.search(file.name.casefold())
    known = found.language or (named[1] if named and named[1] in CODES.split() else None)
    language = known or identify_language("\n".join(cue.text for cue in found.cues))
    return CaptionTrack(
        name=file.name,
        language=language,
        made_by=found.made_by,
        gives_words=_gives_words(found),
        cues=found.cues,
    )


def _captions_in_words(track: CaptionTrack, tracks: Sequence[CaptionTrack], *, is_used: bool) -> str:
    people = len({cue.speaker for cue in track.cues if cue.speaker})
    said = [f"{count_noun(len(track.cues), 'caption')} until {minutes_and_seconds(track.end)}"]
    if track.language and len(tracks) > 1:
        said.append(Locale.parse(track.language).get_display_name("en") or track.language)
    said.append(f"{count_noun(people, 'speaker')} named" if people else "no speaker named")
    if track.gives_words:
        said.append("the words of the transcript")
    elif not is_used:
        said.append("kept: others tell more")
    return ", ".join(said)
