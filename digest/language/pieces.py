"""Words as small as their script can part them: so two readings of one talk meet that were parted otherwise."""

from collections.abc import Iterable, Iterator, Sequence

from digest.model.speech import Word
from digest.text.scripts import TextPiece, is_unspaced, split_pieces


def small_words(words: Iterable[Word]) -> Iterator[Word]:
    """Yield words, those of a script without spaces a letter at a time, in their seconds."""
    for word in words:
        if not is_unspaced(word.text):
            yield word
            continue
        first, *others = share(split_pieces(word.text), word.start, word.end, probability=word.probability)
        yield first.model_copy(update={"spaced": word.spaced})
        yield from others


def share(pieces: Sequence[TextPiece], start: float, end: float, *, probability: float = 1.0) -> Iterator[Word]:
    """Yield pieces as words that share [start, end) by their letters."""
    letters, done = sum(len(piece.text) for piece in pieces), 0
    for piece in pieces:
        begin = start + (end - start) * done / letters
        done += len(piece.text)
        stop = start + (end - start) * done / letters
        yield Word(
            text=piece.text, start=round(begin, 3), end=round(stop, 3), probability=probability, spaced=piece.spaced
        )
