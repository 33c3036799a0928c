"""Small artifacts in our own vocabulary, so that tests read as examples."""

from datetime import UTC, datetime

from digest.model.artifact import Span, StoredFile
from digest.model.deck import Deck, Line, Slide
from digest.model.event import Event, EventSpeaker
from digest.model.media import Media, Source, WebCopy
from digest.model.speech import Segment, Speaker, Speakers, Transcript, Turn, Word

WORDS_A_SECOND = 2.5


def a_deck(*titles: str, bodies: dict[str, str] | None = None, hidden: tuple[int, ...] = ()) -> Deck:
    """Return a deck with one slide a title; `bodies` maps a title to its body, one line a paragraph."""
    return Deck(
        slides=tuple(
            Slide(
                number=number,
                title=title,
                body=tuple(Line(text=line) for line in (bodies or {}).get(title, "").splitlines()),
                hidden=number in hidden,
                read_by="pptx",
            )
            for number, title in enumerate(titles, start=1)
        )
    )


def spoken(*said: tuple[float, str]) -> Transcript:
    """Return a transcript in which each text starts at its second and goes on at an even pace."""
    segments = tuple(_segment(start, text) for start, text in said)
    voiced = tuple(Span(start=segment.start, end=segment.end) for segment in segments)
    return Transcript(language="en", language_probability=1.0, model="none", voiced=voiced, segments=segments)


def _segment(start: float, text: str) -> Segment:
    words = tuple(
        Word(
            text=word,
            start=round(start + at / WORDS_A_SECOND, 3),
            end=round(start + (at + 1) / WORDS_A_SECOND, 3),
            probability=0.99,
        )
        for at, word in enumerate(text.split())
    )
    return Segment(start=words[0].start, end=words[-1].end, text=text, words=words)


def by_one_voice(seconds: float) -> Speakers:
    """Return one unnamed speaker who holds the floor throughout."""
    return Speakers(speakers=(Speaker(id="s1"),), turns=(Turn(start=0, end=seconds, speaker="s1"),))


def by_turns(*turns: tuple[float, float, str]) -> Speakers:
    """Return named speakers and their turns."""
    names = list(dict.fromkeys(name for _, _, name in turns))
    ids = {name: f"s{number}" for number, name in enumerate(names, start=1)}
    return Speakers(
        speakers=tuple(Speaker(id=ids[name], name=name, known_by="companions") for name in names),
        turns=tuple(Turn(start=start, end=end, speaker=ids[name]) for start, end, name in turns),
    )


def a_recording(*, seconds: float) -> Media:
    """Return a recording with picture of which no file exists."""
    return Media(
        duration=seconds,
        has_video=True,
        sources=(
            Source(
                path="drop/recording.mp4", sha256="0" * 64, size=1, container="mp4", audio_codec="aac", duration=seconds
            ),
        ),
        web=WebCopy(
            path="media/web.mp4", sha256="1" * 64, size=1, mime="video/mp4", audio_codec="aac", video_codec="h264",
            width=1280, height=720,
        ),
        sound=StoredFile(path="media/sound.wav", sha256="2" * 64, size=1),
    )  # fmt: skip


def an_event(**changed: object) -> Event:
    """Return an event whose fields can be changed by name."""
    event = Event(
        slug="cyber-norms",
        title="Cyber norms",
        starts_at=datetime(2016, 11, 23, 13, tzinfo=UTC),
        timezone="Europe/Zurich",
        language="en",
        speakers=(EventSpeaker(name="Daniel Okafor", role="Halden Systems"),),
    )
    return event.model_copy(update=changed)
