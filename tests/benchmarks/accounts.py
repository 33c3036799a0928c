"""How much of a webinar an account carries, and how well it is parted: the measures of the digest's benchmark.

Key facts are measured as the gold folder's README says: a fact is carried when the sentences whose evidence touches its
utterance hold together at least 60 per cent of its content words, both sides after Whisper's English normaliser.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from whisper.normalizers import EnglishTextNormalizer

from digest.model.digest import Digest
from digest.model.evidence import Heard

CARRIED = 0.6
SPANS = 60.0  # seconds: longer evidence carries nothing
FUNCTION_WORDS = frozenset(
    """
    a an the and or but if of to in on at by for from with as is are was were be been being am it its this that these
    those there here he she they we you i me my your our their his her them us who whom which what when where how why
    not no nor do does did done have has had will would can could should shall may might must so than then too very
    just also about into over under up down out off again s t ll re ve d m all any both each some such own same
    more most other only after before while because until between during through against
    """.split()  # noqa: SIM905
)

Piece = tuple[str, float, float]  # a text and the seconds it rests on


@cache
def content(text: str) -> frozenset[str]:
    """Return the content words of a text, endings off."""
    words = re.findall(r"\w+", _normalised()(text))
    return frozenset(re.sub(r"(?<=\w{3})(?:ing|ed|es|s|ly)$", "", word) for word in words if word not in FUNCTION_WORDS)


@cache
def _normalised() -> EnglishTextNormalizer:
    return EnglishTextNormalizer()


def pieces(digest: Digest) -> list[Piece]:
    """Return the sentences of in brief, key points and discussion that were heard, with their evidence."""
    chosen = [*digest.in_brief, *digest.key_points, *(one for part in digest.chapters for one in part.sentences)]
    return [(one.text, rests.start, rests.end) for one in chosen for rests in one.evidence if isinstance(rests, Heard)]


def facts_carried(account: Sequence[Piece], truth: dict[str, Any]) -> tuple[int, int]:
    """Return how many key facts an account carries, and how many there are."""
    carried = 0
    for fact in truth["key_facts"]:
        said = truth["utterances"][fact["utterance"]]
        near = [
            text for text, start, end in account if end - start <= SPANS and start < said["end"] and end > said["start"]
        ]
        wanted = content(fact["text"])
        held = frozenset[str]().union(*map(content, near))
        carried += len(wanted & held) >= CARRIED * len(wanted)
    return carried, len(truth["key_facts"])


def words(texts: Iterable[str]) -> int:
    """Return how many words there are."""
    return sum(len(text.split()) for text in texts)


def boundary_f1(found: Sequence[float], true: Sequence[float], *, within: float = 10.0) -> float:
    """Return F1 of boundaries, each matched once, nearest first; 1 where there are none on both sides."""
    pairs = sorted((abs(f - t), f, t) for f in found for t in true if abs(f - t) <= within)
    used_found, used_true = set[float](), set[float]()
    for _, f, t in pairs:
        if f not in used_found and t not in used_true:
            used_found.add(f)
            used_true.add(t)
    total = len(found) + len(true)
    return 2 * len(used_true) / total if total else 1.0


def pk_and_windowdiff(found: Sequence[float], true: Sequence[float], duration: float) -> tuple[float, float]:
    """Return Pk (Beeferman 1999) and WindowDiff (Pevzner and Hearst 2002) over seconds; lower is better.

    The window is half the mean length of a true chapter.
    """
    seconds = int(duration)
    width = max(1, round(seconds / (len(true) + 1) / 2))
    pk = windowdiff = 0
    steps = range(max(1, seconds - width))
    for start in steps:
        ours = sum(start < at <= start + width for at in found)
        theirs = sum(start < at <= start + width for at in true)
        pk += (ours == 0) != (theirs == 0)
        windowdiff += ours != theirs
    return pk / len(steps), windowdiff / len(steps)


def overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return intersection over union of two spans."""
    shared = max(0.0, min(one[1], other[1]) - max(one[0], other[0]))
    return shared / (max(one[1], other[1]) - min(one[0], other[0]) or 1.0)
