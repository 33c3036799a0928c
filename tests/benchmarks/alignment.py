"""How well slides are found in recordings: `python -m tests.benchmarks.alignment --gold DIR --json FILE`.

With a picture: the gold recordings, damaged copies of them, their decks in other fonts, decks that are not theirs.
By speech alone: the MaViLS lectures, each with the weights that suit the others best.
"""

import argparse
import json
import re
import resource
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from digest.alignment.likeness import Weights, likeness
from digest.alignment.spoken import SHARPNESS, speech_evidence
from digest.alignment.trust import Trust, chance, witnesses
from digest.alignment.viterbi import SPOKEN, Costs, decode_path
from tests import truth as t
from tests.alignment.lectures import Lecture, lectures
from tests.alignment.measures import calibration, fit
from tests.alignment.videos import DAMAGES, Shown, copied, shown

SETS = ("dev-1-cyber-norms", "dev-2-standards")
FULL_RATE = "25 frames a second, noise"
DAMAGED = DAMAGES | {FULL_RATE: ("fps=25,noise=alls=6:allf=t", "23")}
OTHER_FONT = b"Liberation Serif"
AUTHORS = {  # F1 of MaViLS with the transcript alone, from its table (jump penalty 0.1)
    "cities-and-decarbonization": 0.516, "climate-and-cities": 0.493, "ml-for-health": 0.575, "phonetics": 0.045,
    "reinforcement-learning": 0.314, "sensory-systems": 0.457, "team-dynamics": 0.887, "theory-of-computation": 0.565,
}  # fmt: skip
PLAIN = (
    Weights(1.0, 0.04, 0.04, 0.04, 1.0, 1.0, 0.0),
    Costs(1.0, 1.0, 8.0, 1e9, 3.0, 1.0, 0.5, SPOKEN.sharper),
    10.0,
)
CERTAIN = 0.8
ERROR = 1.5  # what a wrong sentence counts where trust is fitted
TRIED: dict[str, tuple[float, ...]] = {  # values that each weight may take, a part at a time
    "seldom": (1, 2, 3), "sharpness": (10, 14, 20), "skip": (1, 2.2, 3), "title": (1, 2, 3), "pairs": (0.04, 0.1, 0.17),
    "groups": (0.025, 0.04), "own_mean": (1, 1.2, 1.4), "row_mean": (0, 0.5), "pause": (0.5, 1),
}  # fmt: skip
DOCUMENT = Path("docs/benchmarks.md")
HEADING = "## Alignment"

Figures = dict[str, dict[str, float]]
Choice = tuple[Weights, Costs, float]


def seconds_used() -> float:
    """Return processor seconds of this process and its finished children."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def say(what: str, figures: dict[str, float]) -> None:
    """Print figures as soon as they are known."""
    sys.stdout.write(f"{what}: {figures}\n")
    sys.stdout.flush()


def measured(what: Shown, truth: dict[str, Any], *, own: bool = True) -> dict[str, float]:
    """Return how well a recording is aligned, and what it cost as a share of its duration."""
    before = seconds_used()
    alignment = what.aligned(t.transcript(truth), truth["duration"])
    cost = (seconds_used() - before) / truth["duration"]
    true = truth["slides"] if own else [{"start": 0, "end": truth["duration"], "slide": None}]
    return fit(alignment, true).figures() | {"cost": round(cost, 4)}


def with_picture(gold: Path, folder: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield figures of each recording, of its damaged copies, of other fonts, and of a deck that is not its own."""
    truths = {name: t.read(gold / name / "truth.json") for name in SETS}
    decks = {name: shown(gold / name / "drop", folder / name) for name in SETS}
    for name, other in zip(SETS, reversed(SETS), strict=True):
        own, truth = decks[name], truths[name]
        yield name, measured(own, truth)
        for damage, (filters, quality) in DAMAGED.items():
            copy = copied(own.video, folder / "copy.mp4", filters, quality)
            yield f"{name}, {damage}", measured(replace(own, video=copy), truth)
        drawn = in_another_font(gold / name / "drop", folder / f"{name}-font")
        yield f"{name}, deck in other fonts", measured(replace(drawn, video=own.video), truth)
        yield f"{name}, deck of {other}", measured(replace(decks[other], video=own.video), truth, own=False)


