"""How true a digest is of webinars that nobody tuned to: `python -m tests.benchmarks.talks --talks DIR --json FILE`.

DIR holds talks as text with their chapters, the audience's questions and answers, weighted facts (its README explains
the measures). Each is made into a digest as a run would make it, at a quarter and at 12 per cent of its words. A talk
that the shipped models were fitted to is judged by models that are fitted anew, to nothing of its author; any other by
the shipped ones. Written talks in each language and real ones are printed apart.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

from rich.console import Console
from rich.progress import track

from digest.learned.trees import load_trees
from digest.model.companions import Companions
from digest.model.digest import Digest, Question, Sentence
from digest.model.evidence import Heard
from digest.model.outline import Outline
from digest.settings import WritingSettings
from digest.writing import outline, write
from digest.writing.models import shipped_models
from tests.benchmarks import accounts
from tests.builders import a_recording
from tests.talks import NEAR, Talk, content, read_talks
from tests.training.disturbance import disturb
from tests.training.refit import Refitted, refit

SPAN = 60.0  # seconds: longer evidence carries nothing
INSIDE = 0.8  # of an answer's evidence that must lie in the utterances of the answer

Span = tuple[float, float]


@dataclass(frozen=True)
class Figures:
    """What is measured of a talk; shares between 0 and 1, None where the talk has nothing of the kind.

    `facts25` and `facts12`: of the weighted facts' words, at a quarter and at 12 per cent of the words spoken; `used`:
    of the words that may be printed. `answers_right` and `answers_other`: of the sentences printed as answers, those
    that lie in the answer to their question, or in one to another. `answered`: of the answered questions, those with a
    printed answer. `titles`: F1 of the content words of the titles of chapters found. `doubts`: of which an editor
    is told. `seconds`: of the processor, an hour of talk.
    """

    facts25: float
    facts12: float
    used: float
    chapters: float
    even: float
    q_found: int
    q_true: int
    q_printed: int
    q_right: int
    a_printed: int
    a_right: int
    a_other: int
    a_true: int
    a_answered: int
    titles: float | None
    doubts: int
    seconds: float


def main() -> None:
    """Measure every talk, print the table, write the JSON."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--talks", type=Path, required=True)
    asked.add_argument("--json", type=Path)
    asked.add_argument("--disturbed", action="store_true", help="written from words as a recogniser hears them")
    given = asked.parse_args()
    talks = read_talks(given.talks)
    without = refit([talk for talk in talks if talk.name in shipped_models().worth.talks])
    shipped = Refitted(load_trees("chapters"), shipped_models())
    figures = {
        talk.name: measure(talk, without.get(talk.author, shipped), disturb(talk) if given.disturbed else talk)
        for talk in track(talks, description="Talks", console=Console(stderr=True), disable=not sys.stderr.isatty())
    }
    if given.json:
        given.json.write_text(
            json.dumps({"talks": {name: summary(one) for name, one in figures.items()}}, indent=1), encoding="utf-8"
        )
    sys.stdout.write("\n".join(table(talks, figures)) + "\n")


def measure(talk: Talk, fitted: Refitted, heard: Talk) -> Figures:
    """Return the figures of a talk, whose digest is made of what was `heard` and judged by what was said."""
    began = time.process_time()
    chapters = outline(heard.transcript, heard.speakers, heard.deck, heard.alignment, trees=fitted.chapters)
    full = _write(heard, chapters, 0.25, fitted)
    seconds = (time.process_time() - began) / talk.truth["duration"] * 3600
    short = _write(heard, chapters, 0.12, fitted)
    found, true = [one.start for one in chapters.chapters[1:]], [c["start"] for c in talk.truth["chapters"][1:]]
    even = [talk.truth["duration"] * n / (len(true) + 1) for n in range(1, len(true) + 1)]
    return Figures(
        facts25=facts_held(full, talk),
        facts12=facts_held(short, talk),
        used=words_printed(full) / (0.25 * talk.truth["words"]),
        chapters=accounts.boundary_f1(found, true, within=NEAR),
        even=accounts.boundary_f1(even, true, within=NEAR),
        titles=title_words(chapters, talk),
        doubts=len(full.doubts),
        seconds=seconds,
        **measure_questions(full, talk),
        **measure_answers(full, talk),
    )


