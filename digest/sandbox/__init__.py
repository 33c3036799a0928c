"""Runs a program, or a parser of ours, in a child process with limits: the only place that starts processes.

The child gets no network where the kernel allows unprivileged namespaces, a limit on memory, time and file size,
its own process group that is killed and never asked, and dies with its parent.
Util-linux's `unshare`, `setpriv` and `prlimit` set this up in the child itself, so that no Python runs between
fork and exec (which is unsafe beside threads).
"""

import contextlib
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, ParamSpec, TypeVar, cast, get_type_hints

from pydantic import TypeAdapter

from digest import errors
from digest.errors import DigestError, LimitReached, MissingTool, Overloaded
from digest.sandbox.inside import parameter_types
from digest.sandbox.watching import usage_of

P = ParamSpec("P")
R = TypeVar("R")

Level = Literal["limits, no network", "limits", "time limit only"]


@dataclass(frozen=True)
class Limits:
    """What a child may use: seconds of processor time, megabytes of address space, megabytes of any file it writes.

    On the clock it may take far longer: on a busy machine it gets little of a processor, and that says nothing of a
    file. One that for these seconds of the clock hardly ever wants a processor hangs, and is ended too.
    """

    seconds: float
    megabytes: int = 4096
    file_megabytes: int = 1024


@dataclass(frozen=True)
class Finished:
    """How a program ended: its exit status, and what it printed (each at most 4 MB, the end of it)."""

    status: int
    stdout: bytes
    stderr: str


SAVE_ANEW = "The file may be damaged or made to do harm: open it on your own computer and save it anew."
MAX_PRINTED = 4_000_000  # bytes read back of what a program printed
FIRST_LOOK, LOOK = 0.02, 0.5  # seconds between two looks at what a child uses: the first, and later ones
PATIENCE = 20.0, 60.0  # on the clock: times its seconds, and seconds for its start; load 30 on two cores slows 16 times
HANGS = 0.01  # of the looks at which it wants a processor or a disk; fewer, over as long as its limit, is a hang


def run(
    program: Sequence[str | Path],
    *,
    limits: Limits,
    folder: Path | None = None,
    environment: dict[str, str] | None = None,
    stdin: bytes = b"",
    network: bool = False,
    watch: Callable[[str], None] | None = None,
) -> Finished:
    """Run a program to its end and return how it ended, whatever its exit status.

    `watch` is called with each line of its standard output as it comes. `environment` is added to PATH and the
    locale and is all that the program sees.
    Raises MissingTool if the program is not installed, LimitReached if it was ended for its time or file size,
    Overloaded where the machine gave it too little time.
    """
    found = _find_program(program)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin)
        given.seek(0)
        child = subprocess.Popen(
            [*_wrapping(limits, network=network), found, *map(str, program[1:])],
            stdin=given,
            stdout=subprocess.PIPE if watch else out,
            stderr=err,
            cwd=folder,
            env=_environment() | (environment or {}),
            start_new_session=True,
        )
        with _in_time(child, limits, Path(found).name):
            if watch and child.stdout:
                for line in child.stdout:
                    watch(line.decode(errors="replace").rstrip("\n"))
            child.wait()
        if child.returncode == -signal.SIGXFSZ:
            raise _over_limit(Path(found).name, f"wanted to write more than {limits.file_megabytes} MB")
        return Finished(child.returncode, _end_of(out), _end_of(err).decode(errors="replace"))


@contextlib.contextmanager
def stream(program: Sequence[str | Path], *, limits: Limits) -> Iterator[IO[bytes]]:
    """Run a program and yield its standard output while it writes; nothing of it is kept. It ends with the block.

    Raises MissingTool if the program is not installed, LimitReached if it was ended for its time, Overloaded where the
    machine gave it too little.
    """
    found = _find_program(program)
    child = subprocess.Popen(
        [*_wrapping(limits, network=False), found, *map(str, program[1:])],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
    )
    with _in_time(child, limits, Path(found).name), cast("IO[bytes]", child.stdout) as output:
        yield output


def _find_program(program: Sequence[str | Path]) -> str:
    if found := shutil.which(str(program[0])):
        return found
    raise MissingTool(
        f"The program “{program[0]}” is not installed.", remedy="Run `digest doctor` to see how to install it."
    )


