"""Who spoke, and the written digest: `python -m tests.benchmarks.digest --gold DIR --json FILE`.

Measures voices and names on recognised words, chapters, key facts, questions, quotes and the gate on what was really
said; writes its tables into docs/benchmarks.md under "## Digest". `--recognised` also writes digests from recognised
words, which takes a minute a webinar.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digest.diarization import diarize
from digest.faithfulness.doubts import doubts
from digest.intake.event_file import read_event_file
from digest.intake.formats.table import read_companion
from digest.language.sentences import SpokenSentence, sentences
from digest.media.levels import levels
from digest.model.alignment import Alignment, Interval
from digest.model.artifact import StoredFile
from digest.model.companions import Companions
from digest.model.deck import Deck
from digest.model.digest import Digest, Sentence
from digest.model.event import Event, EventSpeaker
from digest.model.evidence import Heard
from digest.model.media import Media
from digest.model.outline import Outline
from digest.model.speech import Speakers, Terms, Transcript, utterances
from digest.settings import SpeechSettings, WritingSettings
from digest.store.files import file_sha256
from digest.transcription import transcribe
from digest.writing import outline, write
from tests import truth as t
from tests.benchmarks import gate, meetings
from tests.benchmarks.accounts import (
    Piece,
    boundary_f1,
    facts_carried,
    overlap,
    pieces,
    pk_and_windowdiff,
    words,
)
from tests.benchmarks.baselines import BASELINES
from tests.builders import a_recording, an_event
from tests.measures import diarization_error, words_with_right_speaker

Samples = NDArray[np.float64]
SETS = ("dev-1-cyber-norms", "dev-2-standards", "dev-3-audio-only")
HEADING = "## Digest"
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
SHARE = 0.25

Table = list[list[str]]
Spans = list[tuple[float, float, str]]


def main() -> None:
    """Measure, print, and write the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--gold", type=Path, required=True)
    asked.add_argument("--json", type=Path)
    asked.add_argument("--recognised", action="store_true")
    given = asked.parse_args()
    found = measured(given.gold, recognised=given.recognised)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    told = page(found)
    sys.stdout.write(told)
    into_page(told)


def measured(gold: Path, *, recognised: bool) -> dict[str, Any]:
    """Return all figures of a gold folder; a set or recording that is not there is left out."""
    truths = {
        path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(gold.glob("*/truth.json"))
    }
    real = meetings.measure(gold)
    with tempfile.TemporaryDirectory(prefix="digest-") as folder:
        voices, heard = _voices(gold, truths, Path(folder))
    written = {name: _written(truth) for name, truth in truths.items()}
    return {
        "voices": voices,
        "writing": written,
        "gate": gate.table(truths),
        "meetings": real,
        "recognised": {name: _from_recognised(truths[name], *heard[name]) for name in truths} if recognised else {},
    }


def _voices(
    gold: Path, truths: dict[str, dict[str, Any]], folder: Path
) -> tuple[dict[str, Any], dict[str, tuple[Transcript, Speakers]]]:
    """Return how well voices are told apart by sound, and transcript and speakers of each webinar."""
    found, heard = {}, {}
    for name, truth in truths.items():
        drop = gold / name / "drop"
        media = _sound(next(drop.glob("recording.*")), folder / name)
        said = _transcribed(media, folder / name)
        written = read_event_file(drop / "event.toml")
        event = an_event(title=written.title, speakers=written.speakers, speakers_count=written.speakers_count)
        chat = read_companion(drop / "chat.txt", "chat").messages if (drop / "chat.txt").exists() else ()
        true = [(one["start"], one["end"], one["speaker"]) for one in truth["utterances"]]
        began = time.process_time()
        speakers = diarize(media, said, Companions(chat=chat), event, root=folder / name)
        figures = _told_apart(said, speakers, true) | {"cost": (time.process_time() - began) / media.duration}
        found[name] = figures | _names(said, speakers, true)
        heard[name] = (said, speakers)
        for damage, damaged in (("half by telephone", _half_by_telephone), ("pink noise, 10 dB", _in_pink_noise)):
            there = folder / f"{name}, {damage}"
            worse = _sound(next(drop.glob("recording.*")), there, partial(damaged, true=true))
            heard_worse = _transcribed(worse, there)
            apart = diarize(worse, heard_worse, Companions(chat=chat), event, root=there)
            found[there.name] = _told_apart(heard_worse, apart, true) | _names(heard_worse, apart, true)
        if (captions := next(drop.glob("*.vtt"), None)) is not None:
            left = read_companion(captions, "captions")
            named = diarize(media, said, Companions(cues=left.cues), event, root=folder / name)
            found[f"{name}, captions"] = _told_apart(said, named, true) | _names(said, named, true)
    for path in sorted((gold / "real-voices").glob("*.rttm")):
        media = _sound(path.with_suffix(".flac"), folder / path.stem)
        said = _transcribed(media, folder / path.stem)
        true = _rttm(path)  # nobody says their names: none may be printed
        people = tuple(EventSpeaker(name=person) for person in dict.fromkeys(person for _, _, person in true))
        speakers = diarize(media, said, Companions(), an_event(speakers=people), root=folder / path.stem)
        found[path.stem] = _told_apart(said, speakers, true) | _names(said, speakers, true)
    return found, heard


