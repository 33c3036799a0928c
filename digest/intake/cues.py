"""Captions and transcripts that a platform or a person left: a file in, CueFile out; parsed in a limited child.

WebVTT, SubRip, SubViewer (.sbv) and the Word files of Teams and Google Meet are told apart by what is in them.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from digest.errors import UnusableDrop
from digest.intake.encoding import decode_text
from digest.model.artifact import Record
from digest.model.companions import CompanionCue, MadeBy
from digest.text.addresses import mask_addresses
from digest.text.cleaning import clean_text
from digest.text.clock import TIME, parse_clock

LARGEST = 20_000_000  # bytes, of a text or of a Word file's own text once unpacked
MOST_CUES = 50_000
LONGEST_CUE = 120.0  # seconds; a caption that stands longer has a wrong time
LONGEST_TEXT = 2_000  # letters of one cue
LATEST = 24 * 3600.0  # seconds
WORDS_A_SECOND = 2.5  # where a transcript gives no end

ARROW = re.compile(rf"^\s*({TIME})\s*-->\s*({TIME})(?:\s|$)")
SUBVIEWER = re.compile(rf"^\s*({TIME}),({TIME})\s*$")
VOICE = re.compile(r"<v(?:\.[^\s<>]{0,40})?[ \t]+([^<>\n]{1,120})>")
TAG = re.compile(r"<[^<>\n]{0,500}>")
NAMED = re.compile(r"^([^\W\d_][^:<>\n\[\]]{0,60}?) ?: +(?=\S)")
CAPTIONER = re.compile(r"^>> ?[A-Z][A-Z .'-]{2,40}:", re.MULTILINE)  # no machine knows a name and writes it so
CHANGE = re.compile(r"^(?:>>|&gt;&gt;)+ *(?:([A-Z][A-Z .'-]{2,40}): *)?")  # captioners mark a new speaker so
STANDING = re.compile(rf"^(.{{1,80}}?)[ \t\u00a0]+({TIME})$")  # Teams: "Okafor, Daniel   0:03"
NOT_NAMES = frozenset({"note", "question", "answer", "http", "https", "transcript", "attendees", "date", "time"})
LEAST_NAMED = 0.3  # share of cues with "Name: " from which on these are names


class CueFile(Record):
    """The cues of a file in order, and what staff should know of it. `is_chat`: Meet's chat looks like captions."""

    cues: tuple[CompanionCue, ...]
    made_by: MadeBy = "unknown"
    remarks: tuple[str, ...] = ()


def cues_in(path: Path) -> CueFile:
    """Return the cues of a captions file or transcript, in the child.

    Raises UnusableDrop where there is none in it.
    """
    if path.stat().st_size > LARGEST:
        raise UnusableDrop(f"It is larger than {LARGEST // 1_000_000} MB.", remedy="Leave it out.")
    content = path.read_bytes()
    if content.startswith(b"PK"):
        return _of_word(path)
    text, guessed = decode_text(content)
    remarks = [f"it is not saved as UTF-8 and was read as {guessed}"] if guessed else []
    found, bad = _timed(text.split("\n"))
    if bad:
        remarks.append(f"{bad} captions with impossible times were left out")
    return _file(found, _maker(text), remarks)


def _file(found: Sequence[CompanionCue], made_by: MadeBy, remarks: list[str]) -> CueFile:
    if not found:
        raise UnusableDrop("There is no caption in it with a time that can be.", remedy="Save it again.")
    if len(found) > MOST_CUES:
        found = found[:MOST_CUES]
        remarks.append(f"only the first {MOST_CUES:,} captions were read")
    cleaned = [
        cue.model_copy(update={"text": mask_addresses(cue.text), "speaker": cue.speaker and _person(cue.speaker)})
        for cue in found
    ]
    return CueFile(cues=tuple(sorted(cleaned, key=lambda cue: cue.start)), made_by=made_by, remarks=tuple(remarks))


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


def _timed(lines: Sequence[str]) -> tuple[list[CompanionCue], int]:
    """Return the cues of lines with times between them, and how many were left out for their times."""
    found, bad = list[CompanionCue](), 0
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        times = ARROW.match(line) or SUBVIEWER.match(line)
        if not times:
            bad += "-->" in line
            continue
        start, end = parse_clock(times[1]), parse_clock(times[2])
        first = at
        while at < len(lines) and lines[at].strip() and not ARROW.match(lines[at]):
            at += 1
        text = [line for line in lines[first:at] if "-->" not in line]
        if at < len(lines) and text and ARROW.match(lines[at]):
            text.pop()  # the next cue's number, where no empty line parts them
        if start is None or end is None or not 0 <= start < end <= min(LATEST, start + LONGEST_CUE):
            bad += 1
        elif cue := _cue(start, end, "\n".join(text)):
            found.append(cue)
    return _with_names(found), bad


def _cue(start: float, end: float, text: str) -> CompanionCue | None:
    import html

    text = text[: 4 * LONGEST_TEXT]
    voice = VOICE.search(text)
    plain = " ".join(clean_text(html.unescape(TAG.sub("", text))).split())[:LONGEST_TEXT]
    if not plain:
        return None
    return CompanionCue(start=start, end=end, speaker=html.unescape(voice[1]).strip() if voice else None, text=plain)


