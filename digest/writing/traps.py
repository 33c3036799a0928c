"""What was said and not meant so: a Conversation in, how likely each sentence misleads whoever quotes it out.

A trap is a number corrected in the next breath, irony, a view quoted to be refuted, a plan since dropped, a
hypothetical. What is fitted is a hint; two kinds are found by rule, because none of them may ever be printed: numbers
that were taken back, and remarks off the record.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations

import numpy as np

from digest.language.closed_classes import Language
from digest.learned.trees import Floats, Trees
from digest.writing.conversation import Conversation, share_of, shift, words_of_slide

# From this probability on a sentence is left out. With the authors left out that is 2 % of the written sentences, every
# second of them in a trap: 0.068 of the traps go, and 0.028 of the weight of facts. From 0.22 on it is 0.106 and 0.050.
LEFT_OUT = 0.29
BREATH = 2  # sentences after a number in which it is taken back
BEFORE, AFTER = 10, 16  # words from the number to the word that takes it back, and from there to the right one
LEAD = 3  # words from such a word to a number that follows it at once: "I mean the first twenty"
REMARK_BEFORE, REMARK_AFTER = 4, 4  # sentences of the same voice around a plea not to be quoted that it may cover
TURN_BEFORE = 12  # sentences in which the same voice is looked for where the plea begins a turn
PLEA = 5  # words from a negation to what is written down: "don't put this in the notes"
COMPOUNDING = frozenset({"de", "it", "nl"})  # languages that write "twenty-four" as one word
SUFFIX = 5  # letters from which a numeral ends a compound: "vierundzwanzig"
NEAR = 60.0  # seconds
SELDOM = 6  # sentences of a talk in which a telling word stands, at most
SELDOM_COUNTED = 24  # times that a word is counted in a talk, at most, to be compared
SIGNS = ".,;:?!…—–-"
CLASSES = (
    "corrections", "retractions", "conditionals", "reporting", "negations", "superseded", "plans", "emphatics",
    "hedges", "contrasts", "modals", "interrogatives", "anaphors", "first_person", "second_person", "numerals",
    "ordinals", "thanks", "connectives", "records", "function_words",
)  # fmt: skip
OF_NEIGHBOURS = (
    "corrections", "retractions", "conditionals", "reporting", "negations", "superseded", "plans", "emphatics",
    "hedges", "contrasts", "numbers", "questions", "exclamations", "quotations", "length", "retracts",
)  # fmt: skip

_Number = tuple[int, tuple[str, ...]]  # where it begins among the words, and its words


def trap_probabilities(conversation: Conversation, trees: Trees) -> Floats:
    """Return for each sentence how likely it misleads."""
    return trees.probabilities(trap_features(conversation)) if conversation.said else np.zeros(0)


def retracted_numbers(conversation: Conversation) -> frozenset[int]:
    """Return the places of sentences with a number that the same voice takes back there or in the next two."""
    language, numerals, found = conversation.language, _number_words(conversation), set[int]()
    for at, tokens in enumerate(conversation.tokens):
        if numerals.isdisjoint(tokens):
            continue
        words, own = _breath(conversation, at)
        numbers = list(_numbers(words, numerals))
        for cue in (place for place in range(1, len(words)) if _takes_back(words, place, numbers, language)):
            before = {number for begin, number in numbers if cue - BEFORE <= begin < min(cue, own)}
            after = {number for begin, number in numbers if cue < begin <= cue + AFTER}
            if before and after - before:
                found.add(at)
    return frozenset(found)


def off_record(conversation: Conversation) -> frozenset[int]:
    """Return the places of remarks that are not for readers.

    A plea not to be quoted covers what the same voice says next, until it says that it is on the record again, and
    a few sentences before: "this doesn't leave the room" comes last.
    """
    language, numerals, found = conversation.language, _number_words(conversation), set[int]()
    for at, tokens in enumerate(conversation.tokens):
        if not _is_plea(tokens, language, numerals):
            continue
        turn = conversation.turn_places[conversation.turns[at]]
        end = min(turn.stop, at + 1 + REMARK_AFTER)
        end = next(
            (place for place in range(at + 1, end) if _holds(conversation.tokens[place], language.released)), end
        )
        found.update(range(max(turn.start, at - REMARK_BEFORE), end))
        if at == turn.start:  # what somebody takes back when asked about it was said in an earlier turn
            earlier = (
                place
                for place in range(at - 1, max(-1, at - TURN_BEFORE), -1)
                if _is_same_voice(conversation, place, at)
            )
            found.update(list(earlier)[:REMARK_BEFORE])
    return frozenset(found)


def trap_features(conversation: Conversation) -> dict[str, Floats]:
    """Return the features of every sentence by name.

    Named after a class of words: how many of the sentence's words are of it. `X_before`, `X_after`: the same of the
    sentence before and after; `X_around`: the mean of the three on both sides. The others are described where they
    are made.
    """
    if not conversation.said:
        return {}
    columns = _of_words(conversation) | _of_place(conversation) | _of_slides(conversation)
    columns |= _of_numbers(conversation) | _of_contradiction(conversation)
    for places, name in ((retracted_numbers(conversation), "retracts"), (off_record(conversation), "is_off_record")):
        columns[name] = np.array([float(at in places) for at in range(len(conversation.said))])
    for name in OF_NEIGHBOURS:
        column = columns[name]
        columns[f"{name}_before"] = shift(column, 1)
        columns[f"{name}_after"] = shift(column, -1)
        columns[f"{name}_around"] = sum((shift(column, by) for by in (-3, -2, -1, 1, 2, 3)), np.zeros(len(column))) / 6
    return columns


def _of_words(conversation: Conversation) -> dict[str, Floats]:
    """Return the classes of words, signs and first words.

    `questions`, `exclamations`, `quotations`, `brackets`, `breaks`: signs of each kind; `begins_*`: what its first
    words are; `contracted`: words with an apostrophe; `long_words`: letters of a word on average.
    """
    language = conversation.language
    parts = [[part for token in tokens for part in _parts(token)] for tokens in conversation.tokens]
    columns = {
        name: np.array([float(sum(part in words for part in sentence)) for sentence in parts])
        for name in CLASSES
        for words in (getattr(language, name),)
    }
    signs = {"questions": "?", "exclamations": "!", "quotations": '“”"«»„', "brackets": "([", "breaks": "…—–"}
    for name, of in signs.items():
        columns[name] = np.array([float(sum(text.count(sign) for sign in of)) for text in conversation.texts])
    columns["breaks"] += np.array([float(text.count("...")) for text in conversation.texts])
    columns["commas"] = np.array([float(text.count(",")) for text in conversation.texts])
    heads = [set(sentence[:2]) for sentence in parts]
    for name in ("negations", "retractions", "contrasts", "connectives", "first_person", "conditionals", "anaphors"):
        columns[f"begins_{name}"] = np.array([float(bool(head & getattr(language, name))) for head in heads])
    columns["contracted"] = np.array([float(sum("'" in token for token in tokens)) for tokens in conversation.tokens])
    columns["long_words"] = np.array([float(np.mean([len(p) for p in s])) if s else 0.0 for s in parts])
    columns["length"] = conversation.lengths
    columns["seconds"] = conversation.ends - conversation.starts
    columns["content"] = np.array([float(words.total()) for words in conversation.content])
    return columns


def _of_place(conversation: Conversation) -> dict[str, Floats]:
    """Return who speaks and where.

    `position`: 0 at the start, 1 at the end; `in_turn`, `left_in_turn`: sentences of the turn before and after it;
    `turn_words`; `voice_share`, `turn_share` of the voice; `leads`, `is_audience`: guesses; `changes_near`: changes of
    voice within three sentences; `pause_before`: seconds.
    """
    size, turns = len(conversation.said), conversation.turn_places
    starts = np.array([turns[turn].start for turn in conversation.turns], dtype=float)
    stops = np.array([turns[turn].stop for turn in conversation.turns], dtype=float)
    words = [float(conversation.lengths[places.start : places.stop].sum()) for places in turns]
    places = np.arange(size, dtype=float)
    changes = np.array([0.0, *(float(one != other) for one, other in pairwise(conversation.turns))])
    after_question = np.array([float(conversation.asks[turns[t - 1].stop - 1] if t else 0) for t in conversation.turns])
    return {
        "position": conversation.starts / max(conversation.duration, 1.0),
        "in_turn": places - starts,
        "left_in_turn": stops - 1 - places,
        "turn_words": np.array([words[turn] for turn in conversation.turns]),
        "voice_share": np.array([conversation.shares[voice] for voice in conversation.voices]),
        "turn_share": np.array([conversation.turn_shares[voice] for voice in conversation.voices]),
        "leads": np.array([float(voice in conversation.leads) for voice in conversation.voices]),
        "is_audience": np.array([float(voice in conversation.audience) for voice in conversation.voices]),
        "changes_near": sum((shift(changes, by) for by in range(-3, 4)), np.zeros(size)),
        "follows_question": after_question,
        "pause_before": np.array([0.0, *np.clip(conversation.starts[1:] - conversation.ends[:-1], 0, 10)]),
    }


def _of_slides(conversation: Conversation) -> dict[str, Floats]:
    """Return how it goes with the slide that is on.

    `has_slide`; `on_slide`: share of its words that the slide has; `not_shown`: figures said there and not on the
    slide though that has figures.
    """
    language = conversation.language
    words = {id(slide): words_of_slide(slide, language) for slide in conversation.slides if slide is not None}
    shown = [words[id(slide)] if slide is not None else frozenset[str]() for slide in conversation.slides]
    digits = {key: {word for word in some if word.isdigit()} for key, some in words.items()}
    return {
        "has_slide": np.array([float(bool(some)) for some in shown]),
        "on_slide": np.array(
            [share_of(tuple(said), some) for said, some in zip(conversation.content, shown, strict=True)]
        ),
        "not_shown": np.array(
            [
                float(
                    sum(word.isdigit() and word not in digits[id(slide)] for word in said)
                    if slide is not None and digits[id(slide)]
                    else 0
                )
                for said, slide in zip(conversation.content, conversation.slides, strict=True)
            ]
        ),
    }


def _of_numbers(conversation: Conversation) -> dict[str, Floats]:
    """Return what becomes of its numbers.

    `numbers`: how many; `next_numbers`: in the next two sentences of the voice; `other_near`, `other_far`: how often
    what it counts (the word after a number) is counted otherwise within a minute after it, and later; `same_later`:
    how often its numbers are said again; `earlier_other`: how often it was counted otherwise before.
    """
    numerals, size, starts = _number_words(conversation), len(conversation.said), conversation.starts
    said = [list(_numbers(tokens, numerals)) for tokens in conversation.tokens]
    counted, again = (
        defaultdict[str, list[tuple[int, tuple[str, ...]]]](list),
        defaultdict[tuple[str, ...], list[int]](list),
    )
    for at, numbers in enumerate(said):
        for begin, number in numbers:
            again[number].append(at)
            for unit in conversation.tokens[at][begin + len(number) :][:1]:
                counted[unit].append((at, number))
    columns = {name: np.zeros(size) for name in ("other_near", "other_far", "earlier_other", "same_later")}
    telling = (
        places
        for unit, places in counted.items()
        if len(places) <= SELDOM_COUNTED and unit not in conversation.language.function_words
    )
    for places in telling:
        for (at, number), (other, value) in permutations(places, 2):
            gap = starts[other] - starts[at]
            name = "earlier_other" if gap < 0 else "other_near" if gap < NEAR else "other_far"
            columns[name][at] += value != number and other != at
    for places_of in again.values():
        for rank, at in enumerate(places_of):
            columns["same_later"][at] += len(places_of) - 1 - rank
    counts = np.array([float(len(numbers)) for numbers in said])
    return columns | {"numbers": counts, "next_numbers": shift(counts, -1) + shift(counts, -2)}


def _of_contradiction(conversation: Conversation) -> dict[str, Floats]:
    """Return whether its telling words come back, and with a “not” more or less.

    Telling words stand in few sentences. `told_before`, `told_near`, `told_later`: shares of them that were said
    before, are said again within a minute, and later; `denied_near`, `denied_later`: that come back in a sentence that
    denies where this one does not, or the other way round; `is_rare`: share of its words that are telling.
    """
    size, starts = len(conversation.said), conversation.starts
    language = conversation.language
    denies = [
        any(part in language.negations for token in tokens for part in _parts(token)) for tokens in conversation.tokens
    ]
    where = defaultdict[str, list[int]](list)
    for at, words in enumerate(conversation.content):
        for word in words:
            where[word].append(at)
    names = ("told_before", "told_near", "told_later", "denied_near", "denied_later", "is_rare")
    columns = {name: np.zeros(size) for name in names}
    for at, words in enumerate(conversation.content):
        telling = [word for word in words if len(where[word]) <= SELDOM]
        columns["is_rare"][at] = len(telling) / max(1, len(words))
        for word in telling:
            for other in where[word]:
                gap = starts[other] - starts[at]
                when = "before" if gap < 0 else "near" if gap < NEAR else "later"
                columns[f"told_{when}"][at] += (other != at) / len(telling)
                if when != "before":
                    columns[f"denied_{when}"][at] += (denies[other] != denies[at]) / len(telling)
    return columns


def _breath(conversation: Conversation, at: int) -> tuple[list[str], int]:
    """Return the words of a sentence and of the next two of the voice, with their signs, and how many are its own."""
    words, voice = list[str](), conversation.voices[at]
    for place in range(at, min(at + 1 + BREATH, len(conversation.said))):
        if conversation.voices[place] != voice:
            break
        words += [word.text for word in conversation.said[place].words]
    return words, len(conversation.said[at].words)


def _takes_back(words: Sequence[str], at: int, numbers: Sequence[_Number], language: Language) -> bool:
    """Return whether a word takes back a number: set apart by signs, or between two numbers where signs are lost."""
    first = at - 1 if f"{_bare(words[at - 1])} {_bare(words[at])}" in language.retractions else at
    if first == 0 or (first == at and _bare(words[at]) not in language.retractions):
        return False
    follows = _bare(words[at + 1]) if at + 1 < len(words) else ""
    is_apart = words[at][-1] in SIGNS or follows in language.retractions
    lead = 1 if _bare(words[at]) in language.negations else LEAD  # "no" may be “not”
    leads_on = _begins(numbers, at + 1, at + lead)
    if words[first - 1][-1] in SIGNS or _bare(words[first - 1]) in language.retractions:
        return is_apart or (leads_on and lead == LEAD)
    is_near = any(begin + len(number) in (first - 1, first) for begin, number in numbers)
    return is_near and (leads_on or follows in language.retractions)


def _begins(numbers: Sequence[_Number], first: int, last: int) -> bool:
    return any(first <= begin <= last for begin, _ in numbers)


def _numbers(words: Sequence[str], numerals: frozenset[str]) -> Iterator[_Number]:
    """Yield the numbers of a text: words next to each other that are numerals or digits, no sign between them."""
    begin, run = 0, list[str]()
    for at, word in enumerate(words):
        bare = _bare(word)
        if bare in numerals:
            begin = begin if run else at
            run.append(bare)
        if run and (bare not in numerals or word[-1] in SIGNS or at == len(words) - 1):
            yield begin, tuple(run)
            run = []


def _number_words(conversation: Conversation) -> frozenset[str]:
    """Return the words of a talk that are numbers: with digits, numerals, or compounds of numerals."""
    language = conversation.language
    spoken = {_bare(word.text) for one in conversation.said for word in one.words}
    spoken.update(token for tokens in conversation.tokens for token in tokens)
    ends = tuple(n for n in language.numerals if len(n) >= SUFFIX) if language.code in COMPOUNDING else ()
    return frozenset(
        word
        for word in spoken
        if any(letter.isdigit() for letter in word)
        or not language.numerals.isdisjoint(word.split("-"))
        or (ends and word.endswith(ends))
    )


def _is_plea(tokens: Sequence[str], language: Language, numerals: frozenset[str]) -> bool:
    """Return whether a sentence asks not to be quoted: a set phrase, or a “not” before what is written down."""
    if _holds(tokens, language.released):
        return False
    if _holds(tokens, language.discretion):
        return True
    denied = [at for at, token in enumerate(tokens) if language.negations.intersection(_parts(token))]
    return any(
        token in language.records
        and not language.towards.isdisjoint(tokens[max(0, at - 2) : at])
        and tokens[at - 1] not in numerals
        and any(at - PLEA <= no < at for no in denied)
        for at, token in enumerate(tokens)
    )


def _is_same_voice(conversation: Conversation, one: int, other: int) -> bool:
    return conversation.voices[one] == conversation.voices[other]


def _holds(tokens: Sequence[str], phrases: frozenset[str]) -> bool:
    text = f" {' '.join(tokens)} "
    return any(f" {phrase} " in text for phrase in phrases)


def _parts(token: str) -> tuple[str, ...]:
    """Return a word with its parts around an apostrophe; "isn't" holds a “not”."""
    if "'" not in token:
        return (token,)
    return (token, *token.split("'"), *(("not",) if token.endswith("n't") else ()))


def _bare(word: str) -> str:
    return word.lower().strip(SIGNS + "“”\"'()[]«»„¿¡%$€£")
