"""What a webinar says of one speaker: an Edition and a name in, their turns and what quotes or names them out.

Of others it holds nothing that readers would not get.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from digest.model.artifact import Span
from digest.model.digest import Sentence
from digest.model.edition import Edition
from digest.model.evidence import MAX_HEARD, Heard
from digest.model.public import PublicEdition
from digest.privacy.off_record import silences
from digest.privacy.public_edition import public_edition
from digest.privacy.roles import MIN_NAME, any_of

SHORTEST = 0.3  # seconds that are worth a button


@dataclass(frozen=True)
class OwnPassage:
    """A sentence of the account (`key` is its id) or a turn, as readers get it, with the seconds to hear.

    `place` is what an answer names: None for a sentence, whose key does.
    """

    key: str
    text: str
    place: Span | None
    sounds: tuple[Span, ...]
    label: str = ""


@dataclass(frozen=True)
class OwnWords:
    """All that concerns a speaker: sentences that quote or name them, their turns, turns of others that name them.

    `edition` is what readers get of the webinar. Where `is_heard` is false they get no recording and no transcript, and
    the turns are the speaker's own words alone.
    """

    edition: PublicEdition
    is_heard: bool
    sentences: tuple[OwnPassage, ...]
    turns: tuple[OwnPassage, ...]
    naming: tuple[OwnPassage, ...]

    def passages(self) -> Iterator[OwnPassage]:
        """Yield all of it, in the order of the page."""
        yield from chain(self.sentences, self.turns, self.naming)


def own_words(edition: Edition, name: str) -> OwnWords:
    """Return what a speaker of this name is asked about; what was said off the record, or is cut off, is not in it."""
    is_heard, voices = edition.event.publish_recording, {one.id for one in edition.speakers if one.name == name}
    public, called = public_edition(edition, muted=edition.web), _name_pattern(name)
    whole = public if is_heard else public_edition(_with_recording(edition), muted=edition.web)
    own = [one for one in whole.paragraphs if one.speaker in voices]
    own_spans, silent = [Span(start=one.start, end=one.end) for one in own], silences(edition)
    named_in = {one.id for one in edition.digest.sentences() if called.search(one.text)}

    def sounds(spans: Sequence[Span]) -> tuple[Span, ...]:
        allowed = spans if is_heard else tuple(_overlaps(spans, own_spans))
        return tuple(piece for span in _without(allowed, silent) for piece in _minutes(span))

    def sentence(one: Sentence, label: str) -> OwnPassage:
        heard = [Span(start=e.start, end=e.end) for e in one.evidence if isinstance(e, Heard)]
        return OwnPassage(one.id, one.text, None, sounds(heard), label)

    def concerns(one: Sentence) -> bool:
        return one.speaker in voices or one.id in named_in or _is_mostly_within(one, own_spans)

    turns = (OwnPassage(_key(span), one.text, span, sounds([span])) for one, span in zip(own, own_spans, strict=True))
    others = (one for one in public.paragraphs if one.speaker not in voices and called.search(one.text))
    return OwnWords(
        edition=public,
        is_heard=is_heard,
        sentences=tuple(sentence(one, label) for one, label in _sentences_by_section(public) if concerns(one)),
        turns=tuple(turns),
        naming=tuple(
            OwnPassage(_key(span := Span(start=one.start, end=one.end)), one.text, span, sounds([span]))
            for one in others
        ),
    )


def _name_pattern(name: str) -> re.Pattern[str]:
    """Return what finds a speaker in a text: by the whole name, or by the last."""
    whole_and_last = {name, name.rpartition(" ")[2]}
    return re.compile(any_of([one for one in whole_and_last if len(one) >= MIN_NAME]))


def _with_recording(edition: Edition) -> Edition:
    """Return the Edition as if its recording were published: the speaker's own words are theirs to read."""
    return edition.model_copy(update={"event": edition.event.model_copy(update={"publish_recording": True})})


def _sentences_by_section(edition: PublicEdition) -> Iterator[tuple[Sentence, str]]:
    """Yield the sentences of the account, each with the section that it stands in, as the model calls it."""
    digest = edition.digest
    for name in ("in_brief", "key_points"):
        yield from ((one, name) for one in getattr(digest, name))
    yield from ((one, "chapters") for part in digest.chapters for one in part.sentences)
    for asked in digest.questions:
        yield from ((one, "questions") for one in (asked.question, *asked.answer))
    yield from ((poll.question, "polls") for poll in digest.polls)
    for name in ("quotes", "figures", "left_open"):
        yield from ((one, name) for one in getattr(digest, name))
    for name in ("terms", "resources"):
        yield from ((one.sentence, name) for one in getattr(digest, name))


def _key(span: Span) -> str:
    return f"t-{round(span.start * 1000)}"


def _is_mostly_within(sentence: Sentence, spans: Sequence[Span]) -> bool:
    """Return whether a sentence rests on what the speaker says, more than on others."""
    heard = [Span(start=e.start, end=e.end) for e in sentence.evidence if isinstance(e, Heard)]
    theirs = sum(one.end - one.start for one in _overlaps(heard, spans))
    return bool(heard) and 2 * theirs > sum(one.end - one.start for one in heard)


def _overlaps(spans: Sequence[Span], others: Sequence[Span]) -> Iterator[Span]:
    for one in spans:
        for other in others:
            start, end = max(one.start, other.start), min(one.end, other.end)
            if start < end:
                yield Span(start=start, end=end)


def _without(spans: Sequence[Span], silent: Sequence[Span]) -> Iterator[Span]:
    """Yield what is left of spans without the silent ones, which are in order and apart."""
    for span in spans:
        start = span.start
        for gap in silent:
            if gap.start < span.end and start < gap.end:
                if gap.start > start:
                    yield Span(start=start, end=gap.start)
                start = gap.end
        if start < span.end:
            yield Span(start=start, end=span.end)


def _minutes(span: Span) -> Iterator[Span]:
    """Yield a span in pieces of a minute at most."""
    start = span.start
    while span.end - start >= SHORTEST:
        end = min(span.end, start + MAX_HEARD)
        yield Span(start=start, end=end)
        start = end
