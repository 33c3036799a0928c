"""What readers look up: terms as deck or speakers expanded them, and addresses shown, typed or spoken.

Recognisers mishear addresses, and a link that leads elsewhere is worse than none: what was only spoken is a link where
two hearings agree that did not share a mistake.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from digest.language.languages import get_language
from digest.language.sentences import SpokenSentence
from digest.model.companions import Companions
from digest.model.deck import Deck, Slide
from digest.model.evidence import Evidence, Heard, Left, Shown
from digest.text.links import is_entrance

ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]*(?:[A-Z][a-z]?|[0-9])(?: [A-Z]{2,})?\b")
ENDINGS = (
    "org|com|net|int|edu|gov|info|io|eu|app|dev|ai|example|ch|de|fr|uk|at|nl|be|it|es|se|no|dk|fi|pl|pt|br|ie|lu|us|ca"
    "|au|nz|mx|ar|cl|co"
)
LINK = re.compile(r"https?://[a-z0-9.-]+\.[a-z]{2,}(?:/[\w./~?=&%#+,;:-]*)?(?![\w@:])", re.IGNORECASE)
# As a page has it; what stands behind "@" is somebody's mail.
ADDRESS = re.compile(
    rf"(?<![\w@./-])(?<!\(at\) )(?<!\(at\))((?:[a-z0-9-]+\.)+(?:{ENDINGS}))\b(?![.-]\w|@)((?:/[\w./~?=&%#+-]*[\w/])?)",
    re.IGNORECASE,
)
NAME_WORD = re.compile(r"[^\W\d_][\w'’-]*")
SHORT_ACRONYM = 2  # letters; three are beside their words by chance in none of 92 talks, two in ten
MAX_BETWEEN = 3  # words between acronym and expansion: "which stands for"
REACH = 12  # words on either side
INDEPENDENT = 30.0  # seconds: a recogniser hears so much at once, and copies there what it misheard
ALIKE = 0.8  # of letters: an address that deck or chat holds was heard, with a slip


@dataclass(frozen=True)
class Address:
    """A link for readers: what it was called, what it rests on, and whose words that is."""

    url: str
    text: str
    evidence: tuple[Evidence, ...]
    speaker: str | None = None


def addresses(said: Sequence[SpokenSentence], deck: Deck, companions: Companions) -> list[Address]:
    """Return the links on visible slides, then those typed, then those spoken twice; each once.

    A link into a meeting, or with a password, is none for readers.
    """
    found = dict[str, Address]()
    for one in (*_slide_addresses(deck), *_typed_addresses(companions)):
        found.setdefault(_bare(one.url), one)
    for bare, hearings in _hearings(said).items():
        if (
            agreed := _two_hearings(hearings)
        ) and bare.isascii():  # letters with accents are no host that was heard right
            evidence = tuple(Heard(start=one.start, end=one.end) for one in agreed)
            text = write_addresses(agreed[0].text, agreed[0].language)
            found.setdefault(bare, Address(_url(bare, agreed[0]), text, evidence, agreed[0].speaker))
    return [one for one in found.values() if not is_entrance(one.url)]


def unconfirmed_addresses(
    said: Sequence[SpokenSentence], deck: Deck, companions: Companions
) -> Iterator[tuple[str, SpokenSentence]]:
    """Yield addresses that were spoken and are no link, with the sentence: somebody has to look whether they are right.

    One that is nearly what deck or chat holds is that one, misheard.
    """
    known = [_bare(one.url) for one in addresses(said, deck, companions)]
    for bare, hearings in _hearings(said).items():
        if not any(SequenceMatcher(None, bare, other, autojunk=False).ratio() >= ALIKE for other in known):
            yield _url(bare, hearings[0]), hearings[0]


def spoken_addresses(one: SpokenSentence) -> Iterator[str]:
    """Yield the addresses in a sentence as links would have them."""
    for match in ADDRESS.finditer(write_addresses(one.text, one.language)):
        yield f"https://{match[1].lower()}{match[2]}"


def write_addresses(text: str, language: str) -> str:
    """Return a text with its spoken addresses as they are written: "example dot org slash norms" is example.org/norms.

    An ending that is a word too ("un punto es …") makes an address only with a path, or behind two more parts.
    """
    spoken = _address_pattern(language)
    return spoken.sub(lambda match: _write(match, language), text) if spoken else text


def expansions(said: Sequence[SpokenSentence], deck: Deck) -> Iterator[tuple[str, str, Evidence]]:
    """Yield (acronym, expansion, evidence) where deck or speakers put both side by side; the deck's wording first."""
    seen = set[str]()
    language = said[0].language if said else "en"
    for text, evidence in (*_slide_texts(deck), *((one.text, Heard(start=one.start, end=one.end)) for one in said)):
        for acronym in dict.fromkeys(match.group() for match in ACRONYM.finditer(text)):
            long = acronym not in seen and _expansion(acronym, text, language)
            if long:
                seen.add(acronym)
                yield acronym, long, evidence


