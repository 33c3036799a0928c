"""How many of the announced people are named: `python -m tests.benchmarks.naming --talks DIR --json FILE`.

Each talk is named as a run would name it, with its voices told apart without an error and with voices confused: a tenth
of the words with a neighbour's voice, one voice split, two merged; once for each person announced, as if nobody else
had been; and as a lecture: one of them alone with the audience. A talk that the shipped models were fitted to is judged
by models that are fitted anew, to nothing of its author; any other by the shipped ones. A voice is whose most of its
words are.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from digest.diarization.diarize import name_voices
from digest.diarization.naming import NamingModels, shipped_models
from digest.model.companions import Companions
from tests.talks import Talk, read_talks
from tests.training.boosting import kinds_of
from tests.training.disturbance import announce_only, confuse_voices, lecture_of
from tests.training.naming import TrueVoices, fit_models, voices_of

SEED = 0  # of the confused voices; those that are fitted to have others


@dataclass(frozen=True)
class NamingFigures:
    """Counts of one way over some talks.

    `announced` people; those whose name is printed for their voice (`named`) or for another's (`wrong`); names
    suggested to the editor and those of them that are right; `audience_wrong`: names printed for voices of the
    audience. `seconds`: of the processor, an hour of talk.
    """

    announced: int
    named: int
    wrong: int
    suggested: int
    suggested_right: int
    audience_wrong: int
    seconds: float

    def shares(self) -> str:
        """Return a row of the table: named, wrong, found (named or rightly suggested), suggestions right."""
        found = (self.named + self.suggested_right) / self.announced
        right = self.suggested_right / self.suggested if self.suggested else 1.0
        return (
            f"{self.announced} | {self.named / self.announced:.3f} | {self.wrong} | {found:.3f} |"
            f" {self.suggested_right} of {self.suggested} ({right:.2f}) | {self.audience_wrong} | {self.seconds:.2f}"
        )


def main() -> None:
    """Name the voices of every talk, print the tables, write the JSON."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--talks", type=Path, required=True)
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    talks = read_talks(given.talks)
    fitted = [talk for talk in talks if talk.name in shipped_models().pairs.talks]
    without = fit_models(fitted).without if fitted else {}
    ways = {
        "as they are": [measure_by_models(talk, without) for talk in talks],
        "voices confused": [measure_by_models(confuse_voices(talk, SEED), without) for talk in talks],
        "one announced": [
            together([measure_by_models(one, without) for one in announced_alone(talk)]) for talk in talks
        ],
        "lecture": [measure_by_models(lecture_of(talk), without) for talk in talks],
        "who speaks most": [measure(talk, by_share(talk)) for talk in talks],
    }
    found = {
        way: {kind: together([figures[at] for at in places]) for kind, places in kinds_of(talks).items()}
        for way, figures in ways.items()
    }
    if given.json:
        told = {way: {kind: asdict(one) for kind, one in kinds.items()} for way, kinds in found.items()}
        given.json.write_text(json.dumps(told, indent=1), encoding="utf-8")
    sys.stdout.write("\n".join(table(found)) + "\n")


def measure_by_models(talk: Talk, without: Mapping[str, NamingModels]) -> NamingFigures:
    """Return the figures of what a run makes of a talk."""
    began = time.process_time()
    models = without.get(talk.author, shipped_models())
    speakers = name_voices(talk.turns, talk.transcript, Companions(), talk.event, [], models=models).speakers
    seconds = (time.process_time() - began) / talk.truth["duration"] * 3600
    printed = {one.id: one.name for one in speakers if one.name}
    suggested = {one.id: one.suggested for one in speakers if one.suggested}
    return measure(talk, printed, suggested, seconds)


def announced_alone(talk: Talk) -> list[Talk]:
    """Return the talk once for each person announced, as if nobody else had been."""
    return [announce_only(talk, one) for one in talk.truth["speakers"] if one["part"] != "audience" and one["name"]]


def by_share(talk: Talk) -> dict[str, str]:
    """Return the simplest way: who opens is the first announced person, who speaks most are the others, in order."""
    words = Counter[str]()
    for turn, one in zip(talk.turns, talk.truth["utterances"], strict=True):
        words[turn.speaker] += len(one["text"].split())
    opens = talk.turns[0].speaker
    ranked = [opens, *(voice for voice, _ in words.most_common() if voice != opens)]
    return {voice: one.name for voice, one in zip(ranked, talk.event.speakers, strict=False)}


def measure(
    talk: Talk, printed: Mapping[str, str], suggested: Mapping[str, str] | None = None, seconds: float = 0.0
) -> NamingFigures:
    """Return the figures of names for voices."""
    voices, others = voices_of(talk), suggested or {}
    right = {name for voice, name in printed.items() if is_right(voices, voice, name)}
    return NamingFigures(
        announced=len(talk.event.speakers),
        named=len(right),
        wrong=sum(not is_right(voices, voice, name) for voice, name in printed.items()),
        suggested=len(others),
        suggested_right=sum(is_right(voices, voice, name) for voice, name in others.items()),
        audience_wrong=sum(voice in voices.audience for voice in printed),
        seconds=seconds,
    )


def is_right(voices: TrueVoices, voice: str, name: str) -> bool:
    """Return whether an announced name is that of a voice; somebody of the audience may have the same."""
    return voices.names[voice] == name and voice not in voices.audience


def together(figures: Sequence[NamingFigures]) -> NamingFigures:
    """Return the sums; of the seconds the mean."""
    sums = {name: sum(getattr(one, name) for one in figures) for name in NamingFigures.__dataclass_fields__}
    return NamingFigures(**sums | {"seconds": sums["seconds"] / len(figures)})


def table(found: Mapping[str, Mapping[str, NamingFigures]]) -> Iterable[str]:
    """Yield the lines of a table in Markdown."""
    yield "| voices | talks | announced | named | wrong | with suggestions | suggestions right | audience | s an hour |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for way, kinds in found.items():
        for kind, one in kinds.items():
            yield f"| {way} | {kind} | {one.shares()} |"


if __name__ == "__main__":
    main()
