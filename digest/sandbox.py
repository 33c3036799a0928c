"""Runs a program, or a parser of ours, in a child process with limits: the only place that starts processes.

The child gets no network where the kernel allows unprivileged namespaces, a limit on memory, time and file size,
its own process group that is killed and never asked, and dies with its parent.
Util-linux's `unshare`, `setpriv` and `prlimit` set this up in the child itself, so that no Python runs between
fork and exec (which is unsafe beside threads).
"""

import contextlib
import functools
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, ParamSpec, TypeVar, cast, get_type_hints

from pydantic import TypeAdapter

from digest import errors
from digest.errors import DigestError, LimitReached, MissingTool

P = ParamSpec("P")
R = TypeVar("R")

Level = Literal["limits, no network", "limits", "time limit only"]


@dataclass(frozen=True)
class Limits:
    """What a child may use: wall-clock seconds, megabytes of address space, megabytes of any file it writes."""

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
    Raises MissingTool if the program is not installed, LimitReached if it was ended for its time or file size.
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
            raise LimitReached(
                f"The program “{Path(found).name}” wanted to write more than {limits.file_megabytes} MB and was ended.",
                remedy=SAVE_ANEW,
            )
        return Finished(child.returncode, _end_of(out), _end_of(err).decode(errors="replace"))


@contextlib.contextmanager
def stream(program: Sequence[str | Path], *, limits: Limits) -> Iterator[IO[bytes]]:
    """Run a program and yield its standard output while it writes; nothing of it is kept. It ends with the block.

    Raises MissingTool if the program is not installed, LimitReached if it was ended for its time.
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
    """End a child with the block, or when its time is up: then raise LimitReached."""
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        _kill(child)

    timer = threading.Timer(limits.seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        _kill(child)
    if is_late.is_set():
        raise LimitReached(
            f"The program “{name}” did not finish within {limits.seconds:.0f} seconds and was ended.", remedy=SAVE_ANEW
        )


def call(function: Callable[P, R], limits: Limits, /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a module-level function in a limited child and return what it returns.

    Arguments and result travel as JSON by their annotations, never as pickles: a child that was taken over can
    only answer with data. A DigestError raised inside is raised here again.
    Raises LimitReached if the child was ended or fell over.
    """
    if kwargs:
        raise TypeError("arguments go by position")
    wanted = _parameter_types(function)
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
            [sys.executable, "-m", "digest.sandbox", answer],
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


def end_with_us(pid: int) -> None:
    """Let a process that a library started for us end when we end, even by kill -9.

    A shell waits at a pipe whose other end we alone hold and never close: the kernel does, whatever becomes of us.
    """
    waits, _ours = os.pipe()
    subprocess.Popen(
        ["/bin/sh", "-c", 'read -r _; kill -KILL "$0" 2>/dev/null', str(pid)],
        stdin=waits,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(waits)


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


def _parameter_types(function: Callable[..., object]) -> list[Any]:
    return [kind for name, kind in get_type_hints(function).items() if name != "return"]


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    """In the child: call the function that the request names."""
    module, _, name = request["function"].partition(":")
    function = getattr(importlib.import_module(module), name)
    given = zip(_parameter_types(function), request["args"], strict=True)
    args = [TypeAdapter(kind).validate_python(arg) for kind, arg in given]
    try:
        result = function(*args)
    except DigestError as error:
        wrong = {"kind": type(error).__name__, "what": error.what, "file": error.file, "remedy": error.remedy}
        return {"error": wrong}
    returned = get_type_hints(function)["return"]
    return {"result": TypeAdapter(returned).dump_python(result, mode="json", by_alias=True)}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(_answer(json.load(sys.stdin))), encoding="utf-8")