def _sound(source: Path, folder: Path, damaged: Callable[[Samples], Samples] | None = None) -> Media:
    folder.mkdir()
    sound = folder / "sound.wav"
    asked = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(source), "-vn", "-ac", "1", "-ar", "16000", str(sound)]
    subprocess.run(asked, check=True)
    if damaged:
        content = sound.read_bytes()
        header = content.index(b"data") + 8
        samples = damaged(np.frombuffer(content[header:], "<i2").astype(np.float64))
        sound.write_bytes(content[:header] + samples.clip(-32768, 32767).astype("<i2").tobytes())
    loud = levels(sound)
    stored = StoredFile(path=sound.name, sha256=file_sha256(sound), size=sound.stat().st_size)
    seconds = (stored.size - 44) / 32_000
    return a_recording(seconds=seconds).model_copy(update={"sound": stored, "levels": loud})


def _half_by_telephone(samples: Samples, true: Spans) -> Samples:
    """Return 16 kHz sound in which every second person is heard as by telephone: 300 to 3400 Hz (ITU-T G.712)."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / 16_000)
    thin = np.fft.irfft(spectrum * ((hertz >= 300) & (hertz <= 3400)), len(samples))
    people = list(dict.fromkeys(person for _, _, person in true))
    made = samples.copy()
    for start, end, person in true:
        if person in people[1::2]:
            heard = slice(round(start * 16_000), round(end * 16_000))
            made[heard] = thin[heard]
    return made


def _in_pink_noise(samples: Samples, true: Spans) -> Samples:
    """Return 16 kHz sound with noise of equal power in every octave, 10 dB below the mean power of speech."""
    spoken = np.concatenate([samples[round(start * 16_000) : round(end * 16_000)] for start, end, _ in true])
    white = np.fft.rfft(np.random.default_rng(1).standard_normal(len(samples)))
    pink = np.fft.irfft(white / np.sqrt(np.maximum(1, np.arange(len(white)))), len(samples))
    noise: Samples = pink * np.sqrt((spoken**2).mean() / 10 / (pink**2).mean())
    return samples + noise


def _transcribed(media: Media, folder: Path) -> Transcript:
    (folder / "scratch").mkdir()
    return transcribe(
        media, Terms(language="en"), Companions(), SpeechSettings(), root=folder, scratch=folder / "scratch"
    )


def _rttm(path: Path) -> Spans:
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("SPEAKER")]
    return [(float(line[3]), float(line[3]) + float(line[4]), line[7]) for line in lines]


def _told_apart(said: Transcript, speakers: Speakers, true: Spans) -> dict[str, Any]:
    turns = [(turn.start, turn.end, turn.speaker) for turn in speakers.turns]
    missed, false, confused = diarization_error(turns, true)
    return {
        "error": missed + false + confused,
        "missed": missed,
        "false": false,
        "confused": confused,
        "voices": len(speakers.speakers),
        "people": len({person for _, _, person in true}),
        "words right": words_with_right_speaker(_words_of(said, speakers), true),
    }


def _words_of(said: Transcript, speakers: Speakers) -> Spans:
    return [(w.start, w.end, one.speaker) for one in utterances(said, speakers) for w in one.words]


def _names(said: Transcript, speakers: Speakers, true: Spans) -> dict[str, int]:
    """Return how many voices have the name of whoever speaks most of their words, and how many another one."""
    right = wrong = 0
    for speaker in speakers.speakers:
        if speaker.name:
            own = [w for w in _words_of(said, speakers) if w[2] == speaker.id]
            spoken = [p for start, end, _ in own for b, u, p in true if b <= (start + end) / 2 < u]
            right += bool(spoken) and max(set(spoken), key=spoken.count) == speaker.name
            wrong += not spoken or max(set(spoken), key=spoken.count) != speaker.name
    return {"named": right, "wrongly": wrong}


def _written(truth: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of a digest made from what was really said."""
    said, speakers, deck, shown = t.transcript(truth), t.speakers(truth), t.deck(truth), t.alignment(truth)
    began = time.process_time()
    chapters, digest = _made(truth, said, speakers, deck, shown)
    cost = time.process_time() - began
    bare = Alignment(intervals=(Interval(start=0, end=truth["duration"], slide=None, confidence=1, known_by="none"),))
    unseen = outline(said, speakers, Deck(), bare)
    spoken = sentences(utterances(said, speakers), "en")
    return {
        "facts": _coverage(pieces(digest), truth),
        "baselines": {
            name: _coverage(_within(spoken, order(spoken), truth), truth) for name, order in BASELINES.items()
        },
        "chapters": _chapter_scores(truth, chapters, unseen),
        "questions": _questions(digest, truth),
        "quotes exact": all(_is_verbatim(one.text, said) for one in digest.quotes),
        "doubted": sum(_is_doubted(one, said) for one in digest.sentences()),
        "seconds an hour": cost / truth["duration"] * 3600,
    }


