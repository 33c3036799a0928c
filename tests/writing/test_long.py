"""The account of an hour and of ninety minutes has the length that a reader expects."""

import random

import pytest

from digest.model.digest import Digest, Sentence
from digest.writing.account import MAX_POINT, MIN_POINT
from digest.writing.write import MAX_WORDS
from tests import truth as t
from tests.benchmarks import meetings

NOUNS = ("reports", "states", "networks", "ministers", "cables", "norms", "schools", "budgets", "patients", "farms")
VERBS = ("adopted", "built", "refused", "counted", "financed", "repaired", "published", "closed", "measured")
WHERE = ("in Vienna", "in Lagos", "in Geneva", "for a long while", "since 1988", "since 2012", "before others did")
MANY = ("many of the new", "seventeen of the", "about 240 of the", "the most expensive and the slowest")
TAILS = (
    "",
    "",
    ", as everybody had hoped",
    ", which nobody in the ministry of finance had expected of such a small group",
)


def an_hour(minutes: int) -> list[dict[str, str]]:
    """Return turns of three people who state facts for so long, a few of them without number or name."""
    chance, turns = random.Random(minutes), list[dict[str, str]]()  # noqa: S311  # the same talk every time
    words = 0.0
    while words < minutes * 60 * meetings.PACE:
        said = []
        for _ in range(chance.randrange(2, 9)):
            first, second = chance.sample(NOUNS, 2)
            where, many, tail = chance.choice(WHERE), chance.choice(MANY), chance.choice(TAILS)
            said.append(f"The {first} {chance.choice(VERBS)} {many} {second} {where}{tail}.")
        turns.append({"speaker": chance.choice(["Ann", "Ben", "Cleo"]), "text": " ".join(said)})
        words += len(turns[-1]["text"].split())
    return turns


def words(sentences: tuple[Sentence, ...]) -> int:
    """Return how many words sentences have."""
    return sum(len(one.text.split()) for one in sentences)


def check(digest: Digest) -> None:
    """Check the lengths that the readers of long webinars were promised, of the parts and of the whole."""
    told = [words(chapter.sentences) for chapter in digest.chapters]

    assert 40 <= words(digest.in_brief) <= 60
    assert 5 <= len(digest.key_points) <= 7
    assert all(MIN_POINT <= len(point.text.split()) <= MAX_POINT for point in digest.key_points)
    assert 3 <= len(digest.chapters) <= 9
    assert 900 <= sum(told) + words(digest.in_brief) + words(digest.key_points) <= MAX_WORDS


@pytest.mark.parametrize("minutes", [60, 90])
def test_long_webinars_have_the_length_of_an_article(minutes: int) -> None:
    """Every chapter of a talk full of facts has something, and nothing is beyond its measure."""
    said, speakers, _ = meetings.as_artifacts(an_hour(minutes))

    _, digest = meetings.make_digest(said, speakers, 0.25)

    check(digest)
    assert all(words(chapter.sentences) for chapter in digest.chapters)


@pytest.mark.parametrize("which", ["val-06", "val-16", "val-29"])
def test_real_meetings_keep_the_measure(which: str) -> None:
    """An hour of real talk, half of it fragments, does so too; a chapter of small talk may have less."""
    path = t.gold("qmsum", "meetings.json")
    if path is None:
        pytest.skip("needs the gold meetings: set DIGEST_GOLD")
    meeting = next(one for one in meetings.read_meetings(path.parents[1]) if one["id"] == which)
    said, speakers, _ = meetings.as_artifacts(meeting["turns"])

    check(meetings.make_digest(said, speakers, 0.25)[1])
