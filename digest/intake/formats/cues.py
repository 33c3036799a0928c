"""What all captions and transcripts have in common: cues between times, who made them, names at their heads."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from digest.errors import UnusableDrop
from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.model.companions import CompanionCue, MadeBy
from digest.text.addresses import mask_addresses
from digest.text.cleaning import clean_line, clean_text
from digest.text.clock import TIME, parse_clock
from digest.text.scripts import UNSPACED

MAX_CUES = 50_000
MAX_CUE = 120.0  # seconds; a longer one is true only where it holds words enough
SLOWEST, USUAL_PACE = 2.0, 15.0  # letters a second
MAX_TEXT = 20_000  # letters of one cue: some transcripts have one for each turn
MAX_TIME = 24 * 3600.0  # seconds
WORDS_A_SECOND = 2.5  # where a transcript gives no end
FIVE_MINUTES = 300  # seconds

ARROW = re.compile(rf"^\s*({TIME})\s*-->\s*({TIME})(?:\s|$)")
VOICE = re.compile(r"<v(?:\.[^\s<>]{0,40})?[ \t]+([^<>\n]{1,120})>")
# Tags of WebVTT and SubRip, with attributes only where these have a value: “a < b and c > d” is no tag.
TAG = re.compile(
    r"</?(?:b|i|u|s|c|v|lang|ruby|rt|font|span|p|br|em|strong|big|small|a|div|script|style)(?:\.[^\s<>]{0,60}){0,9}"
    r"(?:\s+[\w-]{1,20}\s*=\s*(?:\"[^\"<>]{0,200}\"|'[^'<>]{0,200}'|[^\s<>]{1,200})){0,9}\s*/?>"
    r"|<lang[ \t][^<>\n]{1,40}>|<\d\d:[\d:.]{1,20}>",
    re.IGNORECASE,
)
LANGUAGE = re.compile(r"^Language: *([a-z]{2})(?:[-_]\w{2,8})?[ \t]*$", re.MULTILINE | re.IGNORECASE)
HEADER = 500  # letters at the head of a file, where it may say its language
OVERRIDE = re.compile(r"\{\\[^{}\n]{0,200}\}")  # how SubStation Alpha places a line: {\an8}
BLOCK = re.compile(
    r"\n[ \t]*\n(?:NOTE(?:[ \t][^\n]*)?|STYLE[ \t]*|REGION[ \t]*)(?:\n[^\n]*\S[^\n]*)*(?=\n[ \t]*(?:\n|\Z)|\Z)"
)
IDENTITY = re.compile(r"^[0-9a-f]{8}-[0-9a-f-]{27}/|^\d+ \".{1,120}\" \(\d+\)$")  # Teams', Webex's names of cues
WEBEX = re.compile(r"^\d+ \"(.{1,120})\" \(\d+\)$")
NAMED = re.compile(r"^([^\W\d_][^:：<>\n\[\]]{0,60}?) ?(?:: +|：\s*)(?=\S)")
SIGNATURE = re.compile(r"^Transcribed by https?://\S+$|^.{1,80} (?:started|stopped) transcription$")
CAPTIONER = re.compile(r"^>> ?[A-Z][A-Z .'-]{2,40}:", re.MULTILINE)  # no machine knows a name and writes it so
CHANGE = re.compile(r"^(?:>>|&gt;&gt;)+ *(?:([A-Z][A-Z .'-]{2,40}): *)?")  # captioners mark a new speaker so
Head = tuple[str, float | None, str]  # of a turn: who speaks, from when on, and what stands behind that on the line
NOT_NAMES = frozenset({"note", "question", "answer", "http", "https", "transcript", "attendees", "date", "time"})
MIN_NAMED, MOST_NAMED = 0.3, 0.9  # share of cues with "Name: " from which on these are names
MIN_ROLLING = 0.3  # share of cues that begin with the last line of the one before


def read_cues(file: CompanionFile, times: re.Pattern[str]) -> Contents:
    """Return the cues of a text whose lines of start and end look so. Raises UnusableDrop where there is none."""
    text, remarks = file.text()
    found, bad, mended = parse_cues(without_blocks(text), times)
    if bad:
        remarks.append(f"{bad} captions with impossible times were left out")
    if mended:
        remarks.append(
            f"{mended} captions end before they begin, or stand far too long: their ends were set by their words"
        )
    stated = LANGUAGE.search(text[:HEADER])
    language = stated[1].casefold() if stated else None
    return contents_of(found, _maker(text), remarks).model_copy(update={"language": language})


def read_headed(file: CompanionFile, head: re.Pattern[str], *, made_by: MadeBy) -> Contents:
    """Return the turns of a text in which such a line stands at the head of each. Raises UnusableDrop where none is."""
    text, remarks = file.text()
    lines = text.split("\n")
    return contents_of(read_turns(lines, [head_of(head.match(line.strip())) for line in lines]), made_by, remarks)


def without_blocks(text: str) -> list[str]:
    """Return the lines of captions without what WebVTT puts between them for programs (sections 4.1 and 4.3)."""
    if not text.lstrip().casefold().startswith("webvtt"):
        return text.split("\n")
    return BLOCK.sub("\n", text).split("\n")


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
    """Return a name without the address or note that some have behind it, "Okafor, Daniel (External)" turned round."""
    name = " ".join(mask_addresses(name).replace("[…]", "").split())
    name = re.sub(r"(?<=\S)(?: ?[(（\[][^()（）\[\]]{0,60}[)）\]])+$", "", name)
    last, comma, first = name.partition(", ")
    is_turned = comma and "," not in first and len(first.split()) <= 2 and (" " not in last or last.isupper())  # noqa: PLR2004
    return (f"{first} {last}" if is_turned and first else name)[:80] or None


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


def parse_cues(lines: Sequence[str], times: re.Pattern[str] = ARROW) -> tuple[list[CompanionCue], int, int]:
    """Return the cues of lines with times between them, how many were left out, and how many got another end.

    All lines until the next times are a cue's, empty ones between them too, but for the next one's number or name.
    """
    begins = [at for at, line in enumerate(lines) if times.match(line)]
    is_numbered = bool(begins) and any(line.strip().isdecimal() for line in lines[: begins[0]])
    bad = sum("-->" in line for line in lines) - sum("-->" in lines[at] for at in begins)
    mended, found = 0, list[CompanionCue]()
    for at, after in pairwise([*begins, len(lines)]):
        shown = times.match(lines[at])
        start, end = (parse_clock(shown[1]), parse_clock(shown[2])) if shown else (None, None)
        text = _without_name(lines[at + 1 : after], is_numbered=is_numbered, is_last=after == len(lines))
        if start is None or start > MAX_TIME:
            bad += 1
        elif cues := list(_cues(start, end, "\n".join(text), _voice_of_name(lines[at - 1]) if at else None)):
            mended += cues[-1].end != end
            found += cues
    return _with_names(_without_rolling(found)), bad, mended


def _without_name(text: Sequence[str], *, is_numbered: bool, is_last: bool) -> list[str]:
    """Return a cue's lines without empty ones, and without the number or name of the next cue."""
    lines = [line for line in text if "-->" not in line]
    filled = [line for line in lines if line.strip()]
    if is_last or not filled:
        return filled
    is_next_to_times = bool(lines[-1].strip())
    is_apart = is_next_to_times and len(lines) > 1 and not lines[-2].strip()
    is_number = is_numbered and filled[-1].strip().isdecimal()
    return filled[:-1] if is_number or (is_apart and len(filled) > 1) or IDENTITY.match(filled[-1]) else filled