def _is_doubted(sentence: Sentence, said: Transcript) -> bool:
    """Return whether the gate doubts a sentence by the words that it rests on."""
    heard = [evidence for evidence in sentence.evidence if isinstance(evidence, Heard)]
    words = tuple(w for w in said.words() for e in heard if e.start <= (w.start + w.end) / 2 < e.end)
    return bool(words and doubts(sentence.text, None, [SpokenSentence(speaker="", words=words)]))


def _made(
    truth: dict[str, Any], said: Transcript, speakers: Speakers, deck: Deck, shown: Alignment
) -> tuple[Outline, Digest]:
    event: Event = t.event(truth)
    chapters = outline(said, speakers, deck, shown)
    media = a_recording(seconds=truth["duration"])
    terms = t.terms(truth)
    return chapters, write(
        event, chapters, media, said, speakers, deck, shown, Companions(), terms, WritingSettings(share=SHARE)
    )


def _from_recognised(truth: dict[str, Any], said: Transcript, speakers: Speakers) -> dict[str, Any]:
    deck, shown = t.deck(truth), t.alignment(truth)
    chapters, digest = _made(truth, said, speakers, deck, shown)
    true = [chapter["start"] for chapter in truth["chapters"][1:]]
    return {
        "facts": _coverage(pieces(digest), truth),
        "chapters": boundary_f1([chapter.start for chapter in chapters.chapters[1:]], true),
        "questions": _questions(digest, truth),
    }


def _coverage(account: Sequence[Piece], truth: dict[str, Any]) -> dict[str, float]:
    carried, facts = facts_carried(account, truth)
    spoken = words(one["text"] for one in truth["utterances"])
    return {"carried": carried, "facts": facts, "share": words(text for text, _, _ in account) / spoken}


def _chapter_scores(truth: dict[str, Any], seen: Outline, unseen: Outline) -> dict[str, tuple[float, float, float]]:
    """Return F1, Pk and WindowDiff of ours with and without slides, every slide change, an even split, and none."""
    true, duration = [chapter["start"] for chapter in truth["chapters"][1:]], truth["duration"]
    changes = [shown["start"] for shown in truth["slides"][1:]]
    ways = {
        "ours": [chapter.start for chapter in seen.chapters[1:]],
        "ours, without slides": [chapter.start for chapter in unseen.chapters[1:]],
        "every slide change": changes,
        "even": [duration * n / (len(true) + 1) for n in range(1, len(true) + 1)],
        "none": [],
    }
    return {way: (boundary_f1(at, true), *pk_and_windowdiff(at, true, duration)) for way, at in ways.items()}


def _questions(digest: Digest, truth: dict[str, Any]) -> dict[str, float]:
    true = truth["questions"]
    pairs = [
        (asked, wanted)
        for asked in digest.questions
        for wanted in true
        if asked.start is not None and overlap((asked.start, asked.end or 0), (wanted["start"], wanted["end"])) > 0
    ]
    answers = [(a, w) for a, w in pairs if a.answer_start is not None and w["answer_start"] is not None]
    spans = [
        overlap((a.answer_start or 0, a.answer_end or 0), (w["answer_start"], w["answer_end"])) for a, w in answers
    ]
    return {
        "found": len({id(wanted) for _, wanted in pairs}),
        "true": len(true),
        "ours": len(digest.questions),
        "answer overlap": mean(spans) if spans else 0.0,
        "answer end within 2 s": sum(abs((a.answer_end or 0) - w["answer_end"]) <= 2 for a, w in answers),
    }


def _is_verbatim(text: str, said: Transcript) -> bool:
    return "".join(text.split()) in "".join(word.text for word in said.words())


def _within(spoken: Sequence[SpokenSentence], order: Sequence[int], truth: dict[str, Any]) -> list[Piece]:
    """Return sentences in an order as long as they fit the same share of the words."""
    left = SHARE * words(one["text"] for one in truth["utterances"])
    taken = []
    for at in order:
        if len(spoken[at].words) <= left:
            left -= len(spoken[at].words)
            taken.append((spoken[at].text, spoken[at].start, spoken[at].end))
    return taken