def title_words(chapters: Outline, talk: Talk) -> float | None:
    """Return how like the titles of chapters that were found are to theirs: F1 of content words, the mean."""
    likeness = list[float]()
    for true in talk.truth["chapters"][1:]:
        near = [one for one in chapters.chapters[1:] if abs(one.start - true["start"]) <= NEAR]
        if near:
            ours, theirs = content(near[0].title, talk.language), content(true["title"], talk.language)
            likeness.append(2 * len(ours & theirs) / max(1, len(ours) + len(theirs)))
    return mean(likeness) if likeness else None


def summary(one: Figures) -> dict[str, float | int | None]:
    """Return the figures of a talk as shares, under the names that the JSON has."""
    return {
        "facts25": one.facts25,
        "facts12": one.facts12,
        "used": one.used,
        "chapters": one.chapters,
        "q_recall": _share(one.q_found, one.q_true),
        "q_precision": _share(one.q_right, one.q_printed),
        "answers_right": _share(one.a_right, one.a_printed),
        "answers_other": _share(one.a_other, one.a_printed),
        "answered": _share(one.a_answered, one.a_true),
        "titles": one.titles,
        "doubts": one.doubts,
        "seconds": one.seconds,
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _write(talk: Talk, chapters: Outline, share: float, fitted: Refitted) -> Digest:
    return write(
        talk.event,
        chapters,
        a_recording(seconds=talk.truth["duration"]),
        talk.transcript,
        talk.speakers,
        talk.deck,
        talk.alignment,
        Companions(),
        talk.terms,
        WritingSettings(share=share),
        models=fitted.models,
    )


def account_of(digest: Digest) -> list[Sentence]:
    """Return the sentences of in brief, key points, discussion and questions."""
    chapters = (sentence for chapter in digest.chapters for sentence in chapter.sentences)
    asked = (sentence for one in digest.questions for sentence in (one.question, *one.answer))
    return [*digest.in_brief, *digest.key_points, *chapters, *asked]


def words_printed(digest: Digest) -> int:
    """Return how many words these sentences have."""
    return sum(len(sentence.text.split()) for sentence in account_of(digest))


def spans(sentence: Sentence) -> list[Span]:
    """Return the seconds that a sentence rests on."""
    return [(heard.start, heard.end) for heard in sentence.evidence if isinstance(heard, Heard)]


def facts_held(digest: Digest, talk: Talk) -> float:
    """Return the share of the facts' words that are printed near them, weighted; 1 is as good as quoting everything."""
    printed = [
        (start, end, content(sentence.text, talk.language))
        for sentence in account_of(digest)
        for start, end in spans(sentence)
        if end - start <= SPAN
    ]
    held = possible = 0
    utterances = talk.truth["utterances"]
    for fact in talk.truth["key_facts"]:
        said = utterances[fact["utterance"]]
        since, until = said["start"] - NEAR, said["end"] + NEAR
        around = (one["text"] for one in utterances if one["start"] < until and one["end"] > since)
        wanted = content(fact["text"], talk.language) & _union(content(text, talk.language) for text in around)
        near = _union(words for start, end, words in printed if start < until and end > since)
        held += fact["weight"] * len(wanted & near)
        possible += fact["weight"] * len(wanted)
    return held / possible if possible else 1.0


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)


