"""The words that a language has a closed list of: what each file of a language fills in."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Language:
    """Words of one language in small letters, none where nobody has listed them; `code` is ISO 639-1."""

    code: str
    hesitations: frozenset[str] = frozenset()  # sounds that mean nothing
    restarts: frozenset[str] = frozenset()  # words that follow themselves only where somebody begins anew: "the, the"
    conjunctions: frozenset[str] = frozenset()  # a word in capitals and with a comma after one may be a hesitation
    no_comma_after: frozenset[str] = frozenset()  # words whose comma led only to the hesitation that follows
    function_words: frozenset[str] = frozenset()  # they carry no meaning by themselves
    discourse_markers: frozenset[str] = frozenset()  # words by which somebody begins something: "so", "now", "next"
    thanks: frozenset[str] = frozenset()  # beginnings of words that thank, greet or take leave
    interrogatives: frozenset[str] = frozenset()  # words that a question begins with or is made by
    asking: frozenset[str] = frozenset()  # beginnings of words that speak of questions and who puts them
    ordinals: frozenset[str] = frozenset()  # "first", "next", "last"
    numerals: frozenset[str] = frozenset()  # spelt numbers above one, and "half", "per cent"
    first_person: frozenset[str] = frozenset()
    second_person: frozenset[str] = frozenset()
    anaphors: frozenset[str] = (
        frozenset()
    )  # words at the head of a sentence that lean on the one before: "it", "because"
    connectives: frozenset[str] = frozenset()  # words that tie a sentence to the one before: "and", "but", "because"
    modals: frozenset[str] = frozenset()  # words of duty, need and reason: "must", "because", "only"
    conditionals: frozenset[str] = frozenset()  # "if", "would", "suppose"
    reporting: frozenset[str] = frozenset()  # words by which somebody else's view is told: "say", "claimed"
    corrections: frozenset[str] = frozenset()  # "sorry", "rather", "actually"
    answer_heads: frozenset[str] = frozenset()  # words that an answer begins with: "yes", "no", "well"
    auxiliaries: frozenset[str] = frozenset()  # forms of "be", "have", "can" and the like: a sentence has one or a verb
    coordinators: frozenset[str] = frozenset()  # words that join two main clauses: "and", "but"
    subjects: frozenset[str] = frozenset()  # pronouns by which a main clause may begin: "we", "it"
    fillers: frozenset[str] = frozenset()  # words at the head of a sentence that say nothing: "so", "well"
    asides: frozenset[str] = frozenset()  # up to a comma, they tell a reader nothing: "again", "as I said …"
    cardinals: tuple[frozenset[str], ...] = ()  # how many there are, from two on: "three", "3"
    counting: tuple[frozenset[str], ...] = ()  # words that count what is listed: those of the first item, the second …
    retractions: frozenset[str] = frozenset()  # set apart they take back what was just said: "no", "i mean"
    superseded: frozenset[str] = frozenset()  # words of what held once: "draft", "previously", "was"
    plans: frozenset[str] = frozenset()  # words of what is meant to be: "proposal", "hope", "forecast"
    emphatics: frozenset[str] = frozenset()  # superlatives and exclamations, laughter: irony is made of them
    hedges: frozenset[str] = frozenset()  # words of whoever is not sure: "roughly", "guess"
    contrasts: frozenset[str] = frozenset()  # "but", "except", "unless"
    records: frozenset[str] = frozenset()  # what is written down of a meeting: "minutes", "recording"
    towards: frozenset[str] = frozenset()  # small words that lead there: "for the minutes", "ins Protokoll"
    discretion: frozenset[str] = frozenset()  # phrases that ask not to be quoted
    released: frozenset[str] = frozenset()  # phrases that end what was off the record
    skipped_in_order: frozenset[str] = frozenset()  # they may be added and left out without changing who does what
    negations: frozenset[str] = frozenset()
    replies: frozenset[str] = frozenset()  # words that answer, call or exclaim by themselves: "yes", "hey", "please"
    weekdays: frozenset[str] = frozenset()
    honorifics: frozenset[str] = frozenset()  # words that stand before a name out of courtesy: "Mrs", "don"
    introducing: frozenset[str] = frozenset()  # words by which people say who they are: "am", "name"
    leads: frozenset[str] = frozenset()  # beginnings of words for whoever leads a webinar: "moderator", "host", "chair"
    articles: frozenset[str] = frozenset()  # definite ones, where a noun keeps its article at the head of a title
    light_nouns: frozenset[str] = frozenset()  # nouns that say nothing by themselves: "thing", "time"
    determiners: frozenset[str] = frozenset()  # words before a noun: articles, possessives, "im", "nella"
    joiners: frozenset[str] = frozenset()  # small words between the nouns of one phrase: "rights of the buyer"
    name_particles: frozenset[str] = frozenset()  # small words inside names: "of", "von"
    openers: frozenset[str] = frozenset()  # words that begin a line with a capital and are no name
    spoken_signs: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)  # "dot" of an address: "."
    is_verb_second: bool = False  # what begins a sentence stands before its verb: "wie gesagt haben wir"
    adjectives_follow: bool = False  # a phrase of a noun begins with it: "agua potable"
    capitalises_nouns: bool = False  # a capital inside a sentence tells no name
