"""How a recogniser mishears, learned from what it made of recordings with a truth: `python -m tests.training.hearing`.

GOLD's webinars and real voices are transcribed as a run does it, and each heard word is set beside what was really said
there. Fitted are rates, how likely a word is that was right or wrong, and how alike a wrong word is to the right one;
all by class of word. The figures go into tests/data/hearing.json: quantiles and rates, no word of any recording.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from whisper.normalizers import EnglishTextNormalizer

from digest.editing.misheard import logits_of
from digest.language.languages import get_language
from digest.transcription.fallback import decode_windows
from digest.transcription.recogniser import load_recogniser
from digest.transcription.transcribe import join_segments
from digest.transcription.voice_activity import voiced_regions
from digest.transcription.windows import windows
from tests import truth as t

FITTED = Path("tests/data/hearing.json")
WEBINARS = ("dev-1-cyber-norms", "dev-2-standards", "dev-3-audio-only")
VOICES = ("panel", "sonnet-p001", "sonnet-p003", "disfluent-two-takes", "two-on-phone", "jfk")
SURE = 0.001  # no chance is nearer to none or to all
QUANTILES = np.linspace(0, 1, 41)
CLASSES = ("name", "number", "small", "other")

Kind = Literal["right", "misheard", "left out", "put in"]


@dataclass(frozen=True)
class HeardWord:
    """A word as it was heard, and what was really said there: nothing where it was put in, more where some is gone."""

    text: str
    said: str
    probability: float

    @property
    def kind(self) -> Kind:
        """Return what is wrong with it."""
        if not self.said:
            return "put in"
        if is_same(self.text, self.said):
            return "right"
        return "left out" if plain(self.text) and self.said.split()[-1:] == [self.text] else "misheard"


def word_class(word: str, language: str, *, begins: bool = False) -> str:
    """Return the class of a word: a name, a number, one of the small words, another; `begins` a sentence."""
    known, bare = get_language(language), plain(word)
    if any(sign.isdigit() for sign in word) or bare in known.numerals:
        return "number"
    if bare in known.function_words or len(bare) < 3:  # where a language has no list
        return "small"
    is_capital = word.lstrip("“\"'(")[:1].isupper() and not begins and not known.capitalises_nouns
    return "name" if is_capital or (len(bare) > 1 and word.strip(".,;:?!").isupper()) else "other"


def plain(text: str) -> str:
    """Return a text in small letters, without signs."""
    return " ".join(re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower().replace("’", "'")))


@cache
def is_same(one: str, other: str) -> bool:
    """Return whether two texts are the same to a reader, numbers in words or digits."""
    return plain(one) == plain(other) or _normaliser()(one) == _normaliser()(other)


@cache
def _normaliser() -> EnglishTextNormalizer:
    return EnglishTextNormalizer()


def compare(heard: Sequence[tuple[str, float]], said: Sequence[str]) -> list[HeardWord]:
    """Return each heard word (text, probability) with what was said there; what was left out goes with the next."""
    hesitations = get_language("en").hesitations
    told = [word for word in said if plain(word) not in hesitations]
    heard = [(text, probability) for text, probability in heard if plain(text) not in hesitations]
    found, lost = list[HeardWord](), list[str]()
    keys = [plain(word) for word, _ in heard], [plain(word) for word in told]
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        some, true = heard[i1:i2], told[j1:j2]
        if kind == "delete" or not true:
            found += [HeardWord(text, "", probability) for text, probability in some]
        elif not some:
            lost += true
        elif is_same(" ".join(text for text, _ in some), " ".join(true)):
            found += [HeardWord(text, text, probability) for text, probability in some]
        else:
            edges = [round(at * len(true) / len(some)) for at in range(len(some) + 1)]
            parts = [" ".join(true[first:last]) for first, last in pairwise(edges)]
            found += [HeardWord(text, part, p) for (text, p), part in zip(some, parts, strict=True)]
        if lost and some:
            at = len(found) - len(some)
            found[at] = HeardWord(found[at].text, " ".join([*lost, found[at].said]).strip(), found[at].probability)
            lost = []
    return found


def fit(recordings: Sequence[Sequence[HeardWord]]) -> dict[str, Any]:
    """Return rates and quantiles by class of word."""
    fitted = dict[str, Any]()
    for of in CLASSES:
        rows = [(one, before) for words in recordings for one, before in _with_before(words) if _class(one) == of]
        kinds = {
            kind: [one for one, _ in rows if one.kind == kind] for kind in ("right", "misheard", "left out", "put in")
        }
        fitted[of] = {
            "words": len(rows),
            "wrong after right": _share([one.kind != "right" for one, before in rows if before == "right"]),
            "wrong after wrong": _share([one.kind != "right" for one, before in rows if before != "right"]),
            "kinds": {kind: len(some) for kind, some in kinds.items() if kind != "right"},
            "probability": {kind: _quantiles([one.probability for one in some]) for kind, some in kinds.items()},
            "likeness": _quantiles([likeness(one.text, one.said) for one in kinds["misheard"]]),
        }
    return fitted


def _class(one: HeardWord) -> str:
    return word_class(one.said.split()[-1] if one.said else one.text, "en")


def _with_before(words: Sequence[HeardWord]) -> Iterator[tuple[HeardWord, Kind]]:
    before: Kind = "right"
    for one in words:
        yield one, before
        before = one.kind


def likeness(one: str, other: str) -> float:
    """Return how alike two words are written, 0 to 1."""
    return SequenceMatcher(None, plain(one), plain(other)).ratio()


def _share(hits: Sequence[bool]) -> float:
    return round(float(np.mean(hits)), 4) if hits else 0.0


def _quantiles(values: Sequence[float]) -> list[float]:
    return [round(float(one), 3) for one in np.quantile(values, QUANTILES)] if values else []


def fit_chances(recordings: Sequence[Sequence[HeardWord]]) -> tuple[list[float], float, float]:
    """Return the weights of digest.editing.misheard, and the log-loss of recordings left out: theirs, the bare one."""
    pairs = [np.array(list(logits_of([one.probability for one in words]))) for words in recordings]
    wrong = [np.array([one.kind != "right" for one in words]) for words in recordings]
    losses = list[float]()
    for at, words in enumerate(recordings):
        others = [n for n in range(len(recordings)) if n != at]
        fitted = _regression(np.vstack([pairs[n] for n in others]), np.concatenate([wrong[n] for n in others]))
        for chances in (fitted.predict_proba(pairs[at])[:, 1], 1 - np.array([one.probability for one in words])):
            bounded = np.clip(chances, SURE, 1 - SURE)
            losses.append(float(-np.log(np.where(wrong[at], bounded, 1 - bounded)).sum()))
    everything = _regression(np.vstack(pairs), np.concatenate(wrong))
    count = sum(map(len, recordings))
    return [*everything.intercept_, *everything.coef_[0]], sum(losses[::2]) / count, sum(losses[1::2]) / count


def _regression(pairs: NDArray[np.float64], wrong: NDArray[np.bool_]) -> Any:
    return LogisticRegression(C=10).fit(pairs, wrong)


def transcribe(sound: Path) -> list[tuple[str, float]]:
    """Return the words that a run hears in a recording, with their probabilities."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "sound.wav"
        command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(sound), "-ac", "1", "-ar", "16000", str(wav)]
        subprocess.run(command, check=True)
        parts = windows(voiced_regions(wav))
        decoded = decode_windows(load_recogniser("base", "en"), wav, parts)
        return [(w.text, w.probability) for segment in join_segments(parts, decoded) for w in segment.words]


def recordings(gold: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """Yield the recordings with a truth: name, sound, the words said."""
    for name in WEBINARS:
        drop = gold / name / "drop"
        sound = next(one for one in sorted(drop.iterdir()) if one.suffix in (".mp4", ".m4a"))
        yield name, sound, _words(gold / name / "truth.json")
    for name in VOICES:
        voice = gold / "real-voices" / name
        yield name, voice.with_suffix(".flac"), _words(voice.with_suffix(".truth.json"))


def _words(truth: Path) -> list[str]:
    return [word for said in t.read(truth)["utterances"] for word in said["text"].split()]


def main() -> None:
    """Transcribe, compare, fit and write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--gold", type=Path, required=True)
    given = asked.parse_args()
    heard = [compare(transcribe(sound), said) for _, sound, said in recordings(given.gold)]
    FITTED.write_text(json.dumps(fit(heard), indent=1) + "\n", encoding="utf-8")
    weights, loss, bare = fit_chances(heard)
    sys.stdout.write(f"weights {[round(one, 2) for one in weights]}, log-loss {loss:.4f}, bare {bare:.4f}\n")


if __name__ == "__main__":
    main()