def measure_questions(digest: Digest, talk: Talk) -> dict[str, int]:
    """Return how many of the questions that the audience asked are printed, and of those printed are one."""
    true = [one for one in talk.truth["questions"] if one["by"] == "audience"]
    found, right = set[int](), 0
    for asked in digest.questions:
        touched = {at for at, one in enumerate(true) if _touches(asked, one["ask"], talk)}
        found |= touched
        right += bool(touched)
    return {
        "q_found": len(found),
        "q_true": len(true),
        "q_printed": sum(asked.start is not None for asked in digest.questions),
        "q_right": right,
    }


def measure_answers(digest: Digest, talk: Talk) -> dict[str, int]:
    """Return how many sentences printed as answers lie in the answer to the question they stand under."""
    true = talk.truth["questions"]
    printed = right = other = 0
    answered = set[int]()
    for asked in digest.questions:
        mine = [at for at, one in enumerate(true) if _touches(asked, one["ask"], talk)]
        for sentence in asked.answer:
            if not spans(sentence):
                continue
            printed += 1
            is_right = any(_lies_in(sentence, true[at]["answer"], talk) for at in mine)
            right += is_right
            others = (one for at, one in enumerate(true) if at not in mine)
            other += not is_right and any(_lies_in(sentence, one["answer"], talk) for one in others)
        answered |= {at for at in mine if asked.answer}
    wanted = {at for at, one in enumerate(true) if one["by"] == "audience" and one["answer"]}
    return {
        "a_printed": printed,
        "a_right": right,
        "a_other": other,
        "a_true": len(wanted),
        "a_answered": len(wanted & answered),
    }


def _touches(asked: Question, utterances: Sequence[int], talk: Talk) -> bool:
    heard = spans(asked.question)
    times = [(talk.truth["utterances"][at]["start"], talk.truth["utterances"][at]["end"]) for at in utterances]
    return any(start < until and end > since for start, end in heard for since, until in times)


def _lies_in(sentence: Sentence, utterances: Sequence[int], talk: Talk) -> bool:
    times = [(talk.truth["utterances"][at]["start"], talk.truth["utterances"][at]["end"]) for at in utterances]
    heard = spans(sentence)
    inside = sum(max(0.0, min(end, until) - max(start, since)) for start, end in heard for since, until in times)
    return bool(inside >= INSIDE * sum(end - start for start, end in heard))


def table(talks: Sequence[Talk], figures: dict[str, Figures]) -> list[str]:
    """Return the figures by kind of talk as a Markdown table: the mean of shares, the sum of what is counted."""
    kinds = {"all": list(talks)}
    kinds["hours"] = [talk for talk in talks if talk.truth["duration"] >= 3000]
    kinds["real"] = [talk for talk in talks if talk.author == "real"]
    for language in sorted({talk.language for talk in talks}):
        kinds[language] = [talk for talk in talks if talk.language == language and talk.author != "real"]
    heads = [
        "talks", "", "facts 25 %", "facts 12 %", "used", "chapters", "even split", "questions found", "of", "printed",
        "of them asked", "answers printed", "right", "to another", "questions answered", "of", "title words", "doubts",
        "s an hour",
    ]  # fmt: skip
    rows = [heads, ["---"] * len(heads)]
    for kind, some in kinds.items():
        if some:
            rows.append([kind, str(len(some)), *_row([figures[talk.name] for talk in some])])
    return [f"| {' | '.join(row)} |" for row in rows]


def _row(some: Sequence[Figures]) -> list[str]:
    shares = ("facts25", "facts12", "used", "chapters", "even")
    counts = (
        "q_found", "q_true", "q_printed", "q_right", "a_printed", "a_right", "a_other", "a_answered", "a_true",
    )  # fmt: skip
    every = [asdict(one) for one in some]
    return [
        *(f"{mean(one[name] for one in every):.2f}" for name in shares),
        *(str(sum(one[name] for one in every)) for name in counts),
        f"{mean(one['titles'] for one in every if one['titles'] is not None):.2f}",
        f"{mean(one['doubts'] for one in every):.0f}",
        f"{mean(one['seconds'] for one in every):.1f}",
    ]


if __name__ == "__main__":
    main()