def page(found: dict[str, Any]) -> str:
    """Return the figures as the section of the page."""
    parts = [HEADING, "", "### Who spoke", ""]
    parts += _table(
        ["recording", "error %", "missed", "false", "confused", "voices / people", "words right %", "named / wrongly"],
        [
            [name, *(f"{100 * v[key]:.1f}" for key in ("error", "missed", "false", "confused")),
             f"{v['voices']} / {v['people']}", f"{100 * v['words right']:.1f}",
             f"{v['named']} / {v['wrongly']}" if "named" in v else ""]
            for name, v in found["voices"].items()
        ],
    )  # fmt: skip
    costs = [v["cost"] for v in found["voices"].values() if "cost" in v]
    if costs:
        parts += ["", f"Cost by sound: {100 * mean(costs):.1f} % of the duration, loading included."]
    parts += _writing(found["writing"])
    parts += ["", "### The faithfulness gate", ""]
    parts += _table(
        ["kind of sentence", "sentences", "without a doubt", "doubted %"],
        [
            [kind, str(count), str(passed), f"{100 * (1 - passed / count):.0f}"]
            for kind, (passed, count) in found["gate"].items()
        ],
    )
    parts += _meetings(found["meetings"])
    if found["recognised"]:
        parts += ["", "### From recognised words", ""]
        parts += _table(
            ["webinar", "key facts", "share", "chapters F1", "questions found / true / ours"],
            [[name, *_facts(v["facts"]), f"{v['chapters']:.2f}", _asked(v["questions"])]
             for name, v in found["recognised"].items()],
        )  # fmt: skip
    parts += ["", "Made by `python -m tests.benchmarks.digest --gold DIR`."]
    return "\n".join(parts) + "\n"


def _writing(found: dict[str, Any]) -> list[str]:
    parts = ["", "### Key facts at a quarter of the words", ""]
    parts += _table(
        ["webinar", "ours", "share", *BASELINES],
        [
            [name, *_facts(v["facts"]),
             *(f"{b['carried'] / b['facts']:.2f}" for b in v["baselines"].values())]
            for name, v in found.items()
        ],
    )  # fmt: skip
    parts += ["", "### Chapters: F1 within 10 s, Pk, WindowDiff", ""]
    ways = list(next(iter(found.values()))["chapters"]) if found else []
    parts += _table(
        ["way", *found],
        [[way, *(" ".join(f"{x:.2f}" for x in v["chapters"][way]) for v in found.values())] for way in ways],
    )
    parts += ["", "### Questions and quotes", ""]
    parts += _table(
        ["webinar", "found / true / ours", "answer IoU", "answer ends right", "quotes exact", "doubted", "s an hour"],
        [
            [name, _asked(v["questions"]), f"{v['questions']['answer overlap']:.2f}",
             str(v["questions"]["answer end within 2 s"]), "yes" if v["quotes exact"] else "no", str(v["doubted"]),
             f"{v['seconds an hour']:.0f}"]
            for name, v in found.items()
        ],
    )  # fmt: skip
    return parts


def _meetings(found: dict[str, Any]) -> list[str]:
    if not found["meetings"]:
        return []
    parts = ["", f"### Real meetings: {found['meetings']} of QMSum, at the length of the reference", ""]
    parts += _table(
        ["way", "ROUGE-1", "ROUGE-2", "ROUGE-L", "turns cited that people marked %", "words by the reference's"],
        [
            [way, *(f"{score:.1f}" for score in scores[:3]), f"{100 * scores[3]:.0f}", f"{scores[4]:.2f}"]
            for way, scores in found["ways"].items()
        ],
    )
    parts += ["", "Chapters of the same meetings, against the topics that people saw:", ""]
    parts += _table(
        ["way", "F1 within 10 s", "Pk", "WindowDiff"],
        [[way, *(f"{score:.2f}" for score in scores)] for way, scores in found["topics"].items()],
    )
    cost = f"Outline and digest take {found['seconds an hour']:.1f} s for an hour of talk, at most."
    return [*parts, "", f"People marked {100 * found['marked']:.0f} % of what was said. {cost}"]


def _facts(figures: dict[str, float]) -> list[str]:
    return [f"{figures['carried'] / figures['facts']:.2f}", f"{figures['share']:.3f}"]


def _asked(figures: dict[str, float]) -> str:
    return f"{figures['found']:.0f} / {figures['true']:.0f} / {figures['ours']:.0f}"


def _table(head: list[str], rows: Table) -> list[str]:
    return [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in rows)]


def into_page(section: str) -> None:
    """Put the section in place of the old one, leaving all others as they are."""
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Benchmarks\n"
    rest = re.sub(rf"\n*{HEADING}\n.*?(?=\n## |\Z)", "\n", old, flags=re.DOTALL).rstrip("\n")
    PAGE.write_text(f"{rest}\n\n{section}", encoding="utf-8")


if __name__ == "__main__":
    main()
