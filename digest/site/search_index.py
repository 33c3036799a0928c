"""The search of all webinars, as files: what each webinar brings along, and the segments that are made of it.

A segment is a year in a language. Its terms lie in buckets by their hash, so that a query loads one bucket a word and
segment; a term's postings name sentences, a webinar at a time. What a sentence says, and when, lies with its webinar,
in blocks of which a reader loads those of the hits that are shown. All files are scripts, which a page opened from a
disk may load. `templates/static/archive.js` reads what is written here.
"""

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from digest import theme
from digest.language.clean_reading import clean
from digest.language.languages import get_language
from digest.language.sentences import ends_sentence
from digest.language.stemming import fold, stem, terms
from digest.model.artifact import Record
from digest.model.public import PublicEdition, PublicEvent
from digest.model.speech import Word, text_of
from digest.settings import Settings
from digest.site.site_files import SiteFile

SEARCH = "search"  # the folder of the search
BLOCK = 32  # sentences of a block: some 3 kB
BUCKET = 5000  # bytes of a bucket, on average: two words over ten years are then some 100 kB
MAX_WORDS = 40  # of a sentence that nobody ended
MAX_POSTINGS = 60  # of a term in a webinar: a word of every second sentence leads nowhere
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"  # five bits each, the sixth: more follow
HALF = len(DIGITS) // 2

Place = tuple[float | str, str]  # where a sentence leads on its page, and what it says


class Searched(Record):
    """What the segments need to know of a webinar; `name` is in the names of its files."""

    segment: str
    name: str
    spoken: int  # sentences that were said or written; those after them are slides
    weight: int  # bytes of its postings

    @property
    def terms_file(self) -> str:
        """Return the name of the file with its terms, in the digest's folder."""
        return f"terms-{self.name}.json"

    def block_file(self, number: int) -> str:
        """Return the name of a block of sentences, in the digest's folder."""
        return f"said-{self.name}-{number}.js"


def index_webinar(edition: PublicEdition) -> tuple[Searched, dict[str, bytes]]:
    """Return what the search needs of a webinar, and the files that it brings along, by their names."""
    return index_sentences(edition.event, edition.language, list(_sentences(edition)), list(_slides(edition)))


def index_sentences(
    event: PublicEvent, language: str, said: Sequence[Place], slides: Sequence[Place]
) -> tuple[Searched, dict[str, bytes]]:
    """Return the same of an event's sentences, each with the place on its page: a second, an id, or its top."""
    language, units = language.partition("-")[0], [*said, *slides]
    day = event.starts_at.astimezone(ZoneInfo(event.timezone)).date()
    postings = _postings([text for _, text in units], language)
    name = hashlib.sha256(json.dumps([event.title, units, postings]).encode()).hexdigest()[:8]
    weight = sum(map(len, postings.values())) + 2 * len(postings)
    searched = Searched(segment=f"{day.year}-{language}", name=name, spoken=len(said), weight=weight)
    files = {searched.terms_file: json.dumps(postings, ensure_ascii=False).encode()}
    for number in range(math.ceil(len(units) / BLOCK)):
        inside = units[number * BLOCK : (number + 1) * BLOCK]
        block = {"title": event.title, "date": day.isoformat(), "said": inside}
        files[searched.block_file(number)] = _script(f"{event.slug}/{name}-{number}", block)
    return searched, files


def _sentences(edition: PublicEdition) -> Iterator[Place]:
    """Yield where each sentence leads on the page, and what it says: first what the webinar is called and who spoke."""
    event = edition.event
    people = (speaker.name for speaker in event.speakers)
    yield "", " · ".join(filter(None, (event.title, event.series, *people, *event.tags)))
    for paragraph in edition.paragraphs:
        for words in _split(clean(paragraph.words, edition.language)):
            yield round(edition.page_time(words[0].start), 1), text_of(words)
    if not edition.paragraphs:
        yield from ((f"s-{one.id}", one.text) for one in edition.digest.sentences())


