"""Passages: where what is printed as one may begin and end."""

from digest.writing.passages import windows
from tests.writing.test_enumerations import conversation

HEAD = "Nuclear power in the case of only renewable sources is eliminated, because as far as I remember its authors"
TAIL = (
    "do not call it renewable, and the hardest thing we have to do is to make solar power grow to forty times its size."
)
NEXT = "The wind has to grow to twenty-seven times its size until the year of 2050."


def texts_of(*sentences: str) -> set[str]:
    """Return what may be printed of sentences that one voice said, a second apart."""
    talk = conversation(*(("s1", one) for one in sentences), seconds=3.0)
    return {" ".join(talk.texts[first:stop]) for first, stop in windows(talk, (), [0] * len(sentences))}


def test_no_half_of_a_sentence_is_printed() -> None:
    """A sentence that was cut because it is long is printed whole: half of one says half, or the contrary."""
    assert texts_of(HEAD, TAIL, NEXT) == {f"{HEAD} {TAIL}", f"{HEAD} {TAIL} {NEXT}", NEXT}


def test_a_sentence_is_not_over_at_a_shortened_word() -> None:
    """It was cut at a pause behind “et al.”, and neither part is printed alone."""
    assert texts_of(f"{HEAD}, Williams et al.", TAIL) == {f"{HEAD}, Williams et al. {TAIL}"}


def test_who_speaks_without_full_stops_is_still_heard() -> None:
    """What no full stop ends is told in parts, and so is a sentence longer than anything printed."""
    assert HEAD in texts_of(HEAD, TAIL.rstrip("."))
    assert HEAD in texts_of(*[HEAD] * 6, TAIL)
