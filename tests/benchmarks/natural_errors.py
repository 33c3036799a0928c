"""Sentences of a small language model that a person judged, and which of them are doubted for whom they credit.

`python -m tests.benchmarks.natural_errors --talks DIR` reads `DIR/../natural-errors`. Beside it key facts of English
talks, all true, bare and as words of whoever said them, two utterances before and after given.
"""

import argparse
import json
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digest.faithfulness.credits import CREDITED, own_share
from digest.faithfulness.doubts import doubts
from digest.language.en import ENGLISH
from digest.language.sentences import SpokenSentence, sentences
from digest.model.speech import Speaker, Speakers, utterances
from tests.talks import Talk, read_talks

SHARES = (1.0, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.3)  # thresholds that are printed
AROUND = 2  # utterances before and after a fact's
DRAWS = 2000
MOST_TRUE = 0.15  # of the true ones that may be doubted


@dataclass(frozen=True)
class Source:
    """A talk, what was said in each of its utterances, and how its announced voices are called."""

    talk: Talk

    @cached_property
    def utterances(self) -> list[list[SpokenSentence]]:
        """Return the sentences of each utterance."""
        voices = tuple(Speaker(id=voice) for voice in dict.fromkeys(turn.speaker for turn in self.talk.turns))
        spoken = utterances(self.talk.transcript, Speakers(speakers=voices, turns=self.talk.turns))
        begins = [turn.start for turn in self.talk.turns]
        found: list[list[SpokenSentence]] = [[] for _ in begins]
        for one in sentences(spoken, ENGLISH.code):
            found[bisect_right(begins, one.start + 0.01) - 1].append(one)
        return found

    @cached_property
    def called(self) -> dict[str, str]:
        """Return the names of hosts and guests by voice: of the audience a run knows none."""
        voices = {
            one["speaker"]: turn.speaker
            for one, turn in zip(self.talk.truth["utterances"], self.talk.turns, strict=True)
        }
        return {
            voices[one["id"]]: one["name"]
            for one in self.talk.truth["speakers"]
            if one["name"] and one["part"] != "audience" and one["id"] in voices
        }

    def said(self, places: Sequence[int]) -> list[SpokenSentence]:
        """Return the sentences of some utterances."""
        return [one for at in places if 0 <= at < len(self.utterances) for one in self.utterances[at]]

    def share(self, text: str, places: Sequence[int]) -> float:
        """Return the share of own words in a sentence that rests on some utterances."""
        return own_share(text, self.said(places), self.called)

    def is_doubted(self, text: str, places: Sequence[int]) -> bool:
        """Return whether the rules of the gate doubt such a sentence."""
        return bool(doubts(text, None, self.said(places), tuple(self.called.values())))

    def facts(self) -> Iterator[tuple[float, float]]:
        """Yield the shares of each key fact of an announced voice: bare, and as this voice's words."""
        for fact in self.talk.truth["key_facts"]:
            place, text = int(fact["utterance"]), str(fact["text"])
            places = range(place - AROUND, place + AROUND + 1)
            if name := self.called.get(self.talk.turns[place].speaker):
                yield self.share(text, places), self.share(f"{name} said that {text}", places)


def interval(hits: NDArray[np.bool_]) -> str:
    """Return a share with the middle 95 % of what drawing anew gives."""
    drawn = np.random.default_rng(0).choice(hits.astype(float), (DRAWS, len(hits))).mean(axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return f"{hits.mean():.2f} ({low:.2f}–{high:.2f})"


def main() -> None:
    """Print what each threshold gives: alone, beside the rules, by kind of error, and chosen on the other talk."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--talks", type=Path, required=True)
    folder = asked.parse_args().talks
    sources = {talk.name: Source(talk) for talk in read_talks(folder) if talk.language == ENGLISH.code}
    lines = (folder.parent / "natural-errors" / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
    wrote = [one for line in lines if (one := json.loads(line))["judged"] != "poor"]
    shares = np.array([sources[one["talk"]].share(one["text"], one["utterances"]) for one in wrote])
    is_false = np.array([one["judged"] == "false" for one in wrote])
    bare, credited = np.array([pair for source in sources.values() for pair in source.facts()]).T
    ruled = np.array([sources[one["talk"]].is_doubted(one["text"], one["utterances"]) for one in wrote])
    sys.stdout.write("| below | false caught | true doubted | facts doubted | facts as words of their speaker |\n")
    for least in SHARES:
        row = (shares[is_false], shares[~is_false], bare, credited)
        sys.stdout.write(f"| {least} | {' | '.join(interval(some < least) for some in row)} |\n")
    for least in (0.0, *SHARES):
        either = ruled | (shares < least)
        sys.stdout.write(f"rules, or below {least}: {interval(either[is_false])}, {interval(either[~is_false])}\n")
    _print_kinds(wrote, shares)
    _print_chosen_elsewhere(wrote, shares, is_false)


def _print_kinds(wrote: Sequence[dict[str, Any]], shares: NDArray[np.float64]) -> None:
    """Print what is caught of each kind of error at each threshold."""
    kinds = Counter(one["kind"] or "true" for one in wrote)
    sys.stdout.write(f"| kind | of | {' | '.join(map(str, SHARES))} |\n")
    for kind, count in kinds.most_common():
        here = shares[[(one["kind"] or "true") == kind for one in wrote]]
        sys.stdout.write(f"| {kind} | {count} | {' | '.join(str((here < least).sum()) for least in SHARES)} |\n")


def _print_chosen_elsewhere(
    wrote: Sequence[dict[str, Any]], shares: NDArray[np.float64], is_false: NDArray[np.bool_]
) -> None:
    """Print for each talk what the threshold gives there that catches most in the other, at few true ones doubted."""
    for name in sorted({one["talk"] for one in wrote}):
        here = np.array([one["talk"] == name for one in wrote])
        fair = [least for least in SHARES if (shares[~here & ~is_false] < least).mean() <= MOST_TRUE]
        for least, chosen in ((CREDITED, "as shipped"), (max(fair), "chosen on the other")):
            false, true = (interval(shares[here & some] < least) for some in (is_false, ~is_false))
            sys.stdout.write(f"{name}, {least} {chosen}: {false} of the false, {true} of the true\n")


if __name__ == "__main__":
    main()