def _voice_of_name(name: str) -> str | None:
    """Return the speaker whom Webex writes into a cue's name: 12 "Ann Lee" (3456)."""
    found = WEBEX.match(name)
    return found[1] if found else None


def _end_of(start: float, end: float | None, letters: int) -> float:
    """Return when a cue ends: as it says, unless that is before it begins or longer than anybody says its words."""
    longest = start + max(MAX_CUE, letters / SLOWEST)
    if end is None or end <= start or end > MAX_TIME:
        return round(start + max(1.0, letters / USUAL_PACE), 3)
    return min(end, longest)


def _without_rolling(cues: Sequence[CompanionCue]) -> list[CompanionCue]:
    """Return cues whose lines roll up, as YouTube's own do, with each line once: where it comes first."""
    rolling = sum(_begins_with(one.text, other.text) for one, other in pairwise(cues))
    if rolling < MIN_ROLLING * len(cues):
        return list(cues)
    kept, above = list[CompanionCue](), ""
    for cue in cues:
        lines = [line for line in cue.text.split("\n") if line.strip()]
        new = [line for line in lines if line not in above.split("\n")]
        above = cue.text
        if new:
            kept.append(cue.model_copy(update={"text": "\n".join(new)}))
        elif kept:
            kept[-1] = kept[-1].model_copy(update={"end": max(kept[-1].end, cue.end)})
    return kept


def _begins_with(upper: str, lower: str) -> bool:
    return lower.partition("\n")[0] == upper.rpartition("\n")[2]


def _cues(start: float, end: float | None, text: str, named: str | None) -> Iterator[CompanionCue]:
    """Yield a cue with the line breaks of its text; of several voices one each, as long as their words."""
    first, *voiced = VOICE.split(text[: 4 * MAX_TEXT])
    said = [
        (named, _plain(first)),
        *((_voice(name), _plain(part)) for name, part in zip(*[iter(voiced)] * 2, strict=True)),
    ]
    parts = [(name, words[:MAX_TEXT]) for name, words in said if words]
    letters = sum(len(words) for _, words in parts)
    until = _end_of(start, end, letters)
    for name, words in parts:
        begin, start = start, round(start + (until - start) * len(words) / letters, 3)
        letters -= len(words)
        yield CompanionCue(start=begin, end=start, speaker=name, text=words)


def _voice(name: str) -> str:
    return html.unescape(name).strip()


def _plain(text: str) -> str:
    """Return the words of a cue without what sets or places them, line by line."""
    lines = (clean_line(html.unescape(TAG.sub("", OVERRIDE.sub("", line)))) for line in text.split("\n"))
    return "\n".join(filter(None, lines))


