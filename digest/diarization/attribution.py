"""Who said each word, by captions that name speakers: words and cues in, a name for each word out.

Captions come late, early and with other words, so they are laid along the recognised words by their text; a change of
speaker is then put where the recognised words pause or a sentence ends.
"""

from collections.abc import Sequence

from digest.language.pieces import small_words
from digest.language.sentences import ends_sentence
from digest.model.companions import CompanionCue
from digest.model.speech import Word
from digest.text.scripts import split_pieces
from digest.transcription.text_alignment import match_tokens, token

MIN_MATCHED = 0.35  # share of the words that captions of this very recording have in common with the recogniser's


def names_of(words: Sequence[Word], cues: Sequence[CompanionCue]) -> list[str | None] | None:
    """Return the speaker of each word, None where the captions name nobody; None if they are another recording's."""
    said = [(plain, cue.speaker) for cue in cues for one in split_pieces(cue.text) if (plain := token(one.text))]
    small = [(at, token(one.text)) for at, word in enumerate(words) for one in small_words([word])]
    pairs = match_tokens([plain for _, plain in small], [plain for plain, _ in said])
    known = {small[one][0]: said[there][1] for one, there in pairs}
    if len(known) < MIN_MATCHED * len(words):
        return None
    return _between(words, known)


def _between(words: Sequence[Word], known: dict[int, str | None]) -> list[str | None]:
    """Return the speakers with the words between two known ones given to them, parted at the clearest place."""
    found: list[str | None] = [None] * len(words)
    places = sorted(known)
    for at in range(places[0]):
        found[at] = known[places[0]]
    for place, following in zip(places, [*places[1:], len(words)], strict=True):
        after = known.get(following, known[place])
        cut = following
        if after != known[place] and following - place > 1:
            cut = max(range(place + 1, following + 1), key=lambda at: _clearness(words, at))
        for at in range(place, following):
            found[at] = known[place] if at < cut else after
    return found


def _clearness(words: Sequence[Word], at: int) -> float:
    """Return how likely another speaker begins with a word: seconds of pause before it, a second for a full stop."""
    return words[at].start - words[at - 1].end + ends_sentence(words[at - 1].text)
