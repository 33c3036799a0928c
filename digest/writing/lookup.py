"""What readers look up: terms as deck or speakers expanded them, and addresses shown, spoken or typed."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from digest.language.sentences import SpokenSentence
from digest.model.companions import ChatMessage
from digest.model.deck import Deck, Slide
from digest.model.evidence import Evidence, Heard, Left, Shown

ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]*(?:[A-Z][a-z]?|[0-9])(?: [A-Z]{2,})?\b")
ENDINGS = "org|com|net|int|edu|gov|info|io|eu|ch|de|fr|uk|at|nl|be|it|es|se|no|dk|fi|pl"
# As it sounds ("example dot org slash norms"), and as transcribers space it ("example .org/norms").
SPOKEN = re.compile(
    rf"\b[\w-]+(?:(?: dot |\s?\.\s?)[\w-]+)*?(?: dot |\s?\.)(?:{ENDINGS})\b(?:(?: slash |/)[\w-]+)*", re.IGNORECASE
)
LINK = re.compile(r"https?://[a-z0-9.-]+\.[a-z]{2,}(?:/[\w./~?=&%#+,;:-]*)?(?![\w@:])", re.IGNORECASE)
MEETING = re.compile(
    r"\b(?:zoom|teams|meet|webex|gotomeeting|gotowebinar|bbb|bigbluebutton|jitsi|whereby)", re.IGNORECASE
)
ADDRESS = re.compile(rf"\b(?:https?://)?((?:[a-z0-9-]+\.)+(?:{ENDINGS}))\b((?:/[\w./~-]*\w)?)", re.IGNORECASE)


def expansions(said: Sequence[SpokenSentence], deck: Deck) -> Iterator[tuple[str, str, Evidence]]:
    """Yield (acronym, expansion, evidence) where deck or speakers put both side by side; the deck's wording first."""
    seen = set[str]()
    for text, evidence in (*_slide_texts(deck), *((one.text, Heard(start=one.start, end=one.end)) for one in said)):
        for acronym in dict.fromkeys(match.group() for match in ACRONYM.finditer(text)):
            long = _expansion(acronym, text)
            if long and acronym not in seen:
                seen.add(acronym)
                yield acronym, long, evidence


def spoken_addresses(one: SpokenSentence) -> Iterator[str]:
    """Yield the addresses in a sentence as they are written."""
    text = SPOKEN.sub(_write_address, one.text) if one.language == "en" else one.text  # "dot" and "slash" are English
    for match in ADDRESS.finditer(text):
        yield f"https://{match.group(1).lower()}{match.group(2)}"


def addresses(
    said: Sequence[SpokenSentence], deck: Deck, chat: Sequence[ChatMessage]
) -> Iterator[tuple[str, str, Evidence, str | None]]:
    """Yield (url, what it was called, evidence, who spoke) of links on visible slides, then spoken, then typed ones.

    A link into a meeting that somebody typed is none for readers.
    """
    seen = set[str]()
    for slide in deck.visible():
        for link in slide.links:
            if link.target.startswith(("http://", "https://")) and _bare(link.target) not in seen:
                seen.add(_bare(link.target))
                yield link.target, link.text or link.target, Shown(slide=slide.number), None
    for one in said:
        for url in spoken_addresses(one):
            if _bare(url) not in seen:
                seen.add(_bare(url))
                yield url, one.text, Heard(start=one.start, end=one.end), one.speaker
    for at, message in enumerate(chat):
        for found in LINK.findall(message.text):
            url = found.rstrip(".,;:!?)'\"")
            if _bare(url) not in seen and not MEETING.search(urlsplit(url).netloc):
                seen.add(_bare(url))
                yield url, message.text, Left(companion="chat", item=at), None


def _slide_texts(deck: Deck) -> Iterator[tuple[str, Evidence]]:
    for slide in deck.visible():
        for line in _lines(slide):
            yield line, Shown(slide=slide.number)


def _lines(slide: Slide) -> Iterator[str]:
    if slide.title:
        yield slide.title
    for line in slide.body:
        yield line.text
    for table in slide.tables:
        for row in table:
            yield from row


def _expansion(acronym: str, text: str) -> str | None:
    """Return the long form beside an acronym: "X, the Long Form", "X (Long Form)", "X stands for …", "Long, or X"."""
    letters = [letter for letter in acronym if letter.isupper()]
    short = re.escape(acronym)
    word = r"[A-Za-z][\w-]*"
    for pattern in (
        rf"{short}(?: \(|,? (?:the |which is |or |stands for |means )+)({word}(?: {word}){{1,6}})",
        rf"({word}(?: {word}){{1,6}})(?: \(|, or (?:an? )?){short}\b",
    ):
        for match in re.finditer(pattern, text):
            if found := _with_initials(match.group(1).split(), letters):
                return found
    return None


def _with_initials(words: Sequence[str], letters: Sequence[str]) -> str | None:
    """Return the run of words whose first letters are the acronym's, small words between them allowed."""
    for begin in range(len(words)):
        left, at = list(letters), begin
        while at < len(words) and left:
            if words[at][0].upper() == left[0]:
                left.pop(0)
            elif words[at].lower() not in {"of", "for", "the", "and", "on", "in", "to", "de"}:
                break
            at += 1
        if not left:
            return " ".join(words[begin:at])
        if len(left) == 1 and len(letters) > 3:  # noqa: PLR2004  # UN GGE: its first word is an acronym of its own
            continue
    if len(letters) > 3:  # noqa: PLR2004
        return _with_initials(words, letters[2:])
    return None


def _write_address(match: re.Match[str]) -> str:
    dotted = re.sub(r" dot |\s?\.\s?", ".", match.group(0), flags=re.IGNORECASE)
    return re.sub(" slash ", "/", dotted, flags=re.IGNORECASE)


def _bare(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/").lower()