def _on_one_line(text: str) -> str:
    """Return lines as one; between two letters of a script without spaces stands none."""
    return re.sub(rf"(?<={UNSPACED})\n(?={UNSPACED})", "", text).replace("\n", " ")


def _with_names(cues: Sequence[CompanionCue]) -> list[CompanionCue]:
    """Return cues whose texts begin "Name: " or ">> NAME:" with the name as speaker, where names these are.

    A cue without one goes on with the speaker before: platforms print a name where another one begins.
    """
    cues = [cue.model_copy(update={"text": _on_one_line(cue.text)}) for cue in cues]
    if any(cue.speaker for cue in cues):
        return cues
    names = names_of([cue.text for cue in cues])
    has_changes = sum(bool(CHANGE.match(cue.text)) for cue in cues) > 1
    parted, speaker = list[CompanionCue](), None
    for cue in cues:
        text = cue.text
        if has_changes and (change := CHANGE.match(text)):
            speaker, text = change[1].title() if change[1] else None, text[change.end() :]
        elif (name := NAMED.match(text)) and name[1].strip() in names:
            speaker, text = name[1].strip(), text[name.end() :]
        parted.append(cue.model_copy(update={"speaker": speaker, "text": text}))
    return [cue for cue in parted if cue.text.strip()]


def names_of(texts: Sequence[str]) -> frozenset[str]:
    """Return what stands before a colon where these are names: on many lines, and the same ones again.

    One in small letters is a name where it comes again.
    """
    found = Counter(named[1].strip() for text in texts if (named := NAMED.match(text)))
    names = {name: times for name, times in found.items() if is_name(name) and (times > 1 or not name[0].islower())}
    times = sum(names.values())
    is_repeated = len(names) <= max(2, times * 0.7) or (times >= MOST_NAMED * len(texts) and len(names) < times)
    return frozenset(names) if times >= MIN_NAMED * len(texts) and is_repeated else frozenset()


def is_name(text: str) -> bool:
    """Return whether what stands before a colon may be somebody's name."""
    return len(text.split()) <= 6 and text.casefold().strip() not in NOT_NAMES  # noqa: PLR2004


def read_turns(lines: Sequence[str], heads: Sequence[Head | None]) -> list[CompanionCue]:
    """Return the cues of a transcript with heads before what was said: one a line, None for a line that is none."""
    begins = [(at, head) for at, head in enumerate(heads) if head]
    cues = list[CompanionCue]()
    for (at, (name, start, behind)), (after, (_, end, _)) in pairwise([*begins, (len(lines), ("", None, ""))]):
        said = [
            text for line in (behind, *lines[at + 1 : after]) if (text := line.strip()) and not SIGNATURE.match(text)
        ]
        cues += spread_cues([(name, _on_one_line("\n".join(said)))], start, end)
    return cues


def head_of(found: re.Match[str] | None) -> Head | None:
    """Return a head by the groups `name`, `time` and perhaps `text` of what matched a line."""
    return (found["name"].strip(), parse_clock(found["time"]), found.groupdict().get("text") or "") if found else None


def share_of_turns(lines: Sequence[str], head: re.Pattern[str]) -> float:
    """Return the share of lines that are heads of turns; none where their times go back, or are a programme's."""
    filled = [line.strip() for line in lines if line.strip()]
    found = [(at, match) for at, line in enumerate(filled) if (match := head.match(line))]
    times = [parse_clock(match["time"]) for _, match in found]
    known = [time for time in times if time is not None]
    if not known or len(known) < len(times) or known != sorted(known) or _is_programme(found, known):
        return 0.0
    return len(found) / len(filled)


def _is_programme(found: Sequence[tuple[int, re.Match[str]]], times: Sequence[float]) -> bool:
    """Say whether times are those of a day's programme: hours and minutes, all of them in steps of five."""
    is_round = all(
        match["time"].count(":") == 1 and time % 5 == 0 for (_, match), time in zip(found, times, strict=True)
    )
    return is_round and (len(times) > 2 or times[0] >= FIVE_MINUTES)  # noqa: PLR2004


def spread_cues(texts: Sequence[tuple[str, str]], start: float | None, end: float | None) -> Iterator[CompanionCue]:
    """Yield (speaker, text) as cues one after the other from `start`, as fast as people speak, but not beyond `end`."""
    if start is None:
        return
    words = sum(_spoken_words(text) for _, text in texts)
    pace = min(1 / WORDS_A_SECOND, (end - start) / words) if end is not None and words and end > start else 0.4
    for speaker, text in texts:
        if length := _spoken_words(text):
            until = round(start + length * pace, 3)
            yield CompanionCue(start=start, end=until, speaker=speaker, text=clean_text(text)[:MAX_TEXT].strip())
            start = until


def _spoken_words(text: str) -> int:
    """Return how many words there are; two letters of a script without spaces are about one."""
    return max(len(text.split()), len(re.findall(UNSPACED, text)) // 2)
