"""Talks as a recogniser hears them, the same every time: words misheard, signs lost, turns that begin late."""

import random
import re
from itertools import pairwise
from typing import Any

from tests.talks import Talk

MISHEARD = 0.06  # of the words
UNSIGNED = 0.3  # of the signs at the ends of sentences are lost, with the capital that follows
LATE = 0.5  # of the turns begin late
LATE_SECONDS = 1.0


def disturb(talk: Talk, seed: int = 0) -> Talk:
    """Return a talk as it may arrive: only the utterances differ, and their number is the same."""
    chance = random.Random(f"{talk.name} {seed}")  # noqa: S311  # the same disturbance every time
    utterances = [dict(one) for one in talk.truth["utterances"]]
    vocabulary = sorted({word for one in utterances for word in one["text"].split() if word.isalpha()})
    for before, after in pairwise(utterances):
        if before["speaker"] != after["speaker"] and chance.random() < LATE:
            _begin_late(before, after, chance.uniform(0, LATE_SECONDS))
    for one in utterances:
        one["text"] = _mishear(one["text"], vocabulary, chance)
    return Talk(talk.truth | {"utterances": utterances})


def _begin_late(before: dict[str, Any], after: dict[str, Any], seconds: float) -> None:
    """Give the first words of a turn to the voice before it."""
    words = after["text"].split()
    each = (after["end"] - after["start"]) / max(1, len(words))
    count = min(int(seconds / each) if each else 0, len(words) - 1)
    if count > 0:
        before["text"] = " ".join((before["text"], *words[:count]))
        after["text"] = " ".join(words[count:])
        before["end"] = after["start"] = after["start"] + count * each


def _mishear(text: str, vocabulary: list[str], chance: random.Random) -> str:
    words, lowers = list[str](), False
    for word in text.split():
        heard = chance.choice(vocabulary) if chance.random() < MISHEARD and vocabulary else word
        heard = heard[:1].lower() + heard[1:] if lowers else heard
        lowers = bool(re.search(r"[.?!…]$", word)) and chance.random() < UNSIGNED
        words.append(heard.rstrip(".?!…") or heard if lowers else heard)
    return " ".join(words)
