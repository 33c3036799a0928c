"""A PublicEdition in, what its page shows out: times are page time, files addresses, nothing is left to compute."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from digest.exports.captions import Cue, cut_cues
from digest.language.clean_reading import clean
from digest.language.sentences import ends_sentence
from digest.model.artifact import StoredFile
from digest.model.deck import PartPicture
from digest.model.digest import DigestChapter, PollResult, Question, Sentence
from digest.model.edition import EditionSlide, Paragraph
from digest.model.event import EventSpeaker
from digest.model.evidence import Announced, Evidence, Heard, Left, Shown
from digest.model.public import PublicEdition
from digest.model.speech import Word, text_of

Address = Callable[[StoredFile], str]

SAME_PASSAGE = 3.0  # seconds between two sentences that are read as one paragraph
MIN_ON = 1.0  # seconds that a slide must have been on for the page to lead there
WORDS_A_MINUTE = 238  # adults who read English silently: Brysbaert 2019, 190 studies
VOICES = 6  # colours and shapes that a reader can tell apart
MIN_PAUSE = 2.0  # seconds; of more than one they are long in five languages (Campione and Véronis 2002)
BREATH = 0.5  # seconds that stay at either end of a pause which is skipped
WORTH_SKIPPING = 10.0  # seconds that skipping all pauses must save before it is offered


@dataclass(frozen=True)
class Moment:
    """A stretch of page time; `href` leads there, None where no recording is published."""

    start: float
    end: float
    href: str | None


@dataclass(frozen=True)
class SourceLink:
    """What a sentence rests on: a moment, a slide (`is_shown` if on the page), the announcement, or what was typed."""

    moment: Moment | None = None
    slide: int | None = None
    is_shown: bool = False
    is_announced: bool = False


@dataclass(frozen=True)
class QuotedSentence:
    """A sentence with its sources; `speaker` is a name, None where nobody knows it."""

    id: str
    text: str
    speaker: str | None
    sources: tuple[SourceLink, ...]

    @property
    def is_credited(self) -> bool:
        """Return whether the text itself says who said it: “Okafor noted …”."""
        return self.speaker is not None and self.speaker.split()[-1] in self.text


@dataclass(frozen=True)
class QuotedParagraph:
    """Sentences that were said in a row; `speaker` is who is to be named: None where unknown, or just named."""

    speaker: str | None
    sentences: tuple[QuotedSentence, ...]


@dataclass(frozen=True)
class ChapterView:
    """A chapter and its account, which may be empty."""

    title: str
    moment: Moment
    sentences: tuple[QuotedSentence, ...]

    @property
    def paragraphs(self) -> tuple[QuotedParagraph, ...]:
        """Return the account in paragraphs, one for each change of speaker."""
        return split_paragraphs(self.sentences)


@dataclass(frozen=True)
class AskedQuestion:
    """A question as asked and as answered."""

    number: int
    moment: Moment | None
    asked_by: str | None
    question: QuotedSentence
    answer: tuple[QuotedSentence, ...]

    @property
    def answer_paragraphs(self) -> tuple[QuotedParagraph, ...]:
        """Return the answer in paragraphs, one for each change of speaker."""
        return split_paragraphs(self.answer)


def split_paragraphs(sentences: Sequence[QuotedSentence]) -> tuple[QuotedParagraph, ...]:
    """Return sentences in paragraphs, one for each passage; whoever speaks on in the next one is not named again.

    Where somebody among them is not known, a paragraph without a name is theirs, and all others have one.
    """
    runs = list[list[QuotedSentence]]()
    for one in sentences:
        if runs and runs[-1][-1].speaker == one.speaker and _follows(runs[-1][-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    all_known = all(one.speaker for one in sentences)
    found, known = list[QuotedParagraph](), None
    for run in runs:
        is_told = run[0].is_credited or (all_known and run[0].speaker == known)
        found.append(QuotedParagraph(None if is_told else run[0].speaker, tuple(run)))
        known = run[0].speaker
    return tuple(found)


def _follows(before: QuotedSentence, one: QuotedSentence) -> bool:
    """Return whether a sentence was said right after another; of what was not said it is not known."""
    ended, begins = before.sources[-1].moment, one.sources[0].moment
    return ended is None or begins is None or abs(begins.start - ended.end) < SAME_PASSAGE


@dataclass(frozen=True)
class PollAnswer:
    """An answer of a poll: how many gave it, and their share of all answers, between 0 and 1."""

    text: str
    votes: int
    share: float


@dataclass(frozen=True)
class PollView:
    """A poll and its answers, most given first."""

    question: QuotedSentence
    answers: tuple[PollAnswer, ...]


@dataclass(frozen=True)
class ShownSlide:
    """A slide with the addresses of its picture, or of the `parts` beside its text, and when it was on."""

    slide: EditionSlide
    picture: str | None
    thumbnail: str | None
    parts: tuple[tuple[str, PartPicture], ...]
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class SlideChange:
    """A slide that comes on while the transcript is read; its text is read out the first time only."""

    slide: EditionSlide
    moment: Moment
    is_first: bool


@dataclass(frozen=True)
class TranscriptPassage:
    """A paragraph of the transcript in the clean reading, one space between words that have one, and nowhere else.

    A slide parts a paragraph where it came on: `slides` are those that came on before this part, and no time in the
    transcript is earlier than the one above it. `by` is who speaks; `is_named` where another one begins; `language` is
    given where it is another than the page's. Without words it holds the slides that came on after the last of them.
    """

    moment: Moment
    by: str | None
    is_named: bool
    text: str
    slides: tuple[SlideChange, ...]
    words: tuple[Word, ...]
    language: str | None = None


@dataclass(frozen=True)
class AnnouncedSpeaker:
    """A speaker of whom more is known than the name; `moment` is where they are first heard."""

    name: str
    role: str | None
    url: str | None
    moment: Moment | None


@dataclass(frozen=True)
class Download:
    """A file to take away; `label` is English, for the page to say in its own language; `number` is one of several."""

    label: str
    href: str
    size: int
    number: int | None = None


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
    """All of a digest page, in its order. `played` is what the player's script reads, as plain JSON.

    `voices` numbers those who speak, from 1, so that each has a colour and a shape. `key_seconds` is how long it takes
    to hear what the key points rest on, `pause_seconds` how much shorter the recording is with its pauses skipped.
    """

    duration: float
    minutes_to_read: int
    key_seconds: float
    pause_seconds: float
    voices: dict[str, int]
    strip: tuple[tuple[ShownSlide, Moment], ...]
    recording: Recording | None
    in_brief: tuple[QuotedSentence, ...]
    key_points: tuple[QuotedSentence, ...]
    chapters: tuple[ChapterView, ...]
    questions: tuple[AskedQuestion, ...]
    polls: tuple[PollView, ...]
    quotes: tuple[QuotedSentence, ...]
    figures: tuple[QuotedSentence, ...]
    left_open: tuple[QuotedSentence, ...]
    terms: tuple[tuple[str, QuotedSentence], ...]
    resources: tuple[tuple[str, QuotedSentence], ...]
    about: tuple[AnnouncedSpeaker, ...]
    slides: tuple[ShownSlide, ...]
    transcript: tuple[TranscriptPassage, ...]
    downloads: dict[str, Download]
    played: dict[str, object]


def page_of(edition: PublicEdition, address: Address, captions: StoredFile | None = None) -> Page:
    """Return what the page of an Edition shows, but for downloads; `captions` is the file made of it, if there is."""
    return _View(edition, captions, address).page()


class _View:
    """One Edition, looked at through page time and addresses."""

    def __init__(self, edition: PublicEdition, captions: StoredFile | None, address: Address) -> None:
        self._edition, self._captions, self._address = edition, captions, address
        self._numbers = {slide.number for slide in edition.slides}

    def page(self) -> Page:
        edition, digest = self._edition, self._edition.digest
        passages = tuple(self._passages())
        slides, key = tuple(map(self._slide, edition.slides)), self._key_passages()
        pauses = self._pauses()
        return Page(
            duration=edition.page_time(edition.shown.end),
            minutes_to_read=minutes_to_read(digest.sentences()),
            key_seconds=sum(end - start for start, end in key),
            pause_seconds=sum(end - start for start, end in pauses),
            voices=_number_voices(passages),
            strip=_strip(slides),
            recording=self._recording(),
            in_brief=self._sentences(digest.in_brief),
            key_points=self._sentences(digest.key_points),
            chapters=tuple(map(self._chapter, digest.chapters)),
            questions=tuple(self._question(number, asked) for number, asked in enumerate(digest.questions, start=1)),
            polls=tuple(map(self._poll, digest.polls)),
            quotes=self._sentences(digest.quotes),
            figures=self._sentences(digest.figures),
            left_open=self._sentences(digest.left_open),
            terms=tuple((entry.term, self._sentence(entry.sentence)) for entry in digest.terms),
            resources=tuple((entry.url, self._sentence(entry.sentence)) for entry in digest.resources),
            about=tuple(self._speaker(speaker) for speaker in edition.event.speakers if speaker.role or speaker.url),
            slides=slides,
            transcript=passages,
            downloads={},
            played=self._player_data(passages, key, pauses),
        )

    def _sentences(self, sentences: Sequence[Sentence]) -> tuple[QuotedSentence, ...]:
        return tuple(map(self._sentence, sentences))

    def _sentence(self, sentence: Sentence) -> QuotedSentence:
        speaker = self._edition.speaker_name(sentence.speaker)
        sources = dict.fromkeys(map(self._source, sentence.evidence))  # of the announcement one link is enough
        return QuotedSentence(sentence.id, sentence.text, speaker, tuple(sources))

    def _source(self, evidence: Evidence) -> SourceLink:
        match evidence:
            case Heard(start=start, end=end):
                return SourceLink(moment=self._moment(start, end))
            case Shown(slide=number):
                return SourceLink(slide=number, is_shown=number in self._numbers)
            case Announced():
                return SourceLink(is_announced=True)
            case Left():
                return SourceLink()

    def _moment(self, start: float, end: float) -> Moment:
        start, end = self._edition.page_time(start), self._edition.page_time(end)
        href = f"{self._address(self._edition.web)}#t={int(start)}" if self._edition.web else None
        return Moment(round(start, 2), round(end, 2), href)

    def _chapter(self, chapter: DigestChapter) -> ChapterView:
        return ChapterView(chapter.title, self._moment(chapter.start, chapter.end), self._sentences(chapter.sentences))

    def _question(self, number: int, asked: Question) -> AskedQuestion:
        moment = None if asked.start is None else self._moment(asked.start, asked.end or asked.start)
        return AskedQuestion(
            number, moment, asked.asked_by, self._sentence(asked.question), self._sentences(asked.answer)
        )

    def _poll(self, poll: PollResult) -> PollView:
        given = sum(option.votes for option in poll.options) or 1
        chosen = (PollAnswer(option.text, option.votes, option.votes / given) for option in poll.options)
        return PollView(self._sentence(poll.question), tuple(sorted(chosen, key=lambda one: -one.votes)))

    def _slide(self, slide: EditionSlide) -> ShownSlide:
        return ShownSlide(
            slide,
            self._address(slide.image) if slide.image else None,
            self._address(slide.thumbnail) if slide.thumbnail else None,
            tuple((self._address(part), part) for part in slide.parts),
            tuple(
                self._moment(interval.start, interval.end)
                for interval in self._edition.intervals
                if interval.slide == slide.number and interval.end - interval.start >= MIN_ON
            ),
        )

    def _passages(self) -> Iterator[TranscriptPassage]:
        edition, spoke, coming = self._edition, "", list(self._slide_changes())
        for paragraph in edition.paragraphs:
            if not (words := clean(paragraph.words, edition.language)):
                continue
            for part in _split_at(words, [self._recording_time(change) for change in coming]):
                here = [change for change in coming if self._recording_time(change) <= part[0].start]
                coming = coming[len(here) :]
                yield self._passage(paragraph, part, here, is_named=paragraph.speaker != spoke)
                spoke = paragraph.speaker
        if coming and edition.paragraphs:
            yield TranscriptPassage(coming[-1].moment, None, False, "", tuple(coming), ())

    def _passage(
        self, paragraph: Paragraph, words: tuple[Word, ...], slides: Sequence[SlideChange], *, is_named: bool
    ) -> TranscriptPassage:
        text = text_of(word.model_copy(update={"text": "\u00a0".join(word.text.split())}) for word in words)
        by = self._edition.speaker_name(paragraph.speaker)
        return TranscriptPassage(
            self._moment(words[0].start, words[-1].end), by, is_named and by is not None, text, tuple(slides), words,
            paragraph.language,
        )  # fmt: skip

    def _slide_changes(self) -> Iterator[SlideChange]:
        slides, seen = {slide.number: slide for slide in self._edition.slides}, set[int]()
        for interval in self._edition.intervals:
            slide = slides.get(interval.slide or 0)
            if slide and interval.end - interval.start >= MIN_ON:
                yield SlideChange(slide, self._moment(interval.start, interval.end), slide.number not in seen)
                seen.add(slide.number)

    def _recording_time(self, change: SlideChange) -> float:
        return change.moment.start + self._edition.shown.start

    def _key_passages(self) -> list[tuple[float, float]]:
        """Return the page times of what the key points rest on, in their order and none of them twice."""
        found = list[tuple[float, float]]()
        for point in self._edition.digest.key_points if self._edition.web else ():
            for heard in point.evidence:
                if isinstance(heard, Heard):
                    span = self._edition.page_time(heard.start), self._edition.page_time(heard.end)
                    if not any(start <= span[0] and span[1] <= end for start, end in found):
                        found.append((round(span[0], 2), round(span[1], 2)))
        return found

    def _pauses(self) -> list[tuple[float, float]]:
        """Return the page times that are left out where pauses are skipped; none where that saves next to nothing."""
        time = self._edition.page_time
        ends = ((time(start + BREATH), time(end - BREATH)) for start, end in find_pauses(self._edition))
        found = [(round(start, 2), round(end, 2)) for start, end in ends if end > start]
        return found if sum(end - start for start, end in found) >= WORTH_SKIPPING else []

    def _speaker(self, speaker: EventSpeaker) -> AnnouncedSpeaker:
        edition = self._edition
        heard = next((p for p in edition.paragraphs if edition.speaker_name(p.speaker) == speaker.name), None)
        moment = self._moment(heard.start, heard.end) if heard else None
        return AnnouncedSpeaker(speaker.name, speaker.role, speaker.url, moment)

    def _recording(self) -> Recording | None:
        web, poster, captions = self._edition.web, self._edition.poster, self._captions
        if web is None:
            return None
        return Recording(
            src=self._address(web),
            mime=web.mime,
            poster=self._address(poster) if poster else None,
            width=web.width,
            height=web.height,
            captions=self._address(captions) if captions else None,
        )

    def _player_data(
        self,
        passages: Sequence[TranscriptPassage],
        key: Sequence[tuple[float, float]],
        pauses: Sequence[tuple[float, float]],
    ) -> dict[str, object]:
        """Return cues, slide intervals and word times: a page opened from a disk may load nothing else."""
        edition = self._edition
        if edition.web is None:
            return {}
        intervals = (interval for interval in edition.intervals if interval.slide in self._numbers)
        return {
            "duration": round(edition.page_time(edition.shown.end), 2),
            "key": key,
            "pauses": pauses,
            "cues": [[cue.start, cue.end, _cue_text(cue)] for cue in cut_cues(edition)],
            "slides": [
                [round(edition.page_time(i.start), 2), round(edition.page_time(i.end), 2), i.slide] for i in intervals
            ],
            "words": [_deltas([edition.page_time(word.start) for word in passage.words]) for passage in passages],
            "letters": {
                at: [_letters(word.text) for word in passage.words]
                for at, passage in enumerate(passages)
                if not all(word.spaced for word in passage.words)
            },
        }


def find_pauses(edition: PublicEdition) -> Iterator[tuple[float, float]]:
    """Yield where for MIN_PAUSE or longer nobody speaks: neither a voice was found nor a word is written.

    Where it is not known when there was a voice, nothing is a pause.
    """
    if not edition.voiced:
        return
    heard = [(span.start, span.end) for span in edition.voiced]
    heard += ((word.start, word.end) for paragraph in edition.paragraphs for word in paragraph.words)
    last = 0.0
    for start, end in [*sorted(heard), (edition.shown.end, edition.shown.end)]:
        if start - last >= MIN_PAUSE:
            yield last, start
        last = max(last, end)


def minutes_to_read(sentences: Iterable[Sentence]) -> int:
    """Return how many minutes an account takes to read, at least one."""
    return max(1, round(sum(len(one.text.split()) for one in sentences) / WORDS_A_MINUTE))


def _split_at(words: tuple[Word, ...], times: Sequence[float]) -> Iterator[tuple[Word, ...]]:
    """Yield words in parts: a new one begins with the first sentence that begins at one of the times or after it."""
    starts = [at for at in range(1, len(words)) if ends_sentence(words[at - 1].text)]
    cuts = {next((at for at in starts if words[at].start >= time), 0) for time in times if time > words[0].start}
    yield from (words[begin:end] for begin, end in pairwise([0, *sorted(cuts - {0}), len(words)]))


def _number_voices(passages: Sequence[TranscriptPassage]) -> dict[str, int]:
    """Return a number from 1 for each name, in the order in which they are first heard; those after six share them."""
    heard = dict.fromkeys(passage.by for passage in passages if passage.by)
    return {name: at % VOICES + 1 for at, name in enumerate(heard)}


def _strip(slides: Sequence[ShownSlide]) -> tuple[tuple[ShownSlide, Moment], ...]:
    """Return each time that a slide was on, in the order of time."""
    return tuple(sorted(((one, at) for one in slides for at in one.moments), key=lambda pair: pair[1].start))


def _letters(text: str) -> int:
    """Return how long a text is for a script: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _cue_text(cue: Cue) -> str:
    return "\n".join(cue.lines)


def _deltas(starts: Sequence[float]) -> list[int]:
    """Return when each word starts in hundredths of a second, each as the difference from the one before it."""
    hundredths = list(accumulate((round(start * 100) for start in starts), max))
    return hundredths[:1] + [later - earlier for earlier, later in pairwise(hundredths)]
