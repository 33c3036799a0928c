"""The words that a language has a closed list of: what each file of a language fills in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """Words of one language in small letters, none where nobody has listed them; `code` is ISO 639-1."""

    code: str
    hesitations: frozenset[str] = frozenset()  # sounds that mean nothing
    restarts: frozenset[str] = frozenset()  # words that follow themselves only where somebody begins anew: "the, the"
    conjunctions: frozenset[str] = frozenset()  # a word in capitals and with a comma after one may be a hesitation
    no_comma_after: frozenset[str] = frozenset()  # words whose comma led only to the hesitation that follows
    function_words: frozenset[str] = frozenset()  # they carry no meaning by themselves
    skipped_in_order: frozenset[str] = frozenset()  # they may be added and left out without changing who does what
    negations: frozenset[str] = frozenset()
    name_particles: frozenset[str] = frozenset()  # small words inside names: "of", "von"
    openers: frozenset[str] = frozenset()  # words that begin a line with a capital and are no name
    capitalises_nouns: bool = False  # a capital inside a sentence tells no name
