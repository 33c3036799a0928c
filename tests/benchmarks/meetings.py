"""Summaries of real meetings (QMSum) beside what people wrote: ROUGE at the reference's length, and the turns cited.

Needs `pip install rouge-score`, which is in no lock file of ours.
"""

import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from digest.language.sentences import SpokenSentence, sentences
from digest.model.alignment import Alignment, Interval
from digest.model.artifact import Span
from digest.model.companions import Companions
from digest.model.deck import Deck
from digest.model.digest import Digest
from digest.model.outline import Outline
from digest.model.speech import Segment, Speakers, Terms, Transcript, Word, utterances
from digest.settings import WritingSettings
from digest.writing import outline, write
from tests.benchmarks.accounts import Piece, boundary_f1, pieces, pk_and_windowdiff, words
from tests.benchmarks.baselines import BASELINES
from tests.builders import a_recording, an_event, by_turns

PACE = 2.4  # words a second: the meetings have no times
MARK = re.compile(r"\{[^}]*\}")  # annotators' remarks
SPACED = re.compile(r" (?=[.,?!;:]|'(?:s|m|d|t|re|ve|ll)\b|n't\b)")


def read_meetings(gold: Path) -> list[dict[str, Any]]:
    """Return the meetings, none where there are none."""
    path = gold / "qmsum" / "meetings.json"
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found


def as_artifacts(turns: Sequence[dict[str, str]]) -> tuple[Transcript, Speakers, list[tuple[float, float]]]:
    """Return what was said as artifacts, each turn after the other at an even pace, and when each turn was."""
    segments, spoken, spans, now = [], [], list[tuple[float, float]](), 0.0
    for turn in turns:
        texts = SPACED.sub("", MARK.sub("", turn["text"])).split()
        begins = [round(now + at / PACE, 3) for at in range(len(texts) + 1)]
        spans.append((begins[0], begins[-1]))
        if texts:
            each = tuple(
                Word(text=text, start=begins[at], end=begins[at + 1], probability=0.9) for at, text in enumerate(texts)
            )
            segments.append(Segment(start=begins[0], end=begins[-1], text=" ".join(texts), words=each))
            spoken.append((begins[0], begins[-1], turn["speaker"]))
            now = begins[-1] + 0.2
    voiced = tuple(Span(start=segment.start, end=segment.end) for segment in segments)
    said = Transcript(language="en", language_probability=1, model="truth", voiced=voiced, segments=tuple(segments))
    return said, by_turns(*spoken), spans


def make_digest(said: Transcript, speakers: Speakers, share: float) -> tuple[Outline, Digest]:
    """Return outline and digest of a meeting: nothing is known of it but what was said."""
    duration = said.segments[-1].end
    unseen = Alignment(intervals=(Interval(start=0, end=duration, slide=None, confidence=1, known_by="none"),))
    chapters = outline(said, speakers, Deck(), unseen)
    event = an_event(title="Meeting", speakers=())
    media = a_recording(seconds=duration)
    settings = WritingSettings(share=share)
    return chapters, write(
        event, chapters, media, said, speakers, Deck(), unseen, Companions(), Terms(), settings
    )  # fmt: skip


def measure(gold: Path) -> dict[str, Any]:
    """Return for ours and each baseline ROUGE-1/2/L (F, stemmed), and the share of cited turns that people marked.

    `topics` says how well chapters begin where people saw topics begin;
    `seconds an hour` is what outline and digest take for an hour of talk.
    """
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)
    found: dict[str, list[tuple[float, ...]]] = {}
    marked, costs, topics = [], [], []
    for meeting in read_meetings(gold):
        said, speakers, spans = as_artifacts(meeting["turns"])
        spoken = sentences(utterances(said, speakers), "en")
        total = sum(len(one.words) for one in spoken)
        people = {at for one in meeting["specific"] for first, last in one["turns"] for at in range(first, last + 1)}
        lengths = [end - start for start, end in spans]
        marked.append(sum(lengths[at] for at in people if at < len(spans)) / sum(lengths))
        topics.append(_topic_scores(meeting, said, speakers, spans))
        for reference in meeting["general"]:
            budget = len(reference["answer"].split())
            began = time.process_time()
            ours = pieces(make_digest(said, speakers, budget / total)[1])
            costs.append((time.process_time() - began) / said.segments[-1].end * 3600)
            ways = {"ours": sorted(ours, key=lambda piece: piece[1])}
            ways |= {name: _within(spoken, order(spoken), budget) for name, order in BASELINES.items()}
            for name, chosen in ways.items():
                scores = scorer.score(reference["answer"], " ".join(text for text, _, _ in chosen))
                cited = [_is_marked(piece, people, spans) for piece in chosen]
                found.setdefault(name, []).append(
                    (*(100 * scores[kind].fmeasure for kind in scores), mean(cited) if cited else 0.0,
                     words(text for text, _, _ in chosen) / budget)
                )  # fmt: skip
    return {
        "ways": {name: [mean(column) for column in zip(*rows, strict=True)] for name, rows in found.items()},
        "topics": {way: [mean(one[way][at] for one in topics) for at in range(3)] for way in (topics or [{}])[0]},
        "marked": mean(marked) if marked else 0.0,
        "seconds an hour": max(costs, default=0.0),
        "meetings": len(marked),
    }


def _topic_scores(
    meeting: dict[str, Any], said: Transcript, speakers: Speakers, spans: Sequence[tuple[float, float]]
) -> dict[str, tuple[float, float, float]]:
    """Return F1 within 10 s, Pk and WindowDiff against where people saw topics begin: ours, an even split, and none."""
    true = sorted({spans[topic["turns"][0][0]][0] for topic in meeting["topics"] if topic["turns"]} - {0.0})
    duration = said.segments[-1].end
    ways = {
        "ours": [chapter.start for chapter in make_digest(said, speakers, 0.1)[0].chapters[1:]],
        "even": [duration * n / (len(true) + 1) for n in range(1, len(true) + 1)],
        "none": [],
    }
    return {way: (boundary_f1(at, true), *pk_and_windowdiff(at, true, duration)) for way, at in ways.items()}


def _is_marked(piece: Piece, people: set[int], spans: Sequence[tuple[float, float]]) -> bool:
    """Return whether a sentence rests on a turn that people marked as the ground of an answer."""
    _, start, end = piece
    return any(at < len(spans) and start < spans[at][1] and end > spans[at][0] for at in people)


def _within(spoken: Sequence[SpokenSentence], order: Sequence[int], budget: int) -> list[Piece]:
    """Return sentences in an order as long as they fit, in spoken order."""
    taken = list[int]()
    for at in order:
        if len(spoken[at].words) <= budget:
            budget -= len(spoken[at].words)
            taken.append(at)
    return [(spoken[at].text, spoken[at].start, spoken[at].end) for at in sorted(taken)]
