"""What the faithfulness gate passes and what it catches: key facts and what is done to them, a table out."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from digest.faithfulness.doubts import doubts
from digest.language.sentences import SpokenSentence, sentences
from digest.model.speech import utterances
from tests import truth as t

LONG_ENOUGH = 8  # words of a sentence whose words are related at all
OUTSIDERS = ("Brazil", "NATO", "Jonathan Reed", "Microsoft", "Helsinki")
NUMBER_WORDS = ("four", "seven", "nine", "twelve", "fourteen", "sixty", "eighty")
TAILS = (
    ", which surprised many delegates in Geneva",
    ", because funding had been cut by half",
    ", although several governments strongly objected",
)
NUMBER = re.compile(
    r"\b(?:\d+|(?:twenty|thirty|fifty|seventy|ninety)-\w+|two|three|five|ten|eleven|twenty|thirty|forty|fifty|sixty|seventy|hundred|quarter|sixteen|thirty-five"
    r"|fifty-one|fifteen|ninety-nine|twenty-five|twelve)\b",
    re.IGNORECASE,
)
BE = re.compile(r"\b(is|are|was|were|should|can|has|have|will)\b(?! not)")
DENIED = re.compile(r"\b(?:not |no |cannot\b)")


@dataclass(frozen=True)
class Case:
    """A sentence to be judged: what kind it is, the voice it is attributed to, and what it is said to rest on."""

    kind: str
    text: str
    speaker: str
    said: Sequence[SpokenSentence]
    names: Sequence[str]


def table(truths: dict[str, dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """Return for each kind how many sentences passed without a doubt, and how many there were."""
    found: dict[str, tuple[int, int]] = {}
    for case in cases(truths):
        passed, count = found.get(case.kind, (0, 0))
        is_clean = not doubts(case.text, case.speaker, case.said, case.names)
        found[case.kind] = (passed + is_clean, count + 1)
    return found


def cases(truths: dict[str, dict[str, Any]]) -> Iterator[Case]:
    """Yield verbatim sentences, key facts, and key facts spoilt in each way."""
    for name, truth in truths.items():
        spoken = t.transcript(truth)
        said = sentences(utterances(spoken, t.speakers(truth)), "en")
        for one in said:
            yield Case("verbatim", one.text, one.speaker, [one], ())
            if len(one.words) >= LONG_ENOUGH and (swapped := _wrongly_related(one.text)):
                yield Case("verbatim, wrongly related", swapped, one.speaker, [one], ())
        others = [
            fact["text"] for other, elsewhere in truths.items() if other != name for fact in elsewhere["key_facts"]
        ]
        for at, fact in enumerate(truth["key_facts"]):
            yield from _of_fact(truth, said, fact, at, others)


def _of_fact(
    truth: dict[str, Any], said: Sequence[SpokenSentence], fact: dict[str, Any], at: int, others: Sequence[str]
) -> Iterator[Case]:
    chance = random.Random(at)  # noqa: S311  # the same table every time
    utterance = truth["utterances"][fact["utterance"]]
    own = [one for one in said if utterance["start"] - 0.1 <= one.start < utterance["end"]]
    before = truth["utterances"][max(0, fact["utterance"] - 2) : fact["utterance"]]
    heard = [word for one in before for word in re.findall(r"\b[A-Z][\w-]+", one["text"])]
    whose = [person for person in truth["speakers"] if person["name"] == utterance["speaker"]]
    names = [*heard, *(part for person in whose for part in (person["name"], person.get("role") or ""))]
    names += [person["name"] for person in truth["speakers"] if person["name"] in fact["text"]]
    speaker, text = own[0].speaker, fact["text"]

    def case(kind: str, spoilt: str, voice: str = speaker, rests: Sequence[SpokenSentence] = own) -> Case:
        return Case(kind, spoilt, voice, rests, names)

    yield case("true paraphrase", text)
    if NUMBER.search(text):
        yield case("number changed", NUMBER.sub(chance.choice(NUMBER_WORDS), text, count=1))
    people = re.findall(r"(?<=\s)[A-Z][\w-]+(?: [A-Z][\w-]+)*", text)
    if people:
        yield case("outside name", text.replace(people[0], chance.choice(OUTSIDERS), 1))
        inside = [n for n in truth["names"] if n.split()[0] not in utterance["text"] and n not in text]
        yield case("name of the event", text.replace(people[0], chance.choice(inside), 1))
    if DENIED.search(text):
        yield case("negation flipped", DENIED.sub("", text, count=1))
    elif BE.search(text):
        yield case("negation flipped", BE.sub(r"\1 not", text, count=1))
    elsewhere = [one for one in said if one.speaker != speaker]
    yield case("speaker swapped", text, voice=elsewhere[0].speaker)
    yield case("invented", chance.choice(others))
    far = [one for one in said if abs(one.start - utterance["start"]) > 30 and one.speaker == speaker]
    if far:
        begin = chance.randrange(max(1, len(far) - 2))
        yield case("misplaced", text, rests=far[begin : begin + 2])
    yield case("tail added", text + chance.choice(TAILS))
    if swapped := _wrongly_related(text):
        yield case("wrongly related", swapped)


def _wrongly_related(text: str) -> str | None:
    """Return the text with its first and last long words exchanged: all its words were said, but not so."""
    long = re.findall(r"\b[a-z]{5,}\b", text)
    if len(set(long)) < 2:
        return None
    first, last = long[0], long[-1]
    return re.sub(rf"\b(?:{first}|{last})\b", lambda found: last if found[0] == first else first, text)