def _split(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    start = 0
    for at, word in enumerate(words, start=1):
        if ends_sentence(word.text) or at - start >= MAX_WORDS or at == len(words):
            yield words[start:at]
            start = at


def _slides(edition: PublicEdition) -> Iterator[Place]:
    for slide in edition.slides:
        if text := " · ".join(filter(None, (slide.title, *(line.text for line in slide.body)))):
            yield f"slide-{slide.number}", text


def _postings(texts: Sequence[str], language: str) -> dict[str, str]:
    """Return for each term how many sentences have it and which, as differences; function words are left out."""
    left_out = {stem(fold(word), language) for word in get_language(language).function_words}
    found = defaultdict[str, list[int]](list)
    for number, text in enumerate(texts):
        for term in set(terms(text, language)) - left_out:
            found[term].append(number)
    return {
        term: encode([min(len(at), MAX_POSTINGS), *(b - a for a, b in zip([0, *at], at[:MAX_POSTINGS], strict=False))])
        for term, at in sorted(found.items())
    }


def encode(numbers: Iterable[int]) -> str:
    """Return numbers as text, the small ones a letter each."""
    return "".join(_digits(number) for number in numbers)


@lru_cache(maxsize=65536)
def _digits(number: int) -> str:
    written = ""
    while number >= HALF:
        written += DIGITS[HALF + number % HALF]
        number //= HALF
    return written + DIGITS[number]


def hash_of(term: str) -> int:
    """Return the number by which a term has its bucket, the same as in the page's script."""
    number = 0
    for letter in term:
        number = (number * 31 + ord(letter)) & 0xFFFFFFFF
    return number ^ (number >> 15)


def search_files(
    webinars: Sequence[tuple[str, Searched]],
    settings: Settings,
    *,
    key: str,
    read: Callable[[str, str], bytes],
    asset: Callable[[str, str], str],
) -> list[SiteFile]:
    """Return all files of the search, the page last; `webinars` are slugs in the order of time with what they bring.

    `read(slug, name)` returns a file of a webinar's digest folder. Nothing is read before a file is rendered.
    """
    segments = defaultdict[str, list[tuple[str, Searched]]](list)
    for slug, searched in webinars:
        segments[searched.segment].append((slug, searched))
    files, shown = list[SiteFile](), dict[str, list[object]]()
    for segment, inside in sorted(segments.items(), reverse=True):
        one = _Segment(segment, inside, read)
        shown[segment] = [one.count, one.key]
        files += one.files()
    page = hashlib.sha256(json.dumps([key, shown]).encode()).hexdigest()[:16]

    def render() -> bytes:
        html = theme.environment(settings).get_template("search.html")
        up = "../"
        return html.render(
            organisation=settings.organisation,
            asset=lambda name: asset(name, up),
            home=f"{up}index.html",
            segments=shown,
            count=len(webinars),
        ).encode()

    return [*files, SiteFile(f"{SEARCH}/index.html", page, render)]


class _Segment:
    """The buckets of a year in a language, merged when the first of them is asked for."""

    def __init__(self, name: str, webinars: Sequence[tuple[str, Searched]], read: Callable[[str, str], bytes]) -> None:
        self._name, self._webinars, self._read = name, webinars, read
        weight = sum(one.weight for _, one in webinars)
        self.count = 1 << max(0, math.ceil(math.log2(weight / BUCKET))) if weight else 1  # of buckets
        made_from = [[slug, one.name, one.spoken] for slug, one in webinars]
        self.key = hashlib.sha256(json.dumps([made_from, self.count]).encode()).hexdigest()[:8]
        self._merged: list[dict[str, str]] = []

    def files(self) -> Iterator[SiteFile]:
        """Yield the buckets and the list of webinars."""
        for number in range(self.count):
            yield self._file(str(number), partial(self._bucket, number))
        listed = [[slug, one.name, one.spoken] for slug, one in self._webinars]
        yield self._file("webinars", lambda: listed)

    def _file(self, name: str, content: Callable[[], object]) -> SiteFile:
        path = f"{self._name}/{name}"
        return SiteFile(f"{SEARCH}/{path}.js", self.key, lambda: _script(path, content()))

    def _bucket(self, number: int) -> dict[str, str]:
        return self._merge()[number]

    def _merge(self) -> list[dict[str, str]]:
        """Return the terms of each bucket with where they are: the difference of the webinar's number, then its own."""
        if self._merged:
            return self._merged
        found, last = defaultdict[str, list[str]](list), dict[str, int]()
        for number, (slug, searched) in enumerate(self._webinars):
            for term, postings in json.loads(self._read(slug, searched.terms_file)).items():
                found[term] += (_digits(number - last.get(term, 0)), postings)
                last[term] = number
        self._merged = [{} for _ in range(self.count)]
        for term in sorted(found):
            self._merged[hash_of(term) % self.count][term] = "".join(found[term])
        return self._merged


def _script(path: str, content: object) -> bytes:
    """Return a script that hands its content to the page: a page opened from a disk may load nothing else."""
    return f"archive({json.dumps(path)},{json.dumps(content, ensure_ascii=False, separators=(',', ':'))})\n".encode()
