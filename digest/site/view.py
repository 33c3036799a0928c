"""An Edition in, what its page shows out: every time is page time, every file an address, nothing left to compute."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from digest.exports import captions
from digest.language.clean_reading import clean
from digest.model.artifact import StoredFile
from digest.model.deck import PartPicture
from digest.model.digest import Digest, DigestChapter, Evidence, Heard, Left, PollResult, Question, Sentence, Shown
from digest.model.edition import Edition, EditionSlide
from digest.model.event import Event, EventSpeaker
from digest.model.speech import Word
from digest.privacy.masks import published_name

Address = Callable[[StoredFile], str]

SHORTEST_NAME = 2  # letters; an initial is no name
LEAST_ON = 1.0  # seconds that a slide must have been on for the page to lead there


@dataclass(frozen=True)
class Moment:
    """A stretch of page time; `href` leads there, None where no recording is published."""

    start: float
    end: float
    href: str | None


@dataclass(frozen=True)
class Source:
    """What a sentence rests on: a moment, a slide (`is_shown` if the page has it), or what somebody typed."""

    moment: Moment | None = None
    slide: int | None = None
    is_shown: bool = False


@dataclass(frozen=True)
class Said:
    """A sentence with its sources; `speaker` is a name, None where nobody knows it."""

    id: str
    text: str
    speaker: str | None
    sources: tuple[Source, ...]

    @property
    def is_credited(self) -> bool:
        """Return whether the text itself says who said it: “Okafor noted …”."""
        return self.speaker is not None and self.speaker.split()[-1] in self.text


@dataclass(frozen=True)
class Chapter:
    """A chapter and its account, which may be empty."""

    title: str
    moment: Moment
    sentences: tuple[Said, ...]


@dataclass(frozen=True)
class Asked:
    """A question as asked and as answered."""

    number: int
    moment: Moment | None
    asked_by: str | None
    question: Said
    answer: tuple[Said, ...]


@dataclass(frozen=True)
class Chosen:
    """An answer of a poll: how many gave it, and their share of all answers, between 0 and 1."""

    text: str
    votes: int
    share: float


@dataclass(frozen=True)
class Polled:
    """A poll and its answers, most given first."""

    question: Said
    answers: tuple[Chosen, ...]


@dataclass(frozen=True)
class ShownSlide:
    """A slide with the addresses of its picture, or of the `parts` beside its text, and when it was on."""

    slide: EditionSlide
    picture: str | None
    thumbnail: str | None
    parts: tuple[tuple[str, PartPicture], ...]
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class ComingOn:
    """A slide that comes on while the transcript is read; its text is read out the first time only."""

    slide: EditionSlide
    moment: Moment
    is_first: bool


@dataclass(frozen=True)
class Passage:
    """A paragraph of the transcript in the clean reading, one space between words and nowhere else.

    `speaker` where another one begins; `slides` are those that came on before it.
    """

    moment: Moment
    speaker: str | None
    text: str
    slides: tuple[ComingOn, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Announced:
    """A speaker of whom more is known than the name; `moment` is where they are first heard."""

    name: str
    role: str | None
    url: str | None
    moment: Moment | None


@dataclass(frozen=True)
class Download:
    """A file to take away."""

    href: str
    size: int


@dataclass(frozen=True)
class Recording:
    """What the player plays; `captions` is the address of a .vtt file."""

    src: str
    mime: str
    poster: str | None
    width: int | None
    height: int | None
    captions: str | None


@dataclass(frozen=True)
class Page:
    """All of a digest page, in its order. `played` is what the player's script reads, as plain JSON."""

    duration: float
    recording: Recording | None
    in_brief: tuple[Said, ...]
    key_points: tuple[Said, ...]
    chapters: tuple[Chapter, ...]
    questions: tuple[Asked, ...]
    polls: tuple[Polled, ...]
    quotes: tuple[Said, ...]
    figures: tuple[Said, ...]
    left_open: tuple[Said, ...]
    terms: tuple[tuple[str, Said], ...]
    resources: tuple[tuple[str, Said], ...]
    about: tuple[Announced, ...]
    slides: tuple[ShownSlide, ...]
    transcript: tuple[Passage, ...]
    downloads: dict[str, Download]
    played: dict[str, object]


def event_as_published(event: Event) -> Event:
    """Return the Event as readers may see it: under the Chatham House rule speakers are their roles."""
    if not event.chatham_house:
        return event
    roles = tuple(s.model_copy(update={"name": s.role, "role": None, "url": None}) for s in event.speakers if s.role)
    return event.model_copy(update={"speakers": roles})


def as_published(edition: Edition) -> Edition:
    """Return the Edition as readers may see it: names only where that is agreed, no transcript without sound."""
    event, digest = edition.event, edition.digest
    if event.chatham_house or not event.name_audience:
        questions = tuple(asked.model_copy(update={"asked_by": None}) for asked in digest.questions)
        digest = digest.model_copy(update={"questions": questions})
    speakers = tuple(
        s.model_copy(update={"name": published_name(s, event), "suggested": None}) for s in edition.speakers
    )
    shown: dict[str, object] = {"event": event_as_published(event), "digest": digest, "speakers": speakers}
    if event.chatham_house:
        shown |= _in_roles(edition.model_copy(update={"digest": digest}))
    if not event.publish_recording:
        shown["paragraphs"] = ()
    return edition.model_copy(update=shown)


