"""What was said that is not for readers: an Edition in, that without its words out, and where its sound is silent."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from digest.model.artifact import Span
from digest.model.digest import Sentence
from digest.model.edition import Edition, Paragraph
from digest.model.evidence import Heard
from digest.model.speech import Word

PADDING = 0.2  # seconds: where a recogniser puts the ends of a word is inexact by about so much


def private_stretches(edition: Edition) -> tuple[Span, ...]:
    """Return where something was said that is not for readers: as the machine found it, and as editors say."""
    doubts = (doubt for doubt in edition.digest.doubts if doubt.kind == "off the record")
    return (*(doubt.place for doubt in doubts if isinstance(doubt.place, Span)), *edition.withheld)


def on_the_record(edition: Edition) -> Edition:
    """Return an Edition without the words, and the sentences resting on them, that were said off the record."""
    private = private_stretches(edition)
    if not private:
        return edition

    def one(sentence: Sentence) -> Sentence | None:
        heard = [rests for rests in sentence.evidence if isinstance(rests, Heard)]
        return None if any(h.start < p.end and p.start < h.end for h in heard for p in private) else sentence

    return edition.model_copy(
        update={
            "digest": edition.digest.map_sentences(one),
            "paragraphs": tuple(_without(edition.paragraphs, private)),
        }
    )


def silences(edition: Edition) -> tuple[Span, ...]:
    """Return where nothing may be heard, in order and apart from each other.

    Each stretch reaches a little beyond the words, as far as no word that readers get is cut into.
    """
    private = private_stretches(edition)
    kept = [word for paragraph in edition.paragraphs for word in paragraph.words if not _is_within(word, private)]
    starts, ends = sorted(word.start for word in kept), sorted(word.end for word in kept)
    found = list[Span]()
    for stretch in sorted(private, key=lambda span: span.start):
        before, after = bisect_right(ends, stretch.start), bisect_left(starts, stretch.end)
        start = max(edition.shown.start, stretch.start - PADDING, *ends[max(0, before - 1) : before])
        end = min(edition.shown.end, stretch.end + PADDING, *starts[after : after + 1])
        if start >= end:  # outside the part that is published
            continue
        if found and start <= found[-1].end:
            found[-1] = Span(start=found[-1].start, end=max(end, found[-1].end))
        else:
            found.append(Span(start=start, end=end))
    return tuple(found)


def _without(paragraphs: Sequence[Paragraph], private: Sequence[Span]) -> Iterator[Paragraph]:
    """Yield the paragraphs without the words of some stretches; one of which no word is left goes."""
    for paragraph in paragraphs:
        words = tuple(word for word in paragraph.words if not _is_within(word, private))
        if words == paragraph.words:
            yield paragraph
        elif words:
            yield paragraph.model_copy(update={"start": words[0].start, "end": words[-1].end, "words": words})


def _is_within(word: Word, stretches: Sequence[Span]) -> bool:
    """Return whether the middle of a word lies in a stretch; one without length may lie at its very end."""
    return any(stretch.start <= (word.start + word.end) / 2 <= stretch.end for stretch in stretches)
