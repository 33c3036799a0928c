"""What would come of a drop: every file opened as a run would, nothing transcribed, nothing left behind."""

import logging
import math
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from digest import intake, media, sandbox, slides
from digest.errors import VERDICTS, DigestError, NotSettled, UnusableDrop, count_noun, naming
from digest.media.ffmpeg import ffmpeg, input_options
from digest.media.prepare import MIN_SECONDS
from digest.media.probe import COPY_AGAIN
from digest.model.artifact import Record
from digest.model.companions import Companions
from digest.model.deck import Deck
from digest.model.drop import Drop, DroppedFile, Folder, Ignored, Role
from digest.model.event import Event
from digest.model.media import Probe
from digest.settings import Settings
from digest.store.workspace import CHECKED
from digest.temporary import temporary_folder
from digest.text.clock import minutes_and_seconds

log = logging.getLogger(__name__)

SAMPLE = 10.0  # seconds decoded at either end of a recording: a copy broken off shows at its end
SECONDS_LIMIT = 20.0  # for either of them
DECKS = (".pptx", ".pdf")
USED_AS: dict[Role, str] = {
    "recording": "recording",
    "screen": "picture of the recording",
    "deck": "slides",
    "pictures": "pictures of the slides",
    "event": "what the event page says",
    "chat": "chat",
    "captions": "captions",
    "questions": "questions",
    "slide_events": "when slides were shown",
    "polls": "polls",
}
GUESSED = {"title": "title", "starts_at": "date and time", "speakers": "speakers"}


class Used(Record):
    """A file that a run would use, what as, and what was found in it."""

    name: str
    used_as: str
    found: str = ""


class Wrong(Record):
    """Something to mend before a run can end well."""

    what: str
    file: str | None = None
    remedy: str


class Report(Record):
    """What a run would use, ignore, miss, and stop at; `remarks` are sentences worth reading, but nothing to mend."""

    folder: str
    used: tuple[Used, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    missing: tuple[str, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    remarks: tuple[str, ...] = ()


def check(folder: Path, settings: Settings) -> Report:
    """Open every file of a drop as a run would and say what would come of each.

    Raises UnusableDrop where there is no such folder.
    """
    sandbox.require(settings.sandbox)
    looked = intake.look(folder)
    settings.workspaces.mkdir(parents=True, exist_ok=True)  # the disk that a run would fill
    with temporary_folder(settings.workspaces, prefix=CHECKED) as place:
        drop, wrong = _take_in(looked, place)
        if drop is None:
            return Report(folder=looked.path, wrong=tuple(wrong))
        return _report(looked.path, drop, place, settings, wrong)


def _take_in(folder: Folder, root: Path) -> tuple[Drop | None, list[Wrong]]:
    """Return what can be taken in, leaving out each file that is refused, and every refusal."""
    wrong = list[Wrong]()
    while True:
        into = root / "drop"
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir()
        try:
            return intake.take_in(folder, slug=None, into=into), wrong
        except (*VERDICTS, NotSettled) as error:
            left = tuple(entry for entry in folder.entries if entry.name != error.file)
            if len(left) == len(folder.entries):  # nothing more to leave out
                return None, wrong or [_wrong(error)]
            log.debug("%s is refused; looking at the %d others", error.file, len(left))
            wrong.append(_wrong(error))
            folder = folder.model_copy(update={"entries": left})


def _report(folder: str, drop: Drop, root: Path, settings: Settings, wrong: list[Wrong]) -> Report:
    deck, event, companions, found = None, None, Companions(), dict[str, str]()
    try:
        deck = slides.read(drop.only("deck", "pictures", "event"), settings.slides, root=root)
        counts = {one.name: one.slides for one in deck.presentations}
        counts = counts or {file.name: len(deck.slides) for file in drop.of_role("deck")}
        found |= {name: count_noun(count, "slide") for name, count in counts.items()}
    except VERDICTS as error:
        wrong.append(_wrong(error))
    try:
        companions = intake.companions(drop, root=root)
        found |= {read.name: read.found for read in companions.read}
        event = intake.describe(drop, deck or Deck(), settings.organisation, root=root)
        found |= {file.name: f"“{event.title}”, {event.starts_at:%-d %B %Y, %H:%M}" for file in drop.of_role("event")}
    except VERDICTS as error:
        wrong.append(_wrong(error))
    remarks = [*drop.remarks, *companions.remarks, *(deck.remarks if deck else ()), *(event.remarks if event else ())]
    seconds = 0.0
    for file in drop.of_role("recording"):
        try:
            with naming(file.name):
                probe = media.probe(root / file.path)
                found[file.name] = _describe_recording(probe)
                seconds += probe.duration or math.inf
                remarks += _check_sound(file, probe, root)
        except VERDICTS as error:
            wrong.append(_wrong(error))
    if seconds and intake.are_longer(companions.cues, seconds):
        remarks.append("The captions go on after the recording ends: they are another one's and will not be used.")
    left = {ignored.name for ignored in companions.ignored}
    used = (
        Used(name=file.name, used_as=USED_AS[file.role], found=found.get(file.name, ""))
        for file in drop.files
        if file.name not in left
    )
    return Report(
        folder=folder,
        used=tuple(used),
        ignored=(*drop.ignored, *companions.ignored),
        missing=tuple(_missing(drop, event, {fault.file for fault in wrong})),
        wrong=tuple(wrong),
        remarks=tuple(remarks),
    )


def _describe_recording(probe: Probe) -> str:
    picture = f"picture {probe.width}×{probe.height}" if probe.video_codec else "sound only"
    if probe.duration is None:
        return picture
    return f"{minutes_and_seconds(probe.duration)}, {picture}"


def _check_sound(file: DroppedFile, probe: Probe, root: Path) -> Iterator[str]:
    """Yield a remark for either end of a recording at which no sound can be decoded."""
    if probe.duration is not None and probe.duration < MIN_SECONDS:
        raise UnusableDrop("The recording is too short: less than a second.", file=file.name, remedy=COPY_AGAIN)
    if not probe.tracks:
        yield f"{file.name}: it has no sound, so the words will be those of the captions."
        return
    ends = {"beginning": (), "end": ("-sseof", f"-{SAMPLE:g}")}
    if (probe.duration or 0) <= SAMPLE:
        del ends["end"]
    for where, seek in ends.items():
        heard = list[float]()
        sample = ("-map", f"0:{probe.tracks[0].index}", "-t", f"{SAMPLE:g}", "-f", "null", "-")
        args = [*seek, *input_options(root / file.path, probe.container), *sample]
        ffmpeg(args, seconds=SECONDS_LIMIT, reached=heard.append)
        if max(heard, default=0) <= 0:
            yield f"{file.name}: at its {where} no sound can be decoded. It may be a copy that was broken off."


def _missing(drop: Drop, event: Event | None, wrong: Collection[str | None]) -> Iterator[str]:
    """Yield what nobody put there; a file that is there and wrong is not missing."""
    if not drop.of_role("deck") and not any(name and name.endswith(DECKS) for name in wrong):
        yield "No slides: the page will have none, and chapters rest on speech alone."
    if "event.toml" in wrong:
        return
    if not drop.of_role("event"):
        yield "No event.toml."
    if event and event.guessed:
        guessed = ", ".join(GUESSED[field] for field in event.guessed)
        yield f"Nobody wrote down {guessed}: an editor has to confirm a guess before the digest can be approved."


def _wrong(error: DigestError) -> Wrong:
    return Wrong(what=error.what, file=error.file, remedy=error.remedy)