def _in_roles(edition: Edition) -> dict[str, object]:
    """Return digest, transcript and slides with roles in place of the names of who spoke, in full or any part of them.

    A slide that names one is set as text, and then there is no PDF of the slides: pictures cannot be reworded.
    """
    roles = dict[str, str]()
    known = [(speaker.name or "", speaker.role) for speaker in edition.speakers]
    announced = [(speaker.name, speaker.role) for speaker in edition.event.speakers]
    for name, role in (*known, *announced):  # announced roles say more than "Questioner 1"
        parts = (part for part in name.split() if part[0].isupper() and len(part) >= SHORTEST_NAME)
        roles |= dict.fromkeys((name, *parts), f"[{role or 'a speaker'}]")
    longest_first = sorted(filter(None, roles), key=len, reverse=True)
    if not longest_first:
        return {}
    names = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")

    def without(value: Any) -> Any:
        if isinstance(value, str):
            return names.sub(lambda found: roles[found[0]], value)
        if isinstance(value, dict):
            return {key: without(inner) for key, inner in value.items()}
        return [without(inner) for inner in value] if isinstance(value, list | tuple) else value

    slides = list[EditionSlide]()
    for slide in edition.slides:
        reworded = EditionSlide.model_validate(without(slide.model_dump()))
        is_named = reworded != slide
        slides.append(
            reworded.model_copy(update={"image": None, "thumbnail": None, "parts": ()}) if is_named else slide
        )
    paragraphs = tuple(
        paragraph.model_copy(update={"words": tuple(_without_names(paragraph.words, names, roles))})
        for paragraph in edition.paragraphs
    )
    return {
        "paragraphs": paragraphs,
        "digest": Digest.model_validate(without(edition.digest.model_dump(by_alias=True))),
        "slides": tuple(slides),
        "slides_pdf": edition.slides_pdf if tuple(slides) == edition.slides else None,
    }


def _without_names(words: Sequence[Word], names: re.Pattern[str], roles: Mapping[str, str]) -> Iterator[Word]:
    """Yield the words, those that make a name as one with the role in its place, in the time of all of them."""
    ends = list(accumulate(len(word.text) + 1 for word in words))
    text = " ".join(word.text for word in words)
    at = 0
    for found in names.finditer(text):
        first, last = bisect_right(ends, found.start()), bisect_right(ends, found.end() - 1)
        if first < at:  # two names in one word: the first speaks for both
            continue
        yield from words[at:first]
        before, after = (
            text[ends[first] - len(words[first].text) - 1 : found.start()],
            text[found.end() : ends[last] - 1],
        )
        whole = f"{before}{roles[found[0]]}{after}"
        yield words[first].model_copy(update={"text": whole, "end": words[last].end})
        at = last + 1
    yield from words[at:]


def of(edition: Edition, downloads: Sequence[StoredFile], address: Address) -> Page:
    """Return what the page of an Edition shows; `downloads` are the files made from it, told apart by their names."""
    return _View(edition, downloads, address).page()