@contextlib.contextmanager
def _in_time(child: "subprocess.Popen[bytes]", limits: Limits, name: str) -> Iterator[None]:
    """End a child with the block, or when it goes over its limits: then raise LimitReached or Overloaded."""
    ended, wrong = threading.Event(), list[DigestError]()

    def watch() -> None:
        if fault := _first_fault(child.pid, limits, name, ended):
            wrong.append(fault)
            _kill(child)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        _kill(child)
        watching.join()
    if wrong:
        raise wrong[0]


def _first_fault(pid: int, limits: Limits, name: str, ended: threading.Event) -> DigestError | None:
    """Look at what a child and its descendants use until they have ended; return how they went over the limits."""
    pause, began, used = FIRST_LOOK, time.monotonic(), 0.0
    looks, awake, since = 0, 0, began
    while not ended.wait(pause):
        pause, now, use = min(LOOK, 2 * pause), time.monotonic(), usage_of(pid)
        looks, awake = looks + 1, awake + (not use.is_asleep or use.seconds > used)
        used = max(used, use.seconds)
        if used > limits.seconds:
            return _over_limit(name, f"used more than {limits.seconds:.0f} seconds of processor time")
        if now - began > PATIENCE[0] * limits.seconds + PATIENCE[1]:
            return Overloaded(
                f"This machine is too busy: in {(now - began) / 60:.0f} minutes the program “{name}” came to no end.",
                remedy="Nothing is wrong with the files. Try again when the machine has less to do.",
            )
        if now - since > limits.seconds:
            if awake <= HANGS * looks:
                return _over_limit(name, f"stood still for {limits.seconds:.0f} seconds")
            looks, awake, since = 0, 0, now
    return None


def _over_limit(name: str, why: str) -> LimitReached:
    return LimitReached(f"The program “{name}” {why} and was ended.", remedy=SAVE_ANEW)


def call(function: Callable[P, R], limits: Limits, /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a module-level function in a limited child and return what it returns.

    Arguments and result travel as JSON by their annotations, never as pickles: a child that was taken over can
    only answer with data. A DigestError raised inside is raised here again.
    Raises LimitReached if the child was ended or fell over, Overloaded where the machine gave it too little time.
    """
    if kwargs:
        raise TypeError("arguments go by position")
    wanted = parameter_types(function)
    request = {
        "function": f"{function.__module__}:{function.__qualname__}",
        "args": [
            TypeAdapter(kind).dump_python(arg, mode="json", by_alias=True)
            for kind, arg in zip(wanted, args, strict=True)
        ],
    }
    with tempfile.TemporaryDirectory(prefix="digest-") as folder:
        answer = Path(folder) / "answer.json"
        ended = run(
            [sys.executable, "-c", "from digest.sandbox.inside import main; main()", answer],
            limits=limits,
            environment={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": "1"},
            stdin=json.dumps(request).encode(),
        )
        try:
            said = json.loads(answer.read_bytes())
        except (OSError, ValueError) as error:
            raise LimitReached(
                f"The file could not be read: its parser stopped ({_last_line(ended)}).",
                remedy=SAVE_ANEW,
            ) from error
    if "error" in said:
        wrong = said["error"]
        raise getattr(errors, wrong["kind"])(wrong["what"], file=wrong["file"], remedy=wrong["remedy"])
    result: R = TypeAdapter(get_type_hints(function)["return"]).validate_python(said["result"])
    return result


@functools.cache
def level() -> Level:
    """Say how strong the sandbox is on this machine."""
    if not (shutil.which("prlimit") and shutil.which("setpriv")):
        return "time limit only"
    tried = [*_without_network(), "true"]
    if shutil.which("unshare") and subprocess.run(tried, capture_output=True, check=False).returncode == 0:
        return "limits, no network"
    return "limits"


def _wrapping(limits: Limits, *, network: bool) -> list[str]:
    strength = level()
    if strength == "time limit only":
        return []
    unshared = _without_network() if strength == "limits, no network" and not network else []
    megabyte = 1 << 20
    return [
        *unshared,
        *("setpriv", "--pdeathsig", "KILL", "--"),
        *("prlimit", f"--as={limits.megabytes * megabyte}", f"--fsize={limits.file_megabytes * megabyte}", "--core=0"),
        "--",
    ]


def _without_network() -> list[str]:
    return ["unshare", "--map-root-user", "--net", "--"]


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "TZ", "SSL_CERT_FILE") if name in os.environ}
    return kept | {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def _kill(child: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _end_of(file: IO[bytes]) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - MAX_PRINTED))
    return file.read()


def _last_line(ended: Finished) -> str:
    lines = ended.stderr.strip().splitlines()
    return lines[-1][:200] if lines else f"status {ended.status}"