def _with_names(cues: Sequence[CompanionCue]) -> list[CompanionCue]:
    """Return cues whose texts begin "Name: " or ">> NAME:" with the name as speaker, where names these are.

    A cue without one goes on with the speaker before: platforms print a name where another one begins.
    """
    if any(cue.speaker for cue in cues):
        return list(cues)
    names = Counter(found[1].strip() for cue in cues if (found := NAMED.match(cue.text)) and _is_name(found[1]))
    is_named = sum(names.values()) >= LEAST_NAMED * len(cues) and len(names) <= max(2, sum(names.values()) * 0.7)
    has_changes = sum(bool(CHANGE.match(cue.text)) for cue in cues) > 1
    parted, speaker = list[CompanionCue](), None
    for cue in cues:
        text = cue.text
        if has_changes and (changed := CHANGE.match(text)):
            speaker, text = changed[1].title() if changed[1] else None, text[changed.end() :]
        elif is_named and (named := NAMED.match(text)) and named[1].strip() in names:
            speaker, text = named[1].strip(), text[named.end() :]
        parted.append(cue.model_copy(update={"speaker": speaker, "text": text}))
    return [cue for cue in parted if cue.text.strip()]


def _is_name(text: str) -> bool:
    words = text.split()
    return len(words) <= 6 and text.casefold().strip() not in NOT_NAMES and words[0][0].isupper()  # noqa: PLR2004


def _of_word(path: Path) -> CueFile:
    """Return the cues of Teams' or Google Meet's transcript, saved as a Word file."""
    lines = [line for paragraph in _paragraphs(path) for line in paragraph.split("\n") if line.strip()]
    found, _ = _timed(lines) if any(map(ARROW.match, lines)) else ([], 0)
    if found and not any(cue.speaker for cue in found):  # old Teams: the time, the name, then the text
        found = [
            cue.model_copy(update={"speaker": name, "text": " ".join(rest)})
            for cue, (name, *rest) in zip(found, map(_first_line, _blocks(lines)), strict=False)
            if rest
        ]
    return _file(found or list(_standing(lines)) or list(_under_times(lines)), "machine", [])


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    begins = [at for at, line in enumerate(lines) if ARROW.match(line)]
    for begin, end in pairwise([*begins, len(lines)]):
        yield list(lines[begin + 1 : end])


def _first_line(block: Sequence[str]) -> list[str]:
    return [clean_text(line).strip() for line in block] or [""]


def _standing(lines: Sequence[str]) -> Iterator[CompanionCue]:
    """Yield Teams' newer form: a line "Name   0:03", then what was said until the next one."""
    heads = [(at, found) for at, line in enumerate(lines) if (found := STANDING.match(line.strip()))]
    if not heads:
        return
    ends = [parse_clock(found[2]) for _, found in heads[1:]] + [None]
    for (at, found), after, end in zip(heads, [*(at for at, _ in heads[1:]), len(lines)], ends, strict=True):
        start, text = parse_clock(found[2]), " ".join(lines[at + 1 : after])
        yield from _spread([(found[1].strip(), text)], start, end)


def _under_times(lines: Sequence[str]) -> Iterator[CompanionCue]:
    """Yield Google Meet's form: a time every few minutes, under it lines "Name: text" without times."""
    heads = [at for at, line in enumerate(lines) if re.fullmatch(TIME, line.strip())]
    if not heads:
        return
    times = [parse_clock(lines[at].strip()) for at in heads]
    for at, after, start, end in zip(heads, [*heads[1:], len(lines)], times, [*times[1:], None], strict=True):
        said = [
            (found[1].strip(), line[found.end() :])
            for line in lines[at + 1 : after]
            if (found := NAMED.match(line)) and _is_name(found[1])
        ]
        yield from _spread(said, start, end)


def _spread(said: Sequence[tuple[str, str]], start: float | None, end: float | None) -> Iterator[CompanionCue]:
    """Yield what was said one after the other from `start`, as fast as people speak, but no later than `end`."""
    if start is None:
        return
    words = sum(len(text.split()) for _, text in said)
    pace = min(1 / WORDS_A_SECOND, (end - start) / words) if end is not None and words and end > start else 0.4
    for speaker, text in said:
        if length := len(text.split()):
            until = round(start + length * pace, 3)
            yield CompanionCue(
                start=start, end=until, speaker=speaker, text=clean_text(text)[: 10 * LONGEST_TEXT].strip()
            )
            start = until


def _paragraphs(path: Path) -> Iterator[str]:
    """Yield the paragraphs of a Word file; nothing but its own text is unpacked, and no entity is followed."""
    from lxml import etree

    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    try:
        with zipfile.ZipFile(path) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > LARGEST:
                raise UnusableDrop("It unpacks to more than its size allows.", remedy="Leave it out.")
            with archive.open(part) as file:
                content = file.read(LARGEST + 1)
        if b"<!DOCTYPE" in content[:2000]:
            raise UnusableDrop("It holds what honest Word files never do.", remedy="Leave it out.")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(content, parser)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, EOFError, etree.XMLSyntaxError) as error:
        raise UnusableDrop("It is no Word file that can be read.", remedy="Save it again.") from error
    for paragraph in root.iter(f"{word}p"):
        parts = {f"{word}t": None, f"{word}br": "\n", f"{word}tab": "\t", f"{word}cr": "\n"}
        yield "".join(
            (element.text or "") if element.tag == f"{word}t" else (parts.get(element.tag) or "")
            for element in paragraph.iter()
            if element.tag in parts
        )