def _slide_addresses(deck: Deck) -> Iterator[Address]:
    for slide in deck.visible():
        for link in slide.links:
            if link.target.startswith(("http://", "https://")):
                yield Address(link.target, link.text or link.target, (Shown(slide=slide.number),))
    for line, rests in _slide_texts(deck):
        for url in _addresses_in(line):
            yield Address(url, line, (rests,))


def _typed_addresses(companions: Companions) -> Iterator[Address]:
    """Yield the links in messages, called by their address: what somebody wrote around one is not for readers."""
    for at, message in enumerate(companions.chat):
        for url in _addresses_in(message.text):
            yield Address(url, _bare(url), (Left(companion="chat", item=at),))
    for at, question in enumerate(companions.questions):
        for url in _addresses_in(question.answer or ""):
            yield Address(url, _bare(url), (Left(companion="questions", item=at),))


def _addresses_in(text: str) -> Iterator[str]:
    """Yield the addresses that somebody wrote, with or without https."""
    for found in LINK.findall(text):
        yield found.rstrip(".,;:!?)'\"")
    for match in ADDRESS.finditer(text):
        yield f"https://{match[1].lower()}{match[2]}"


def _hearings(said: Sequence[SpokenSentence]) -> dict[str, list[SpokenSentence]]:
    """Return the sentences in which each address was heard."""
    found = dict[str, list[SpokenSentence]]()
    for one in said:
        for bare in dict.fromkeys(map(_bare, spoken_addresses(one))):
            found.setdefault(bare, []).append(one)
    return found


def _url(bare: str, one: SpokenSentence) -> str:
    return next(url for url in spoken_addresses(one) if _bare(url) == bare)


def _two_hearings(hearings: Sequence[SpokenSentence]) -> tuple[SpokenSentence, SpokenSentence] | None:
    """Return two hearings that were recognised apart: by another voice, or far enough from each other."""
    first = hearings[0]
    for other in hearings[1:]:
        if other.speaker != first.speaker or other.start - first.end >= INDEPENDENT:
            return first, other
    return None


@cache
def _address_pattern(language: str) -> re.Pattern[str] | None:
    """Return what finds an address as it sounds; its groups are the host, its ending, and the path."""
    signs = get_language(language).spoken_signs
    if not signs:
        return None

    def any_of(*wanted: str) -> str:
        return "|".join(sorted((word for word, sign in signs.items() if sign in wanted), key=len, reverse=True))

    joined = rf"[\w-]+(?: (?:{any_of('-', '_')}) [\w-]+)*"
    dot = rf"(?:,? (?:{any_of('.')}) |\.)"
    # Greedy: "tiret bas" is tried before "tiret", and the last ending wins.
    parts = rf"((?:{joined}{dot})*{joined})({dot}(?:{ENDINGS}))(?![\w'’-]|\.\w)"
    path = rf"((?:(?:,? (?:{any_of('/')}) |/){joined}(?:{dot}[\w-]+)*)*/?)"
    return re.compile(rf"(?<![\w@./-]){parts}{path}", re.IGNORECASE)


def _write(match: re.Match[str], language: str) -> str:
    known = get_language(language)
    host, ending, path = (_with_signs(part, known.spoken_signs) for part in match.groups())
    words = known.function_words | known.negations
    is_spoken = not match[2].startswith(".")
    is_sure = bool(path) or "." in host
    if is_spoken and (host.lower() in words or (ending[1:].lower() in words and not is_sure)):
        return match[0]
    return f"{host}{ending}{path}"


def _with_signs(part: str, signs: Mapping[str, str]) -> str:
    """Return the part of an address with signs for the words that name them."""
    for word, sign in sorted(signs.items(), key=lambda known: -len(known[0])):
        part = re.sub(rf",? {word} ", sign, part, flags=re.IGNORECASE)
    return part


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


def _expansion(acronym: str, text: str, language: str) -> str | None:
    """Return the words beside an acronym whose initials it has: "X, the Long Form", "X stands for …", "Long (X)"."""
    letters = [letter for letter in acronym.rpartition(" ")[2] if letter.isupper()]  # UN GGE: the first is one itself
    before, _, after = text.partition(acronym)
    if len(letters) < SHORT_ACRONYM or (
        len(letters) == SHORT_ACRONYM and not after.startswith((" (", ")"))  # two letters fit many words
    ):
        return None
    small = get_language(language).function_words
    behind, ahead = re.findall(NAME_WORD, after)[:REACH], re.findall(NAME_WORD, before)[-REACH:]
    for words, is_before in ((behind, False), (ahead, True)):
        for begin in range(len(words)):
            end = _end_of_initials(words, begin, letters, small)
            if end and (len(words) - end if is_before else begin) <= MAX_BETWEEN:
                return " ".join(words[begin:end])
    return None


def _end_of_initials(words: Sequence[str], begin: int, letters: Sequence[str], small: Collection[str]) -> int:
    """Return where the words from `begin` on have given all letters, small words between them allowed; 0: nowhere."""
    left = list(letters)
    for at in range(begin, len(words)):
        is_small = words[at].lower() in small
        if words[at][0].upper() == left[0] and (words[at][0].isupper() or not is_small):
            left.pop(0)
        elif not is_small or at == begin:
            return 0
        if not left:
            return at + 1
    return 0


def _bare(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/").lower()
