"""How likely an English sentence says something else than what it rests on: pairs of both in, probabilities out.

Boosted trees over named features; `tests/training/faithfulness.py` fits them on true sentences and on false ones that
were made of them. The rules of `doubts` are features too, and go on standing by themselves.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

import numpy as np

from digest.faithfulness.doubts import FUNCTION_WORDS, doubts, in_digits, stem
from digest.language.en import ENGLISH
from digest.language.reported_speech import (
    ASKING,
    CAUSES,
    CLAIMED,
    FIRST_PERSON,
    LESS_SURE,
    MEASURES,
    REPORTING,
    SECOND_PERSON,
    STRONG,
    TAKING_BACK,
    THIRD_PERSON,
    THIRD_SINGULAR,
    TIMES,
)
from digest.language.sentences import SpokenSentence
from digest.learned.trees import Floats, load_trees

CHECKED = 0.77  # probability from which an editor is asked to compare: docs/decisions/0029
PREFIX = 5  # letters by which two forms of a word are alike
NEAR = 4  # content words before and after a number that say what it counts
WINDOW = 5  # content words within which two belong together
RUN = 3  # words in a row, small ones too, that count as copied
TELLING = 3  # content words from which a clause is looked at by itself

SUBORDINATE = re.compile(
    r"\s*(?:\||;|,)\s*|\s+(?:and|but|which|because|while|although|so that|after|before|when|who|if|whereas)\s+"
)


@dataclass(frozen=True)
class Pair:
    """A sentence with what it rests on; `called` is how each voice of the webinar is called, where that is known."""

    text: str
    said: Sequence[SpokenSentence]
    called: Mapping[str, str]

    @cached_property
    def names(self) -> dict[str, str]:
        """Return the voice that each name stands for: whole names, and their first and last words."""
        found = dict[str, str]()
        for voice, name in self.called.items():
            parts = [part for part in name.split() if (part[0].isupper() and part.isalpha()) or "-" in part]
            found |= dict.fromkeys((name, *parts[:1], *parts[-1:]), voice)
        return found


@dataclass(frozen=True)
class _Words:
    """A text as it is compared: `plain` are all words in small letters, figures as digits, "|" for signs."""

    plain: tuple[str, ...]

    @cached_property
    def all(self) -> frozenset[str]:
        return frozenset(self.plain)

    @cached_property
    def content(self) -> tuple[str, ...]:
        """The stems that carry meaning, figures among them, in order."""
        return tuple(_form(word) for word in self.plain if word != "|" and word not in FUNCTION_WORDS)

    @cached_property
    def denials(self) -> int:
        return sum(word in ENGLISH.negations for word in self.plain)


@cache
def _form(word: str) -> str:
    """Return what forms of a word have in common."""
    return word if word[0].isdigit() else stem(word)[:PREFIX]


@cache
def _words(text: str) -> _Words:
    return _Words(tuple(in_digits(text.replace("...", ", ")).split()))


@cache
def _clauses(text: str) -> tuple[_Words, ...]:
    parts = (_Words(tuple(part.split())) for part in SUBORDINATE.split(" ".join(_words(text).plain)))
    return tuple(part for part in parts if part.content)


def judge(pairs: Sequence[Pair]) -> Floats:
    """Return how likely each sentence says something else than what it rests on."""
    return load_trees("faithfulness").probabilities(judge_features(pairs)) if pairs else np.zeros(0)


def judge_features(pairs: Sequence[Pair]) -> dict[str, Floats]:
    """Return the features of every pair by name; each is described where it is made."""
    rows = [_features(pair) for pair in pairs]
    return {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]} if rows else {}


def _features(pair: Pair) -> dict[str, float]:
    bare, credited = _without_credits(pair)
    text = _words(bare)
    said = [_words(one.text) for one in pair.said]
    found = _of_size(text, said, pair)
    found |= _of_coverage(text, said, pair)
    found |= _of_order(text, said)
    found |= _of_clauses(bare, said, pair)
    found |= _of_numbers(text, said)
    found |= _of_people(pair, text, said)
    found |= _of_credits(credited, pair, said)
    found |= _of_agents(pair, said)
    found |= _of_small_words(text, said)
    found |= _of_rules(bare, pair)
    return found | _of_reports(found)


@dataclass(frozen=True)
class _Credit:
    """Somebody who is said to have said something: the voice, by which verb, and what."""

    voice: str
    verb: str
    what: _Words


def _without_credits(pair: Pair) -> tuple[str, list[_Credit]]:
    """Return a text without "NAME said that", and who is credited with what."""
    names = pair.names
    if not names:
        return pair.text, []
    some = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    verbs = "|".join(sorted(REPORTING))
    credit = re.compile(
        rf"\b({some})\b(?: (?:also|then|further|later))? ({verbs})\b(?: (?:that|if|whether))?"
        rf"|\b[Aa]ccording to ({some}),?"
    )
    found, places = list[_Credit](), list(credit.finditer(pair.text))
    for at, place in enumerate(places):
        end = places[at + 1].start() if at + 1 < len(places) else len(pair.text)
        what = _words(pair.text[place.end() : end])
        found.append(_Credit(names[place[1] or place[3]], place[2] or "said", what))
    return " ".join(credit.sub("", pair.text).split()), found


def _of_size(text: _Words, said: Sequence[_Words], pair: Pair) -> dict[str, float]:
    """Return lengths: words and content words of the text; sentences, content words and voices it rests on."""
    return {
        "words": len(text.plain),
        "content_words": len(text.content),
        "rests_on": len(said),
        "rests_on_words": sum(len(one.content) for one in said),
        "voices": len({one.speaker for one in pair.said}),
    }


def _of_coverage(text: _Words, said: Sequence[_Words], pair: Pair) -> dict[str, float]:
    """Return how much of the content words was said, and where.

    `held`: share said anywhere; `novel`: how many were not, `novel_light` of these that say little by themselves,
    `novel_digits` that are figures; `second_gain`: what the second sentence adds;
    `best_one`, `best_two`: share held by the sentence that holds most, and with a second one; `spread`: sentences
    between these two; `two_voices`: they are by two; `best_length`: content words of the first; `best_lost`: share of
    its words that the text has not; `seldom_held`: share of the words said only once that are among the held ones.
    """
    own = list(dict.fromkeys(text.content))
    sets = [set(one.content) for one in said]
    there = set[str]().union(*sets)
    novel = [word for word in own if word not in there]
    count = max(1, len(own))
    shares = [len(set(own) & some) for some in sets]
    first = int(np.argmax(shares))
    rest = set(own) - sets[first]
    gains = [len(rest & some) for some in sets]
    second = int(np.argmax(gains))
    times = [word for one in said for word in one.content]
    once = {word for word in there if times.count(word) == 1}
    return {
        "held": 1 - len(novel) / count,
        "novel": len(novel),
        "novel_light": sum(word in _LIGHT for word in novel),
        "novel_digits": sum(word[0].isdigit() for word in novel),
        "best_one": shares[first] / count,
        "best_two": (shares[first] + gains[second]) / count,
        "second_gain": gains[second] / count,
        "spread": abs(first - second) if gains[second] else 0,
        "two_voices": float(gains[second] > 0 and pair.said[first].speaker != pair.said[second].speaker),
        "best_length": len(sets[first]),
        "best_lost": 1 - shares[first] / max(1, len(sets[first])),
        "seldom_held": len(once & set(own)) / count,
    }


_LIGHT = frozenset(_form(word) for word in ENGLISH.light_nouns | ENGLISH.auxiliaries)


def _of_order(text: _Words, said: Sequence[_Words]) -> dict[str, float]:
    """Return how the words stand together.

    Of content words next to each other that were both said: `together`, share of pairs said within `WINDOW` words in
    this order; `reversed`, only in the other order; `apart`, only farther away. `copied`: share of all words in runs
    of `RUN` and more that were said so; `longest`: words of the longest run; `seams`: changes between runs;
    `inverted`: share of pairs of held words whose order in the nearest stretch is the other one.
    """
    place: dict[str, list[int]] = {}
    there = [word for one in said for word in (*one.content, *[""] * 2)]
    for at, word in enumerate(there):
        place.setdefault(word, []).append(at)
    held = [word for word in text.content if word in place]
    counts = dict.fromkeys(("together", "reversed", "apart"), 0)
    for one, other in pairwise(held):
        if one == other:
            continue
        gaps = [b - a for a in place[one] for b in place[other]]
        if any(0 < gap <= WINDOW for gap in gaps):
            counts["together"] += 1
        elif any(-WINDOW <= gap < 0 for gap in gaps):
            counts["reversed"] += 1
        else:
            counts["apart"] += 1
    pairs = max(1, sum(counts.values()))
    found = {name: count / pairs for name, count in counts.items()}
    found |= {"reversed_pairs": counts["reversed"], "apart_pairs": counts["apart"]}
    return found | _of_runs(text, said) | {"inverted": _share_backwards(held, place)}


def _of_runs(text: _Words, said: Sequence[_Words]) -> dict[str, float]:
    own = [word for word in text.plain if word != "|"]
    grams = set[tuple[str, ...]]()
    starts = dict[tuple[str, ...], tuple[int, int]]()
    for index, one in enumerate(said):
        plain = [word for word in one.plain if word != "|"]
        for at in range(len(plain) - RUN + 1):
            gram = tuple(plain[at : at + RUN])
            grams.add(gram)
            starts.setdefault(gram, (index, at))
    covered, run, longest, sources = np.zeros(len(own), dtype=bool), 0, 0, list[int]()
    for at in range(len(own) - RUN + 1):
        gram = tuple(own[at : at + RUN])
        if gram in grams:
            covered[at : at + RUN] = True
            run += 1
            longest = max(longest, run + RUN - 1)
            sources.append(starts[gram][0])
        else:
            run = 0
    seams = sum(bool(a) != bool(b) for a, b in pairwise(covered))
    return {
        "copied": float(covered.mean()) if own else 0.0,
        "longest": longest,
        "seams": seams,
        "copied_sources": len(set(sources)),
        "copied_backwards": sum(b < a for a, b in pairwise(sources)),
    }


def _share_backwards(held: Sequence[str], place: Mapping[str, Sequence[int]]) -> float:
    """Return the share of neighbours that go backwards where each word is taken as near to the one before as it was."""
    at, back = place[held[0]][0] if held else 0, 0
    for word in held[1:]:
        _, here = min((abs(spot - at), spot) for spot in place[word])
        back += here < at
        at = here
    return back / max(1, len(held) - 1)


def _of_clauses(bare: str, said: Sequence[_Words], pair: Pair) -> dict[str, float]:
    """Return what the clauses rest on.

    `clauses`: how many; `worst_clause`: share of its words that was said, of the clause of which least was;
    `worst_near`, `mean_near`: the same by the clause that holds most and its neighbours; `clause_jump`: most sentences
    between those that two clauses next to each other rest on; `clause_back`: how often the second is of an earlier
    one; `clause_voices`: voices of these; `denied_more`: clauses that deny where the whole sentence does not;
    `denied_otherwise`: clauses that deny where their nearest does not, or the other way round; `from_question`:
    clauses whose nearest sentence is a question; `less_sure_lost`, `claimed_lost`: clauses whose nearest sentence is
    unsure or tells somebody's view, and they do not; `taken_back`: the nearest is followed by words that take back.
    """
    clauses = [one for one in _clauses(bare) if len(one.content) >= TELLING] or [_words(bare)]
    sources = [(index, part) for index, one in enumerate(pair.said) for part in _clauses(one.text)]
    found = dict.fromkeys(
        ("denied_otherwise", "denied_more", "from_question", "less_sure_lost", "claimed_lost", "taken_back"), 0.0
    )
    held, near, rests = list[float](), list[float](), list[int]()
    there = set[str]().union(*(one.content for one in said))
    for clause in clauses:
        own = set(clause.content)
        scores = [len(own & set(part.content)) - 0.02 * len(part.content) for _, part in sources] or [0.0]
        best = int(np.argmax(scores))
        held.append(len(own & there) / max(1, len(own)))
        index, part = sources[best] if sources else (0, clause)
        around = set(part.content)
        if best + 1 < len(sources):
            around |= set(sources[best + 1][1].content)
        if best:
            around |= set(sources[best - 1][1].content)
        near.append(len(own & around) / max(1, len(own)))
        rests.append(index)
        whole = said[index]
        found["denied_otherwise"] += (clause.denials > 0) != (part.denials > 0)
        found["denied_more"] += (clause.denials > 0) and whole.denials == 0
        found["from_question"] += pair.said[index].text.rstrip().endswith("?")
        found["less_sure_lost"] += bool(LESS_SURE & whole.all) and not LESS_SURE & clause.all
        found["claimed_lost"] += bool(CLAIMED & whole.all)
        after = said[index + 1].plain[:3] if index + 1 < len(said) else ()
        found["taken_back"] += bool(TAKING_BACK.intersection(after))
    return found | {
        "clauses": len(clauses),
        "worst_clause": min(held),
        "worst_near": min(near),
        "mean_near": float(np.mean(near)),
        "clause_jump": max((abs(a - b) for a, b in pairwise(rests)), default=0),
        "clause_back": sum(b < a for a, b in pairwise(rests)),
        "clause_voices": len({pair.said[index].speaker for index in rests}),
    }


def _of_numbers(text: _Words, said: Sequence[_Words]) -> dict[str, float]:
    """Return whether numbers count the same.

    `figures`: how many; `figures_unsaid`; `figure_role`: of the figure that fares worst, the share of the content words
    near it that were said near it, too (1 without figures); `figure_rival`: another figure was said nearer to these
    words; `figure_next`: figures whose next word was said right after them.
    """
    found = {"figures": 0.0, "figures_unsaid": 0.0, "figure_role": 1.0, "figure_rival": 0.0, "figure_next": 1.0}
    places = [(at, word) for at, word in enumerate(text.content) if word[0].isdigit()]
    found["figures"] = len(places)
    surroundings = [
        (word, set(one.content[max(0, at - 2 * NEAR) : at + 2 * NEAR + 1]) - {word}, one.content[at + 1 : at + 2])
        for one in said
        for at, word in enumerate(one.content)
        if word[0].isdigit()
    ]
    follows = list[bool]()
    for at, word in places:
        own = {w for w in text.content[max(0, at - NEAR) : at + NEAR + 1] if not w[0].isdigit()}
        mine = [len(own & near) / max(1, len(own)) for figure, near, _ in surroundings if figure == word]
        others = [len(own & near) / max(1, len(own)) for figure, near, _ in surroundings if figure != word]
        found["figures_unsaid"] += not mine
        role = max(mine, default=0.0)
        found["figure_role"] = min(found["figure_role"], role)
        found["figure_rival"] = max(found["figure_rival"], max(others, default=0.0) - role)
        follows.append(any(figure == word and nxt == text.content[at + 1 : at + 2] for figure, _, nxt in surroundings))
    found["figure_next"] = float(np.mean(follows)) if follows else 1.0
    return found


def _of_people(pair: Pair, text: _Words, said: Sequence[_Words]) -> dict[str, float]:
    """Return who stands in it.

    `people`: voices named; `people_silent`, `people_listening`: of these, who said nothing there and were not named,
    and who said nothing; `third_person`, `third_singular`: pronouns for others, for one; `begins_third`: with one;
    `second_said`, `first_said`, `they_said`: "you", "I", and "he", "she", "they" in the sentence that holds most.
    """
    speak = {one.speaker for one in pair.said}
    spoken = " ".join(one.text for one in pair.said)
    named = {voice for name, voice in pair.names.items() if _holds(pair.text, name)}
    mentioned = {voice for name, voice in pair.names.items() if _holds(spoken, name)}
    best = max(said, key=lambda one: len(set(one.content) & set(text.content)))
    return {
        "people": len(named),
        "people_silent": len(named - speak - mentioned),
        "people_listening": len(named - speak),
        "third_person": sum(word in THIRD_PERSON for word in text.plain),
        "third_singular": sum(word in THIRD_SINGULAR for word in text.plain),
        "first_said": sum(word in FIRST_PERSON for word in best.plain),
        "second_said": sum(word in SECOND_PERSON for word in best.plain),
        "they_said": sum(word in THIRD_PERSON for word in best.plain),
        "begins_third": float(text.plain[:1] != () and text.plain[0] in THIRD_PERSON),
    }


def _holds(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def _of_credits(credited: Sequence[_Credit], pair: Pair, said: Sequence[_Words]) -> dict[str, float]:
    """Return whether those who are said to have said something said it.

    `credits`: how many; `credit_lead`: the least of what the credited voice holds of it in its best sentence less what
    the best of other voices holds, as a share (1 without credits); `credit_held`: the least held by all that the voice
    said; `credit_silent`: it said nothing there; `credit_asks`, `credit_asked`: asking by the verb, by the sentence;
    `credit_first`, `credit_second`: it has "I" where the text has a pronoun for others; it has "you".
    """
    found = {
        "credits": float(len(credited)), "credit_lead": 1.0, "credit_held": 1.0, "credit_silent": 0.0,
        "credit_asks": 0.0, "credit_asked": 0.0, "credit_first": 0.0, "credit_second": 0.0,
    }  # fmt: skip
    for credit in credited:
        own = set(credit.what.content)
        mine = [at for at, one in enumerate(pair.said) if one.speaker == credit.voice]
        others = [at for at, one in enumerate(pair.said) if one.speaker != credit.voice]
        shares = [len(own & set(one.content)) / max(1, len(own)) for one in said]
        lead = max((shares[at] for at in mine), default=0.0) - max((shares[at] for at in others), default=0.0)
        found["credit_lead"] = min(found["credit_lead"], lead)
        there = set[str]().union(*(said[at].content for at in mine))
        found["credit_held"] = min(found["credit_held"], len(own & there) / max(1, len(own)))
        found["credit_silent"] += not mine
        best = int(np.argmax(shares))
        found["credit_asks"] += credit.verb in ASKING
        found["credit_asked"] += pair.said[best].text.rstrip().endswith("?")
        found["credit_first"] += bool(FIRST_PERSON & said[best].all) and bool(THIRD_PERSON & credit.what.all)
        found["credit_second"] += bool(SECOND_PERSON & said[best].all)
    return found


def _of_agents(pair: Pair, said: Sequence[_Words]) -> dict[str, float]:
    """Return whether those who do something in it are those who said so, or of whom it was said.

    Each clause is compared with the sentence that holds most of it. `agent_strange`: clauses that begin with a name and
    no verb of saying, where the sentence is neither the person's own, in the first person, nor names them;
    `third_strange`: with "he" or "she" where it has neither these nor "I"; `third_from_second`: where it has "you";
    `mixed`: the most sentences that a clause takes words from which no other has, for each three of its words.
    """
    found = dict.fromkeys(("agent_strange", "third_strange", "third_from_second", "mixed"), 0.0)
    names = "|".join(re.escape(name) for name in sorted(pair.names, key=len, reverse=True))
    for part in re.split(r"[,;] | (?:and|but|because|which|while) ", pair.text):
        clause = _words(part)
        own = set(clause.content)
        if not own:
            continue
        shares = [len(own & set(one.content)) for one in said]
        best = int(np.argmax(shares))
        there = said[best]
        named = re.match(rf"(?:{names})\b(?: (?:also|then))? (?!{'|'.join(REPORTING)})", part) if names else None
        if named:
            name = re.match(names, part)
            voice = pair.names[name[0]] if name else ""
            is_own = pair.said[best].speaker == voice and bool(FIRST_PERSON & there.all)
            found["agent_strange"] += not is_own and not any(
                _holds(pair.said[best].text, other) for other, whose in pair.names.items() if whose == voice
            )
        if THIRD_SINGULAR & clause.all:
            found["third_strange"] += not (THIRD_SINGULAR | FIRST_PERSON) & there.all
            found["third_from_second"] += bool(SECOND_PERSON & there.all)
        found["mixed"] = max(found["mixed"], _sources(own, said) / max(3, len(own)) * 3)
    return found


def _sources(own: set[str], said: Sequence[_Words]) -> int:
    """Return how many sentences it takes, greedily, to hold those words that were said."""
    rest, count = set(own), 0
    while gain := max((rest & set(one.content) for one in said), key=len, default=set[str]()):
        rest -= gain
        count += 1
    return count


def _of_small_words(text: _Words, said: Sequence[_Words]) -> dict[str, float]:
    """Return what small words came in or went.

    Of causes, times, measures, contrasts and strong words: `X_added`, that nobody said there; `X_far`, `X_lost`, that
    the sentence which holds most has not, or alone has. `denials`, `unsure` and the like: how many, here and there.
    """
    there = frozenset[str]().union(*(one.all for one in said))
    best = max(said, key=lambda one: len(set(one.content) & set(text.content))).all
    classes = {"cause": CAUSES, "time": TIMES, "measure": MEASURES, "contrast": ENGLISH.contrasts, "strong": STRONG}
    found = dict[str, float]()
    for name, words in classes.items():
        found[f"{name}_added"] = len(words & text.all - there)
        found[f"{name}_far"] = len(words & text.all - best)
        found[f"{name}_lost"] = len(words & best - text.all)
    found["denials"] = text.denials
    found["denials_said"] = sum(word in ENGLISH.negations for word in best)
    found["unsure"] = len(LESS_SURE & text.all)
    found["unsure_said"] = len(LESS_SURE & best)
    found["emphatic_said"] = len(ENGLISH.emphatics & best)
    found["superseded_said"] = len(ENGLISH.superseded & best)
    return found


def _of_reports(found: Mapping[str, float]) -> dict[str, float]:
    """Return what counts otherwise in a report, which keeps close to the words, than in a summary in words of its own.

    `reports`: it names somebody who spoke, or copies much; `report_X`: X if it does, else 0.
    """
    reports = float(found["people"] > 0 or found["copied"] >= COPIED)
    return {"reports": reports} | {f"report_{name}": reports * found[name] for name in REPORT}


COPIED = 0.4  # share of the words
REPORT = (
    "held", "novel", "worst_near", "worst_clause", "best_two", "apart_pairs", "inverted", "copied", "figure_role",
    "mixed", "third_singular", "clauses", "words", "second_gain", "best_lost",
)  # fmt: skip
RULES = ("not said", "a “not”", "stronger", "other words", "added", "put together")


def _of_rules(bare: str, pair: Pair) -> dict[str, float]:
    """Return what the rules doubt: `rule_N` in the order of `RULES`."""
    found = doubts(bare, None, pair.said, [name for name in pair.called.values() if name])
    return {f"rule_{at}": float(any(one.startswith(rule) for one in found)) for at, rule in enumerate(RULES)}
