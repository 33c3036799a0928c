"""What lies outside the published part of a recording: an Edition in, the Edition without it out."""

from collections.abc import Iterator, Sequence
from typing import Any

from digest.model.artifact import Span
from digest.model.digest import Digest, Question, Sentence
from digest.model.edition import Edition, Paragraph
from digest.model.evidence import Heard


def within_shown(edition: Edition) -> Edition:
    """Return an Edition of which nothing rests on, or happens in, seconds that are cut off.

    A sentence that rests on seconds on both sides of a cut rests on those that are left.
    """
    if not edition.trimmed:
        return edition
    shown = edition.shown
    return edition.model_copy(
        update={
            "digest": _within(edition.digest, shown),
            "paragraphs": tuple(_spoken_in(edition.paragraphs, shown)),
            "intervals": tuple(_clip(edition.intervals, shown)),
        }
    )


def _within(digest: Digest, shown: Span) -> Digest:
    def one(sentence: Sentence) -> Sentence | None:
        left = tuple(e for one in sentence.evidence for e in (_clip([one], shown) if isinstance(one, Heard) else [one]))
        return sentence.model_copy(update={"evidence": left}) if left else None

    kept = digest.map_sentences(one)
    return kept.model_copy(
        update={
            "chapters": tuple(_clip(kept.chapters, shown)),
            "questions": tuple(_within_times(asked, shown) for asked in kept.questions),
        }
    )


def _clip(stretches: Sequence[Any], shown: Span) -> Iterator[Any]:
    """Yield stretches, of whatever kind, as far as they are shown."""
    for one in stretches:
        start, end = max(one.start, shown.start), min(one.end, shown.end)
        if start < end:
            yield one if (start, end) == (one.start, one.end) else one.model_copy(update={"start": start, "end": end})


def _within_times(asked: Question, shown: Span) -> Question:
    """Return a question whose times are shown; None where they are not."""
    times: dict[str, float | None] = {}
    for first, last in (("start", "end"), ("answer_start", "answer_end")):
        start, end = getattr(asked, first), getattr(asked, last)
        if start is not None and end is not None:
            begins, ends = max(start, shown.start), min(end, shown.end)
            times |= {first: begins, last: ends} if begins < ends else {first: None, last: None}
    return asked.model_copy(update=times)


def _spoken_in(paragraphs: Sequence[Paragraph], shown: Span) -> Iterator[Paragraph]:
    for paragraph in paragraphs:
        words = tuple(word for word in paragraph.words if shown.start <= (word.start + word.end) / 2 < shown.end)
        if words == paragraph.words:
            yield paragraph
        elif words:
            yield paragraph.model_copy(update={"start": words[0].start, "end": words[-1].end, "words": words})
