"""What all captions and transcripts have in common: cues between times, who made them, names at their heads."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from digest.errors import UnusableDrop
from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.model.companions import CompanionCue, MadeBy
from digest.text.addresses import mask_addresses
from digest.text.cleaning import clean_line, clean_text
from digest.text.clock import TIME, parse_clock

MAX_CUES = 50_000
MAX_CUE = 120.0  # seconds; a caption that stands longer has a wrong time
MAX_TEXT = 2_000  # letters of one cue
MAX_TIME = 24 * 3600.0  # seconds
WORDS_A_SECOND = 2.5  # where a transcript gives no end

ARROW = re.compile(rf"^\s*({TIME})\s*-->\s*({TIME})(?:\s|$)")
VOICE = re.compile(r"<v(?:\.[^\s<>]{0,40})?[ \t]+([^<>\n]{1,120})>")
TAG = re.compile(r"<[^<>\n]{0,500}>")
NAMED = re.compile(r"^([^\W\d_][^:<>\n\[\]]{0,60}?) ?: +(?=\S)")
CAPTIONER = re.compile(r"^>> ?[A-Z][A-Z .'-]{2,40}:", re.MULTILINE)  # no machine knows a name and writes it so
CHANGE = re.compile(r"^(?:>>|&gt;&gt;)+ *(?:([A-Z][A-Z .'-]{2,40}): *)?")  # captioners mark a new speaker so
NOT_NAMES = frozenset({"note", "question", "answer", "http", "https", "transcript", "attendees", "date", "time"})
MIN_NAMED = 0.3  # share of cues with "Name: " from which on these are names


def read_cues(file: CompanionFile, times: re.Pattern[str]) -> Contents:
    """Return the cues of a text whose lines of start and end look so. Raises UnusableDrop where there is none."""
    text, remarks = file.text()
    found, bad = parse_cues(text.split("\n"), times)
    if bad:
        remarks.append(f"{bad} captions with impossible times were left out")
    return contents_of(found, _maker(text), remarks)


def contents_of(found: Sequence[CompanionCue], made_by: MadeBy, remarks: list[str]) -> Contents:
    """Return cues in order, addresses masked. Raises UnusableDrop where there is none."""
    if not found:
        raise UnusableDrop("There is no caption in it with a time that can be.", remedy="Save it again.")
    if len(found) > MAX_CUES:
        found = found[:MAX_CUES]
        remarks.append(f"only the first {MAX_CUES:,} captions were read")
    masked = [
        cue.model_copy(update={"text": mask_addresses(cue.text), "speaker": cue.speaker and _person(cue.speaker)})
        for cue in found
    ]
    return Contents(cues=tuple(sorted(masked, key=lambda cue: cue.start)), made_by=made_by, remarks=tuple(remarks))


def _person(name: str) -> str | None:
    """Return a name without the address that some people give as theirs, "Okafor, Daniel" turned round."""
    name = " ".join(mask_addresses(name).replace("[…]", "").split())
    last, comma, first = name.partition(", ")
    return (f"{first} {last}" if comma and " " not in first.strip() and "," not in first else name)[:80] or None


def _maker(text: str) -> MadeBy:
    """Say who wrote captions as far as the file shows: platforms give identities or times of single words.

    Capitals and full stops show nothing: machines write them too.
    """
    head = text[:20_000]
    if re.search(r"^[0-9a-f]{8}-[0-9a-f-]{27}/|^Kind: captions|<\d\d:\d\d:\d\d\.\d{3}><c>", head, re.MULTILINE):
        return "machine"
    if len(CAPTIONER.findall(head)) > 1:
        return "person"
    named = len(re.findall(r"^[A-Z][^:\n]{1,60}: ", head, re.MULTILINE))
    return "machine" if named > 2 and head.startswith("WEBVTT") else "unknown"  # noqa: PLR2004


def parse_cues(lines: Sequence[str], times: re.Pattern[str] = ARROW) -> tuple[list[CompanionCue], int]:
    """Return the cues of lines with times between them, and how many were left out for their times."""
    found, bad = list[CompanionCue](), 0
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        shown = times.match(line)
        if not shown:
            bad += "-->" in line
            continue
        start, end = parse_clock(shown[1]), parse_clock(shown[2])
        first = at
        while at < len(lines) and lines[at].strip() and not ARROW.match(lines[at]):
            at += 1
        text = [line for line in lines[first:at] if "-->" not in line]
        if at < len(lines) and text and ARROW.match(lines[at]):
            text.pop()  # the next cue's number, where no empty line parts them
        if start is None or end is None or not 0 <= start < end <= min(MAX_TIME, start + MAX_CUE):
            bad += 1
        elif cue := _cue(start, end, "\n".join(text)):
            found.append(cue)
    return _with_names(found), bad


def _cue(start: float, end: float, text: str) -> CompanionCue | None:
    text = text[: 4 * MAX_TEXT]
    voice = VOICE.search(text)
    plain = clean_line(html.unescape(TAG.sub("", text)))[:MAX_TEXT]
    if not plain:
        return None
    return CompanionCue(start=start, end=end, speaker=html.unescape(voice[1]).strip() if voice else None, text=plain)


def _with_names(cues: Sequence[CompanionCue]) -> list[CompanionCue]:
    """Return cues whose texts begin "Name: " or ">> NAME:" with the name as speaker, where names these are.

    A cue without one goes on with the speaker before: platforms print a name where another one begins.
    """
    if any(cue.speaker for cue in cues):
        return list(cues)
    names = Counter(found[1].strip() for cue in cues if (found := NAMED.match(cue.text)) and is_name(found[1]))
    has_names = sum(names.values()) >= MIN_NAMED * len(cues) and len(names) <= max(2, sum(names.values()) * 0.7)
    has_changes = sum(bool(CHANGE.match(cue.text)) for cue in cues) > 1
    parted, speaker = list[CompanionCue](), None
    for cue in cues:
        text = cue.text
        if has_changes and (change := CHANGE.match(text)):
            speaker, text = change[1].title() if change[1] else None, text[change.end() :]
        elif has_names and (name := NAMED.match(text)) and name[1].strip() in names:
            speaker, text = name[1].strip(), text[name.end() :]
        parted.append(cue.model_copy(update={"speaker": speaker, "text": text}))
    return [cue for cue in parted if cue.text.strip()]


def is_name(text: str) -> bool:
    """Return whether what stands before a colon may be somebody's name."""
    words = text.split()
    return len(words) <= 6 and text.casefold().strip() not in NOT_NAMES and words[0][0].isupper()  # noqa: PLR2004


def spread_cues(texts: Sequence[tuple[str, str]], start: float | None, end: float | None) -> Iterator[CompanionCue]:
    """Yield (speaker, text) as cues one after the other from `start`, as fast as people speak, but not beyond `end`."""
    if start is None:
        return
    words = sum(len(text.split()) for _, text in texts)
    pace = min(1 / WORDS_A_SECOND, (end - start) / words) if end is not None and words and end > start else 0.4
    for speaker, text in texts:
        if length := len(text.split()):
            until = round(start + length * pace, 3)
            yield CompanionCue(start=start, end=until, speaker=speaker, text=clean_text(text)[: 10 * MAX_TEXT].strip())
            start = until
