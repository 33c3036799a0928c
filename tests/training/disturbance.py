"""Talks as a run hears them, the same every time: words misheard, signs lost, late turns, voices confused."""

import random
import re
from collections import Counter
from itertools import pairwise
from typing import Any

from tests.talks import Talk

MISHEARD = 0.06  # of the words
UNSIGNED = 0.3  # of the signs at the ends of sentences are lost, with the capital that follows
LATE = 0.5  # of the turns begin late
LATE_SECONDS = 1.0
CONFUSED = 0.1  # of the words are given to the voice before or after
MAX_RUN = 25  # words in a row that are
MIN_WORDS = 40  # words of a voice that is split in two


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


def confuse_voices(talk: Talk, seed: int = 0) -> Talk:
    """Return a talk as voices may be told apart: a tenth of the words with a neighbour's, one split, two merged.

    Its utterances are cut where the voice changes; `by` is who really speaks.
    """
    chance = random.Random(f"voices {talk.name} {seed}")  # noqa: S311  # the same disturbance every time
    utterances = talk.truth["utterances"]
    words = [(one, text) for one in utterances for text in one["text"].split()]
    by = [one["speaker"] for one, _ in words]
    voices = list(by)
    _give_to_neighbours(voices, chance)
    _split_and_merge(voices, chance)
    found = list[dict[str, Any]]()
    at = 0
    for one in utterances:
        count = len(one["text"].split())
        each, begin = (one["end"] - one["start"]) / count, at
        while at < begin + count:
            until = next((n for n in range(at, begin + count) if voices[n] != voices[at]), begin + count)
            found.append({
                "start": one["start"] + (at - begin) * each,
                "end": one["start"] + (until - begin) * each,
                "speaker": voices[at],
                "by": by[at],
                "text": " ".join(text for _, text in words[at:until]),
            })  # fmt: skip
            at = until
    return Talk(talk.truth | {"utterances": found})


def _give_to_neighbours(voices: list[str], chance: random.Random) -> None:
    """Give a tenth of the words to the voice before or after, half of them where the voice changes."""
    changes = [at for at in range(1, len(voices)) if voices[at] != voices[at - 1]]
    if not changes:
        return
    left, true = int(CONFUSED * len(voices)), list(voices)
    while left > 0:
        length = min(left, chance.randint(1, MAX_RUN))
        change = chance.choice(changes)
        if chance.random() < 0.5:
            begin = change if chance.random() < 0.5 else max(0, change - length)
            other = true[change - 1] if begin == change else true[change]
        else:
            begin = chance.randrange(len(voices) - length)
            other = true[chance.choice((change - 1, change))]
        voices[begin : begin + length] = [other] * length
        left -= length


def _split_and_merge(voices: list[str], chance: random.Random) -> None:
    """Make two voices of one from some place on, and one of two others."""
    counts = Counter(voices)
    long = sorted(voice for voice, count in counts.items() if count >= MIN_WORDS)
    split = chance.choice(long)
    places = [at for at, voice in enumerate(voices) if voice == split]
    for at in places[int(len(places) * chance.uniform(0.3, 0.7)) :]:
        voices[at] = f"{split}, again"
    others = sorted(set(counts) - {split})
    if len(others) > 1:
        kept, lost = chance.sample(others, 2)
        voices[:] = [kept if voice == lost else voice for voice in voices]


def announce_only(talk: Talk, person: dict[str, Any]) -> Talk:
    """Return the talk with one of its speakers announced; all others on stage have no name that anybody knows."""
    people = talk.truth["speakers"]
    unnamed = [one if one is person or one["part"] == "audience" else one | {"name": None} for one in people]
    return Talk(talk.truth | {"speakers": unnamed})


def lecture_of(talk: Talk) -> Talk:
    """Return the talk as a lecture: whoever says most on stage is announced and alone there with the audience."""
    words = Counter[str]()
    for one in talk.truth["utterances"]:
        words[one["speaker"]] += len(one["text"].split())
    announced = [one for one in talk.truth["speakers"] if one["part"] != "audience" and one["name"]]
    lecturer = max(announced, key=lambda one: words[one["id"]])
    heard = {lecturer["id"], *(one["id"] for one in talk.truth["speakers"] if one["part"] == "audience")}
    spoken = [one for one in talk.truth["utterances"] if one["speaker"] in heard]
    return Talk(announce_only(talk, lecturer).truth | {"utterances": spoken})
