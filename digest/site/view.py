"""An Edition in, what its page shows out: every time is page time, every file an address, nothing left to compute."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from digest import captions
from digest.model.artifact import StoredFile
from digest.model.digest import Digest, DigestChapter, Evidence, Heard, Left, Question, Sentence, Shown
from digest.model.edition import Edition, EditionSlide, Paragraph
from digest.model.event import Event
from digest.writing.names import published_name

Address = Callable[[StoredFile], str]

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
class ShownSlide:
    """A slide with the addresses of its pictures, if it has any, and when it was on."""

    slide: EditionSlide
    picture: str | None
    thumbnail: str | None
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class Passage:
    """A paragraph of the transcript, one space between words and nowhere else; `speaker` where another one begins."""

    moment: Moment
    speaker: str | None
    text: str


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
    quotes: tuple[Said, ...]
    figures: tuple[Said, ...]
    left_open: tuple[Said, ...]
    terms: tuple[tuple[str, Said], ...]
    resources: tuple[tuple[str, Said], ...]
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
    """Return digest and slides with the speakers' roles in place of their names, in full or the family name alone.

    A slide that names one is set as text, and then there is no PDF of the slides: pictures cannot be reworded.
    """
    roles = dict[str, str]()
    for speaker in edition.event.speakers:
        role = f"[{speaker.role or 'a speaker'}]"
        roles |= dict.fromkeys((speaker.name, *speaker.name.split()[-1:]), role)
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
        slides.append(reworded.model_copy(update={"image": None, "thumbnail": None}) if is_named else slide)
    return {
        "digest": Digest.model_validate(without(edition.digest.model_dump(by_alias=True))),
        "slides": tuple(slides),
        "slides_pdf": edition.slides_pdf if tuple(slides) == edition.slides else None,
    }


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
        return Page(
            duration=edition.page_time(edition.shown.end),
            recording=self._recording() if self._is_heard else None,
            in_brief=self._all(digest.in_brief),
            key_points=self._all(digest.key_points),
            chapters=tuple(map(self._chapter, digest.chapters)),
            questions=tuple(self._asked(number, asked) for number, asked in enumerate(digest.questions, start=1)),
            quotes=self._all(digest.quotes),
            figures=self._all(digest.figures),
            left_open=self._all(digest.left_open),
            terms=tuple((entry.term, self._said(entry.sentence)) for entry in digest.terms),
            resources=tuple((entry.url, self._said(entry.sentence)) for entry in digest.resources),
            slides=tuple(map(self._slide, edition.slides)),
            transcript=tuple(self._passages()),
            downloads=self._downloads(),
            played=self._played(),
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

    def _slide(self, slide: EditionSlide) -> ShownSlide:
        return ShownSlide(
            slide,
            self._address(slide.image) if slide.image else None,
            self._address(slide.thumbnail) if slide.thumbnail else None,
            tuple(
                self._moment(interval.start, interval.end)
                for interval in self._edition.intervals
                if interval.slide == slide.number and interval.end - interval.start >= LEAST_ON
            ),
        )

    def _passages(self) -> Iterator[Passage]:
        before: Paragraph | None = None
        for paragraph in self._edition.paragraphs:
            text = " ".join("\u00a0".join(word.text.split()) for word in paragraph.words)
            goes_on = before is not None and before.speaker == paragraph.speaker
            speaker = None if goes_on else self._edition.speaker_name(paragraph.speaker)
            yield Passage(self._moment(paragraph.start, paragraph.end), speaker, text)
            before = paragraph

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

    def _played(self) -> dict[str, object]:
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
            "words": [_deltas([edition.page_time(word.start) for word in p.words]) for p in edition.paragraphs],
        }


def _cue_text(cue: captions.Cue) -> str:
    return "\n".join(cue.lines)


def _deltas(starts: Sequence[float]) -> list[int]:
    """Return when each word starts in hundredths of a second, each as the difference from the one before it."""
    hundredths = list(accumulate((round(start * 100) for start in starts), max))
    return hundredths[:1] + [later - earlier for earlier, later in pairwise(hundredths)]