def in_another_font(drop: Path, root: Path) -> Shown:
    """Return a drop's deck as LibreOffice draws it with all fonts exchanged."""
    changed = root / "changed"
    changed.mkdir(parents=True)
    with zipfile.ZipFile(drop / "slides.pptx") as deck, zipfile.ZipFile(changed / "slides.pptx", "w") as copy:
        for entry in deck.infolist():
            content = deck.read(entry)
            if entry.filename.endswith(".xml"):
                content = re.sub(rb'<a:latin typeface="[^"]*"', b'<a:latin typeface="' + OTHER_FONT + b'"', content)
            copy.writestr(entry.filename, content)
    return shown(changed, root / "shown", "slides.pptx")


@dataclass(frozen=True)
class Heard:
    """The slide of each sentence of a lecture by speech, and what speaks for its interval."""

    labels: list[int]
    seen: list[tuple[float, float]]


def heard(choice: Choice, lecture: Lecture) -> Heard:
    """Return what weights and costs lead to."""
    weights, costs, sharpness = choice
    slides = lecture.deck.visible()
    found = speech_evidence(tuple(lecture.transcript.words()), slides, weights, sharpness)
    nats = np.hstack([found.nats, np.full((len(found.starts), 1), -1e3)])
    path, sure = decode_path(nats, found.pauses, costs)
    middles = [(one["start"] + one["end"]) / 2 for one in lecture.sentences]
    rows = np.clip(np.searchsorted(found.starts, middles, side="right") - 1, 0, None)
    interval = np.concatenate([[0], np.cumsum(np.diff(path) != 0)])
    seen = [witnesses(nats[interval == at], sure[interval == at], path[interval == at][0]) for at in set(interval)]
    return Heard([slides[state].number for state in path[rows]], [seen[at] for at in interval[rows]])


def fitted(pairs: Sequence[tuple[Lecture, Heard]]) -> Trust:
    """Return the constants of `trust` that fit these lectures: logistic regression by Newton's steps."""
    shown = [
        (1.0, *seen, label == one["slide"])
        for lecture, found in pairs
        for seen, label, one in zip(found.seen, found.labels, lecture.sentences, strict=True)
        if one["slide"] > 0
    ]
    table = np.array(shown, dtype=float)
    known, right = table[:, :-1], table[:, -1]
    worth, trust = np.where(right > 0, 1.0, ERROR), np.zeros(known.shape[1])
    for _ in range(30):
        sure = 1 / (1 + np.exp(-known @ trust))
        curve = (known.T * (worth * sure * (1 - sure))) @ known + 1e-6 * np.eye(len(trust))
        trust += np.linalg.solve(curve, known.T @ (worth * (right - sure)))
    constant, posterior, agreed = trust.tolist()
    return constant, posterior, agreed


def best_for(many: Sequence[Lecture], known: dict[tuple[Choice, str], Heard]) -> Choice:
    """Return the weights and costs with the highest mean F1, found a part at a time from plain ones.

    `known` keeps what was found before.
    """
    best, chosen = -1.0, PLAIN
    for name, values in TRIED.items():
        for value in values:
            tried = _with(chosen, name, value)
            for lecture in many:
                if (tried, lecture.name) not in known:
                    known[tried, lecture.name] = heard(tried, lecture)
            score = float(np.mean([lecture.f1(known[tried, lecture.name].labels) for lecture in many]))
            if score > best:
                best, chosen = score, tried
    return chosen


def _with(choice: Choice, name: str, value: float) -> Choice:
    weights, costs, sharpness = choice
    if name == "sharpness":
        return weights, costs, value
    if name in Weights.__dataclass_fields__:
        return replace(weights, **{name: value}), costs, sharpness
    return weights, replace(costs, **{name: value}), sharpness


def by_speech(gold: Path, folder: Path, *, left_out: bool) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield figures of each lecture and the mean: ours, ours with the others' weights, and what is to be beaten."""
    many = lectures(gold / "mavils", folder)
    rows, known = [], dict[tuple[Choice, str], Heard]()
    ours, others = list[tuple[float, bool]](), list[tuple[float, bool]]()  # how sure of a sentence, and whether right
    for lecture in many:
        before = seconds_used()
        labels, confidences = lecture.labels(lecture.aligned())
        row = {"f1": lecture.f1(labels), "cost": (seconds_used() - before) / lecture.duration}
        ours += _sure(lecture, labels, confidences)
        if left_out:
            rest = [one for one in many if one is not lecture]
            choice = best_for(rest, known)
            trust = fitted([(one, known[choice, one.name]) for one in rest])
            found = heard(choice, lecture)
            row["others' weights"] = lecture.f1(found.labels)
            others += _sure(lecture, found.labels, [chance(seen, trust) for seen in found.seen])
        row["tf-idf, best page"] = lecture.f1(_best_page(lecture))
        row["even split"] = lecture.f1(_even(lecture))
        row["authors"] = AUTHORS[lecture.name]
        rows.append(row)
        yield lecture.name, _rounded(row)
    mean = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    yield "mean", _rounded(mean | _trusted(ours))
    if left_out:
        yield "mean, others' weights", _rounded({"f1": mean["others' weights"]} | _trusted(others))
    heard_by_code = [(one, heard((Weights(), SPOKEN, SHARPNESS), one)) for one in many]
    say("trust that fits all", dict(zip(("constant", "posterior", "agreed"), fitted(heard_by_code), strict=True)))


