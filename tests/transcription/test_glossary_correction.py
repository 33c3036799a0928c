"""Terms that editors taught are put right in the next transcript, and nothing else is touched."""

from itertools import pairwise

import pytest

from digest.model.speech import Term, Terms, Word
from digest.transcription.glossary_correction import spell_terms
from tests.builders import spoken

ORDINARY = frozenset(
    (
        "we",
        "ask",
        "the",
        "sort",
        "of",
        "to",
        "a",
        "our",
        "in",
        "and",
        "for",
        "who",
        "said",
        "it",
        "sir",
        "are",
        "s",
        "so",
    )
)


def spelled(said: str, *terms: Term, sure: float = 0.9) -> str:
    """Return what becomes of words of which the recogniser is so sure."""
    words = [word.model_copy(update={"probability": sure}) for word in spoken((5, said)).words()]
    found = spell_terms(words, Terms(terms=terms), ORDINARY.__contains__)
    assert in_order(words, found)
    return " ".join(word.text for word in found)


def in_order(words: list[Word], found: tuple[Word, ...]) -> bool:
    """Return whether words follow each other, none outside of the time of those before."""
    follow = all(one.start <= one.end <= other.start + 1e-9 for one, other in pairwise(found))
    return follow and (found[0].start, found[-1].end) == (words[0].start, words[-1].end)


def taught(term: str, *heard: str) -> Term:
    """Return a term of the glossary."""
    return Term(term=term, known_by="glossary", heard=heard)


@pytest.mark.parametrize(
    ("said", "term", "written"),
    [
        ("we ask the sird, and", taught("CERT"), "we ask the CERT, and"),  # sounds so
        ("we ask the UNGGE. Who", taught("UN GGE", "UNGGE"), "we ask the UN GGE. Who"),  # two words of one
        ("we ask our PKI for", taught("RPKI", "our PKI"), "we ask RPKI for"),  # one of two
        ("“Aspaw” and Aspaw's", taught("ASPA", "Aspaw"), "“ASPA” and ASPA's"),  # points and endings stay
        ("our OIs are", taught("ROA", "our OI"), "ROAs are"),
        ("a sert and the CERT", taught("CERT"), "a CERT and the CERT"),
        ("a Gelenski said it", taught("Zieliński", "Gelenski"), "a Zieliński said it"),  # unlike in sound, known
    ],
)
def test_what_was_misheard_before_is_put_right(said: str, term: Term, written: str) -> None:
    """By its sound, or by what was written for it then."""
    assert spelled(said, term) == written


def test_ordinary_words_stay() -> None:
    """Even those that sound like a term; one that was once misheard for it goes where the recogniser doubts it."""
    cert = taught("CERT", "sir")
    assert spelled("we ask the sort of sir", cert) == "we ask the sort of sir"
    assert spelled("we ask the sort of sir", cert, sure=0.3) == "we ask the sort of CERT"


def test_what_is_short_for_ordinary_words_is_ordinary() -> None:
    """“It's so” sounds like “at sea” to a recogniser that is unsure of vowels, and is no rare word for it."""
    assert spelled("we said it's so", taught("at sea")) == "we said it's so"


def test_only_the_glossary_counts() -> None:
    """What a deck writes is told to the transcriber, and corrects nothing: nobody listened."""
    assert spelled("we ask the sird", Term(term="CERT", known_by="deck")) == "we ask the sird"


def test_words_that_a_point_parts_are_none_of_a_term() -> None:
    """A term does not run over the end of a sentence."""
    assert spelled("in UN. GGE said", taught("UNGGE", "UN GGE")) == "in UN. GGE said"


def test_a_term_is_as_doubtful_as_what_was_heard() -> None:
    """It stays on the list of what is to be checked."""
    words = [word.model_copy(update={"probability": 0.2}) for word in spoken((0, "the sird")).words()]

    found = spell_terms(words, Terms(terms=(taught("CERT"),)), ORDINARY.__contains__)

    assert [word.probability for word in found] == [0.2, 0.2]