class _View:
    """One Edition, looked at through page time and addresses."""

    def __init__(self, edition: Edition, downloads: Sequence[StoredFile], address: Address) -> None:
        self._edition, self._address = edition, address
        self._is_heard = edition.event.publish_recording
        self._numbers = {slide.number for slide in edition.slides}
        self._made = {file.path.rpartition(".")[2]: file for file in downloads}

    def page(self) -> Page:
        edition, digest = self._edition, self._edition.digest
        passages = tuple(self._passages())
        return Page(
            duration=edition.page_time(edition.shown.end),
            recording=self._recording() if self._is_heard else None,
            in_brief=self._all(digest.in_brief),
            key_points=self._all(digest.key_points),
            chapters=tuple(map(self._chapter, digest.chapters)),
            questions=tuple(self._asked(number, asked) for number, asked in enumerate(digest.questions, start=1)),
            polls=tuple(map(self._polled, digest.polls)),
            quotes=self._all(digest.quotes),
            figures=self._all(digest.figures),
            left_open=self._all(digest.left_open),
            terms=tuple((entry.term, self._said(entry.sentence)) for entry in digest.terms),
            resources=tuple((entry.url, self._said(entry.sentence)) for entry in digest.resources),
            about=tuple(self._announced(speaker) for speaker in edition.event.speakers if speaker.role or speaker.url),
            slides=tuple(map(self._slide, edition.slides)),
            transcript=passages,
            downloads=self._downloads(),
            played=self._played(passages),
        )

    def _all(self, sentences: Sequence[Sentence]) -> tuple[Said, ...]:
        return tuple(map(self._said, sentences))

    def _said(self, sentence: Sentence) -> Said:
        speaker = self._edition.speaker_name(sentence.speaker)
        return Said(sentence.id, sentence.text, speaker, tuple(map(self._source, sentence.evidence)))

    def _source(self, evidence: Evidence) -> Source:
        match evidence:
            case Heard(start=start, end=end):
                return Source(moment=self._moment(start, end))
            case Shown(slide=number):
                return Source(slide=number, is_shown=number in self._numbers)
            case Left():
                return Source()

    def _moment(self, start: float, end: float) -> Moment:
        start, end = self._edition.page_time(start), self._edition.page_time(end)
        href = f"{self._address(self._edition.web)}#t={int(start)}" if self._is_heard else None
        return Moment(round(start, 2), round(end, 2), href)

    def _chapter(self, chapter: DigestChapter) -> Chapter:
        return Chapter(chapter.title, self._moment(chapter.start, chapter.end), self._all(chapter.sentences))

    def _asked(self, number: int, asked: Question) -> Asked:
        moment = None if asked.start is None else self._moment(asked.start, asked.end or asked.start)
        return Asked(number, moment, asked.asked_by, self._said(asked.question), self._all(asked.answer))

    def _polled(self, poll: PollResult) -> Polled:
        given = sum(option.votes for option in poll.options) or 1
        chosen = (Chosen(option.text, option.votes, option.votes / given) for option in poll.options)
        return Polled(self._said(poll.question), tuple(sorted(chosen, key=lambda one: -one.votes)))

    def _slide(self, slide: EditionSlide) -> ShownSlide:
        return ShownSlide(
            slide,
            self._address(slide.image) if slide.image else None,
            self._address(slide.thumbnail) if slide.thumbnail else None,
            tuple((self._address(part), part) for part in slide.parts),
            tuple(
                self._moment(interval.start, interval.end)
                for interval in self._edition.intervals
                if interval.slide == slide.number and interval.end - interval.start >= LEAST_ON
            ),
        )

    def _passages(self) -> Iterator[Passage]:
        edition, spoke = self._edition, ""
        read = [(one, words) for one in edition.paragraphs if (words := clean(one.words, edition.language))]
        coming = self._coming_on([paragraph.start for paragraph, _ in read])
        for (paragraph, words), slides in zip(read, coming, strict=True):
            text = " ".join("\u00a0".join(word.text.split()) for word in words)
            speaker = None if paragraph.speaker == spoke else edition.speaker_name(paragraph.speaker)
            yield Passage(self._moment(paragraph.start, paragraph.end), speaker, text, slides, words)
            spoke = paragraph.speaker

    def _coming_on(self, starts: Sequence[float]) -> list[tuple[ComingOn, ...]]:
        """Return the slides that come on before each paragraph: before the one that begins nearest to it."""
        slides = {slide.number: slide for slide in self._edition.slides}
        coming, seen = [list[ComingOn]() for _ in starts], set[int]()
        for interval in self._edition.intervals:
            slide = slides.get(interval.slide or 0)
            if starts and slide and interval.end - interval.start >= LEAST_ON:
                nearest = min(range(len(starts)), key=lambda at: abs(starts[at] - interval.start))
                moment = self._moment(interval.start, interval.end)
                coming[nearest].append(ComingOn(slide, moment, slide.number not in seen))
                seen.add(slide.number)
        return [tuple(slides) for slides in coming]

    def _announced(self, speaker: EventSpeaker) -> Announced:
        edition = self._edition
        heard = next((p for p in edition.paragraphs if edition.speaker_name(p.speaker) == speaker.name), None)
        moment = self._moment(heard.start, heard.end) if heard else None
        return Announced(speaker.name, speaker.role, speaker.url, moment)

    def _recording(self) -> Recording:
        web, poster = self._edition.web, self._edition.poster
        return Recording(
            src=self._address(web),
            mime=web.mime,
            poster=self._address(poster) if poster else None,
            width=web.width,
            height=web.height,
            captions=self._address(self._made["vtt"]) if "vtt" in self._made else None,
        )

    def _downloads(self) -> dict[str, Download]:
        files = {"original": self._edition.original_deck, "pdf": self._edition.slides_pdf, **self._made}
        return {kind: Download(self._address(file), file.size) for kind, file in files.items() if file}

    def _played(self, passages: Sequence[Passage]) -> dict[str, object]:
        """Return cues, slide intervals and word times: a page opened from a disk may load nothing else."""
        if not self._is_heard:
            return {}
        edition = self._edition
        intervals = (interval for interval in edition.intervals if interval.slide in self._numbers)
        return {
            "language": edition.language,
            "cues": [[cue.start, cue.end, _cue_text(cue)] for cue in captions.of(edition)],
            "slides": [
                [round(edition.page_time(i.start), 2), round(edition.page_time(i.end), 2), i.slide] for i in intervals
            ],
            "words": [_deltas([edition.page_time(word.start) for word in passage.words]) for passage in passages],
        }


def _cue_text(cue: captions.Cue) -> str:
    return "\n".join(cue.lines)


def _deltas(starts: Sequence[float]) -> list[int]:
    """Return when each word starts in hundredths of a second, each as the difference from the one before it."""
    hundredths = list(accumulate((round(start * 100) for start in starts), max))
    return hundredths[:1] + [later - earlier for earlier, later in pairwise(hundredths)]