def _sure(lecture: Lecture, labels: Sequence[int], confidences: Sequence[float]) -> Iterator[tuple[float, bool]]:
    for label, confidence, one in zip(labels, confidences, lecture.sentences, strict=True):
        if one["slide"] > 0:
            yield confidence, label == one["slide"]


def _trusted(sentences: Sequence[tuple[float, bool]]) -> dict[str, float]:
    """Return the calibration error, the share of sentences that we are sure of, and how many of these are right."""
    sure, right = np.array([one for one, _ in sentences]), np.array([one for _, one in sentences])
    certain = sure > CERTAIN
    return {
        "calibration": calibration(sure, right),
        "share above 0.8": float(certain.mean()),
        "right of these": float(right[certain].mean()),
    }


def _best_page(lecture: Lecture) -> list[int]:
    """Return the page with the highest plain tf-idf cosine for each sentence by itself."""
    slides = lecture.deck.visible()
    plain = Weights(title=1, words=1, pairs=0, groups=0, seldom=0, own_mean=0, row_mean=0)
    scores = likeness([one["text"] for one in lecture.sentences], slides, plain)
    return [slides[at].number for at in scores.argmax(axis=1)]


def _even(lecture: Lecture) -> list[int]:
    share = len(lecture.deck.slides) / lecture.duration
    return [int(one["start"] * share) + 1 for one in lecture.sentences]


def audio_only(gold: Path, folder: Path) -> dict[str, float]:
    """Return which share of dev-3, where no slide was ever on a screen, is labelled, and how."""
    name = "dev-3-audio-only"
    truth = t.read(gold / name / "truth.json")
    alignment = shown(gold / name / "drop", folder / name).heard(t.transcript(truth), truth["duration"])
    seconds = {"speech": 0.0, "picture": 0.0, "event": 0.0, "none": 0.0}
    for one in alignment.intervals:
        seconds[one.known_by if one.slide else "none"] += one.end - one.start
    return _rounded({f"known by {known}": part / truth["duration"] for known, part in seconds.items()})


def _rounded(row: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in row.items()}


def table(figures: Figures, first: str) -> str:
    """Return figures as a Markdown table, a row each."""
    columns = list(dict.fromkeys(name for row in figures.values() for name in row))
    lines = [[first, *columns], ["---"] * (len(columns) + 1)]
    lines += [[name, *(str(row.get(column, "")) for column in columns)] for name, row in figures.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def written(found: dict[str, Figures]) -> None:
    """Put the tables under their heading in docs/benchmarks.md, and leave what else is there, and the words, alone."""
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, figures in found.items():
        marks = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, _, rest = text.partition(marks[0])
        after = rest.partition(marks[1])[2]
        text = f"{before}{marks[0]}\n\n{table(figures, name)}\n\n{marks[1]}{after}"
    DOCUMENT.write_text(text, encoding="utf-8")


def main() -> None:
    """Print the figures, and write them where they are asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--gold", type=Path, required=True)
    asked.add_argument("--json", type=Path)
    asked.add_argument("--document", action="store_true", help="write the tables into docs/benchmarks.md")
    asked.add_argument("--left-out", action="store_true", help="choose weights without each lecture (minutes)")
    given = asked.parse_args()
    found: dict[str, Figures] = {"speech": {}, "picture": {}}
    with tempfile.TemporaryDirectory() as folder:
        for name, figures in by_speech(given.gold, Path(folder), left_out=given.left_out):
            found["speech"][name] = figures
            say(name, figures)
        found["audio"] = {"dev-3-audio-only": audio_only(given.gold, Path(folder))}
        say("dev-3-audio-only", found["audio"]["dev-3-audio-only"])
        for name, figures in with_picture(given.gold, Path(folder)):
            found["picture"][name] = figures
            say(name, figures)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say("peak memory, MB", {"this process": round(peak)})
    if given.json:
        given.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    if given.document:
        written(found)


if __name__ == "__main__":
    main()
