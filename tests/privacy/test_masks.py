"""A language model reads no name that readers will not get."""

from digest.model.artifact import Span
from digest.model.companions import Companions
from digest.model.speech import NameCandidate, Speaker, Speakers, Turn
from digest.privacy.masks import Names
from tests.builders import an_event


def test_a_name_that_is_only_likely_reaches_no_model() -> None:
    """Neither the name suggested for a voice nor the others that it may have, whole or in part."""
    likely = ("Rosa Lind", "Tomas Keller")
    voice = Speaker(
        id="s1",
        suggested=likely[0],
        candidates=tuple(NameCandidate(name=name, probability=0.8, heard=(Span(start=1, end=2),)) for name in likely),
    )
    speakers = Speakers(speakers=(voice,), turns=(Turn(start=0, end=9, speaker="s1"),))

    masked = Names(speakers, an_event(), Companions()).mask("Rosa Lind asked, and Keller, Tomas Keller, agreed.")

    assert masked == "a participant asked, and a participant, a participant, agreed."
