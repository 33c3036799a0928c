"""Runs a program, or a parser of ours, in a child that is limited and isolated: the only place that starts processes.

The child reads the paths that it is given and the programs of this machine, writes into its own folders, reaches no
network and no other process, and whatever it leaves behind ends with the call. `launcher` puts the walls up and stays
beside the child; where bubblewrap is installed and may make namespaces, the child sees nothing else at all.
"""

import contextlib
import functools
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Literal, ParamSpec, TypeVar, cast, get_args, get_type_hints

from pydantic import BaseModel, TypeAdapter

from digest import errors
from digest.errors import DigestError, LimitReached, MissingTool, Overloaded, UnusableDrop
from digest.sandbox import fork_server, launcher
from digest.sandbox.fork_server import Forked
from digest.sandbox.inside import parameter_types
from digest.sandbox.watching import Usage, family, usage_of
from digest.temporary import temporary_folder

P = ParamSpec("P")
R = TypeVar("R")

Stream = IO[bytes] | int
Streams = tuple[Stream, Stream, Stream]
Child = subprocess.Popen[bytes] | Forked
Level = Literal["isolated by bubblewrap", "isolated by Landlock", "no network", "limits alone"]


@dataclass(frozen=True)
class Limits:
    """What a child and its own may use together: seconds of processor time, megabytes of memory, megabytes written.

    It reads the files and folders `reads` and writes into the folders `writes`, beside one that is taken away with it.
    `address_megabytes` is for programs that ask for far more addresses than they use, `sockets` a folder in which one
    makes a socket for itself.

    On the clock it may take far longer: on a busy machine it gets little of a processor, and that says nothing of a
    file. One that for these seconds of the clock hardly ever wants a processor hangs, and is ended too.
    """

    seconds: float
    megabytes: int = 4096
    file_megabytes: int = 1024
    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()
    address_megabytes: int | None = None
    sockets: Path | None = None


@dataclass(frozen=True)
class Finished:
    """How a program ended: its exit status, and what it printed (each at most 4 MB, the end of it)."""

    status: int
    stdout: bytes
    stderr: str


# What programs of this machine need to see of it, and nothing of people's.
SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt"),
    *("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/libreoffice", "/etc/localtime"),
    *("/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/locale.alias"),
    *("/var/cache/fontconfig", "/var/lib/libreoffice", "/var/spool/libreoffice", "/sys/devices/system/cpu"),
)
OF_THE_KERNEL = (  # which bubblewrap makes anew
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/filesystems", "/proc/sys/vm/overcommit_memory"),
    *("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"),
)
BUBBLEWRAP = "sudo apt-get install --no-install-recommends bubblewrap"
ISOLATED: tuple[Level, ...] = ("isolated by bubblewrap", "isolated by Landlock")
ISOLATE = f"{BUBBLEWRAP}; it needs user namespaces. Or run Linux 6.2 or later, with Landlock."
SECONDS_TO_END = 5.0  # for a launcher to end what it started
SAVE_ANEW = "The file may be damaged or made to do harm: open it on your own computer and save it anew."
MAX_ANSWER = 64_000_000  # bytes of what a parser answers
MAX_LINE = 64_000  # bytes of a line that is watched for
MAX_PRINTED = 4_000_000  # bytes read back of what a program printed
FIRST_LOOK, LOOK = 0.02, 0.25  # seconds between two looks at what a child uses: the first, and later ones
PATIENCE = 20.0, 60.0  # on the clock: times its seconds, and seconds for its start; load 30 on two cores slows 16 times
MAX_PROCESSES = 64  # of one call: LibreOffice has five
SHELL_SIGNAL = 128  # added to the number of the signal that ended a program, as shells do
HANGS = 0.01  # of the looks at which it wants a processor or a disk; fewer, over as long as its limit, is a hang


def run(
    program: Sequence[str | Path],
    *,
    limits: Limits,
    environment: dict[str, str] | None = None,
    stdin: bytes = b"",
    network: bool = False,
    watch: Callable[[str], None] | None = None,
    parser: str | None = None,
) -> Finished:
    """Run a program to its end and return how it ended, whatever its exit status.

    `watch` is called with each line of its standard output as it comes. `environment` is added to PATH and the
    locale and is all that the program sees. With `network` it has limits and no walls: for programs that we trust.
    `parser` names the module of ours that `call` needs in it.
    Raises MissingTool if the program is not installed, LimitReached if it was ended for its time or file size,
    Overloaded where the machine gave it too little time.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin)
        given.seek(0)
        streams = (given, subprocess.PIPE if watch else out, err)
        with _start_behind_walls(program, limits, environment or {}, streams, network=network, parser=parser) as child:
            if watch and child.stdout:
                for line in iter(functools.partial(child.stdout.readline, MAX_LINE), b""):
                    watch(line.decode(errors="replace").rstrip("\n"))
            status = child.wait()
        if status == SHELL_SIGNAL + signal.SIGXFSZ:
            raise _over_limit(_name_of(program[0]), f"wanted to write more than {limits.file_megabytes} MB")
        return Finished(status, _end_of(out), _end_of(err).decode(errors="replace"))


@contextlib.contextmanager
def stream(program: Sequence[str | Path], *, limits: Limits) -> Iterator[IO[bytes]]:
    """Run a program and yield its standard output while it writes; nothing of it is kept. It ends with the block.

    Raises MissingTool if the program is not installed, LimitReached if it was ended for its time, Overloaded where the
    machine gave it too little.
    """
    none = subprocess.DEVNULL
    with (
        _start_behind_walls(program, limits, {}, (none, subprocess.PIPE, none)) as child,
        cast("IO[bytes]", child.stdout) as output,
    ):
        yield output


@contextlib.contextmanager
def _start_behind_walls(
    program: Sequence[str | Path],
    limits: Limits,
    environment: dict[str, str],
    streams: Streams,
    *,
    network: bool = False,
    parser: str | None = None,
) -> Iterator[Child]:
    """Start a program in a folder of its own and yield it; it ends with the block, or at its limits."""
    found = _find_program(program)
    with temporary_folder() as own:
        limits = replace(limits, writes=(*limits.writes, own))
        line = [found, *(str(_absolute(part)) for part in program[1:])]
        seen = _environment(own) | environment
        with contextlib.ExitStack() as held:
            if network or level() == "isolated by bubblewrap":
                command = [*_walls(found, limits, network=network), *line]
                child: Child = _execute(command, own, seen, streams)
            else:
                does = {"answer": line[-1]} if parser else {"program": line}
                request = {"policy": _policy(found, limits), "folder": str(own), "environment": seen, **does}
                child = held.enter_context(contextlib.closing(fork_server.fork(parser, request, streams)))
            with _in_limits(child, limits, _name_of(found)):
                yield child
            _refuse_what_is_no_file(limits)


def _refuse_what_is_no_file(limits: Limits) -> None:
    """Raise LimitReached where a child left in a folder what would lead whoever reads it elsewhere, or never end."""
    for entry in (found for folder in limits.writes for found in _entries(folder) if folder != limits.sockets):
        status = entry.stat(follow_symlinks=False)
        if not stat.S_ISDIR(status.st_mode) and not (stat.S_ISREG(status.st_mode) and status.st_nlink == 1):
            raise LimitReached(f"What a program left is no file: “{entry.name}”.", remedy=SAVE_ANEW)


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        for entry in found:
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from _entries(Path(entry.path))


def _execute(
    command: Sequence[str], own: Path, environment: dict[str, str], streams: Streams
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        stdin=streams[0],
        stdout=streams[1],
        stderr=streams[2],
        cwd=own,
        env=environment,
        start_new_session=True,
    )


def _find_program(program: Sequence[str | Path]) -> str:
    if found := shutil.which(str(program[0])):
        return found
    raise MissingTool(
        f"The program “{program[0]}” is not installed.", remedy="Run `digest doctor` to see how to install it."
    )


@contextlib.contextmanager
def _in_limits(child: Child, limits: Limits, name: str) -> Iterator[None]:
    """End a child with the block, or when it goes over its limits: then raise LimitReached or Overloaded."""
    ended, wrong = threading.Event(), list[DigestError]()

    def watch() -> None:
        if fault := _first_fault(child.pid, limits, name, ended):
            wrong.append(fault)
            _end(child)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        _end(child)
        watching.join()
    if wrong:
        raise wrong[0]


def _first_fault(pid: int, limits: Limits, name: str, ended: threading.Event) -> DigestError | None:
    """Look at what a child and its descendants use until they have ended; return how they went over the limits."""
    pause, began, used, before = FIRST_LOOK, time.monotonic(), 0.0, _megabytes_in(limits.writes)
    looks, awake, since = 0, 0, began
    while not ended.wait(pause):
        pause, now, use = min(LOOK, 2 * pause), time.monotonic(), usage_of(pid)
        looks, awake = looks + 1, awake + (not use.is_asleep or use.seconds > used)
        used = max(used, use.seconds)
        if excess := _excess(replace(use, seconds=used), limits, _megabytes_in(limits.writes) - before):
            return _over_limit(name, excess)
        if now - began > PATIENCE[0] * limits.seconds + PATIENCE[1]:
            return Overloaded(
                f"This machine is too busy: in {(now - began) / 60:.0f} minutes there was no end: {name}.",
                remedy="Nothing is wrong with the files. Try again when the machine has less to do.",
            )
        if now - since > limits.seconds:
            if awake <= HANGS * looks:
                return _over_limit(name, f"stood still for {limits.seconds:.0f} seconds")
            looks, awake, since = 0, 0, now
    return None


def _excess(use: Usage, limits: Limits, written: float) -> str | None:
    """Say in words what of its limits a child goes over."""
    if use.seconds > limits.seconds:
        return f"used more than {limits.seconds:.0f} seconds of processor time"
    if use.megabytes > limits.megabytes:
        return f"used more than {limits.megabytes} MB of memory"
    if use.processes > MAX_PROCESSES:
        return f"started more than {MAX_PROCESSES} processes"
    return f"wanted to write more than {limits.file_megabytes} MB" if written > limits.file_megabytes else None


def _name_of(program: str | Path) -> str:
    """Return what people read of a program; Python is only what a parser of ours runs in."""
    return "Its parser" if str(program) == sys.executable else f"The program “{Path(program).name}”"


def _over_limit(name: str, why: str) -> LimitReached:
    return LimitReached(f"{name} {why} and was ended.", remedy=SAVE_ANEW)


def call(function: Callable[P, R], limits: Limits, /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a module-level function in a limited child and return what it returns.

    Arguments and result travel as JSON by their annotations, never as pickles: a child that was taken over can
    only answer with data. A DigestError raised inside is raised here again.
    Raises LimitReached if the child was ended or fell over, Overloaded where the machine gave it too little time.
    """
    if kwargs:
        raise TypeError("arguments go by position")
    wanted, given = parameter_types(function), list(map(_absolute, args))
    request = {
        "function": f"{function.__module__}:{function.__qualname__}",
        "args": [
            TypeAdapter(kind).dump_python(arg, mode="json", by_alias=True)
            for kind, arg in zip(wanted, given, strict=True)
        ],
    }
    with temporary_folder() as folder, temporary_folder() as links:
        answer = folder / "answer.json"
        path = [_packages(function, links), *_libraries()]
        files = [path for path in _paths_in(given) if path.is_file()]
        ended = run(
            [
                sys.executable,
                "-P",
                "-c",
                "import sys; from digest.sandbox.inside import main; main(sys.argv[1])",
                answer,
            ],
            limits=replace(
                limits,
                reads=(*limits.reads, *files, *_ours(function), *path),
                writes=(*limits.writes, folder),
            ),
            environment={"PYTHONPATH": os.pathsep.join(map(str, path)), "OMP_NUM_THREADS": "1"},
            stdin=json.dumps(request).encode(),
            parser=function.__module__,
        )
        try:
            said = TypeAdapter(_Answer).validate_json(_read_answer(answer))
            if isinstance(said, _Result):
                result: R = TypeAdapter(get_type_hints(function)["return"]).validate_python(said.result)
                return result
        except (OSError, ValueError, RecursionError) as error:
            raise LimitReached(
                f"The file could not be read: its parser stopped ({_last_line(ended)}).",
                remedy=SAVE_ANEW,
            ) from error
    raise said.error.as_raised()


def _read_answer(path: Path) -> bytes:
    """Return what a child wrote, by now surely a file. Raises OSError and ValueError."""
    if path.stat().st_size > MAX_ANSWER:
        raise ValueError(f"this is more than {MAX_ANSWER} bytes")
    return path.read_bytes()


class _Wrong(BaseModel):
    """A DigestError as a child says it: only of a kind that is about a file, none that would hold up the machine."""

    kind: Literal["DigestError", "UnusableDrop", "LimitReached"]
    what: str
    file: str | None
    remedy: str

    def as_raised(self) -> DigestError:
        kinds = {one.__name__: one for one in (DigestError, UnusableDrop, LimitReached)}
        return kinds[self.kind](self.what, file=self.file, remedy=self.remedy)


class _Error(BaseModel):
    error: _Wrong


class _Result(BaseModel):
    result: Any


_Answer = _Error | _Result


@functools.cache
def level() -> Level:
    """Say how strong the sandbox is on this machine."""
    return next(level for level in get_args(Level) if can_be(level))


def can_be(level: Level) -> bool:
    """Say whether this machine, and this user on it, can have a sandbox of this strength."""
    if level == "isolated by bubblewrap":
        tried = [*_bubblewrap(()), "true"]
        return bool(shutil.which("bwrap")) and not subprocess.run(tried, capture_output=True, check=False).returncode
    if level == "isolated by Landlock":
        return launcher.can_filter_calls() and launcher.landlock_abi() >= launcher.MIN_ABI
    return level == "limits alone" or launcher.can_filter_calls()


def require(wanted: Literal["best", "strict"]) -> None:
    """Raise MissingTool where the settings want a strict sandbox, and a child here would see more than its input."""
    if wanted == "strict" and level() not in ISOLATED:
        raise MissingTool(f"The settings ask for a strict sandbox; this machine gives less: {level()}.", remedy=ISOLATE)


def _walls(program: str, limits: Limits, *, network: bool) -> list[str]:
    """Return the beginning of the command line that puts a program behind its walls, where none is forked."""
    if network:
        policy = _policy(program, limits) | {"parent": os.getpid(), "walls": False}
        wrap = []
    else:
        policy = _policy(program, limits)
        shown = (*_reads(program, limits), *_of_python(), Path(launcher.__file__))
        wrap = _bubblewrap(shown, limits.writes)
    return [*wrap, sys.executable, "-I", "-S", launcher.__file__, json.dumps(policy)]


def _policy(program: str, limits: Limits) -> dict[str, Any]:
    """Return what the launcher is told: limits, and the paths that are seen where it puts the walls up itself."""
    megabyte = 1 << 20
    return {
        "parent": None,
        "walls": level() != "limits alone",
        "landlock": level() == "isolated by Landlock",
        "reads": [*OF_THE_KERNEL, *(str(path.absolute()) for path in _reads(program, limits))],
        "writes": [str(path.absolute()) for path in limits.writes],
        "sockets": [str(limits.sockets)] if limits.sockets else [],
        "limits": {
            "RLIMIT_AS": (limits.address_megabytes or limits.megabytes) * megabyte,
            "RLIMIT_FSIZE": limits.file_megabytes * megabyte,
            "RLIMIT_CORE": 0,
        },
    }


def _reads(program: str, limits: Limits) -> list[Path]:
    return [*map(Path, SYSTEM), Path(program).parent, Path(program).resolve().parent, *limits.reads]


def _bubblewrap(reads: Iterable[Path], writes: Sequence[Path] = ()) -> list[str]:
    """Return the command line of bubblewrap that shows these paths and nothing else; see bwrap(1)."""
    shown = [*map(Path, SYSTEM), *reads]
    binds = [part for path in shown for part in ("--ro-bind-try", str(path.absolute()), str(path.absolute()))]
    binds += [part for path in writes for part in ("--bind", str(path.absolute()), str(path.absolute()))]
    own = ["--proc", "/proc", "--dev", "/dev"]
    own += [part for path in writes[-1:] for part in ("--bind", str(path), "/tmp")]  # noqa: S108 (the child's own)
    last = ["--remount-ro", "/dev", "--remount-ro", "/"]
    return ["bwrap", "--unshare-all", "--die-with-parent", "--cap-drop", "ALL", *own, *binds, *last, "--"]


def _of_python() -> tuple[Path, ...]:
    return Path(sys.prefix), Path(sys.base_prefix)


def _libraries() -> list[Path]:
    """Return where libraries lie that are not ours: the import path without the folders of our packages."""
    ours = Path(errors.__file__).parents[1]
    return [path for entry in sys.path if entry and (path := Path(entry).resolve()) != ours and path.exists()]


def _ours(function: Callable[..., object]) -> tuple[Path, ...]:
    """Return the folders of the packages that a parser of ours needs."""
    tops = {"digest", function.__module__.partition(".")[0]}
    return (*_of_python(), *(Path(cast("str", sys.modules[top].__file__)).resolve().parent for top in sorted(tops)))


def _packages(function: Callable[..., object], folder: Path) -> Path:
    """Return a folder with nothing but our packages, linked: what lies beside them stays out of sight."""
    packages = folder / "packages"
    packages.mkdir()
    for path in _ours(function)[len(_of_python()) :]:
        (packages / path.name).symlink_to(path)
    return packages


def _paths_in(value: object) -> Iterator[Path]:
    """Yield the paths among arguments."""
    if isinstance(value, Path):
        yield value
    elif isinstance(value, BaseModel):
        yield from _paths_in([getattr(value, name) for name in type(value).model_fields])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _paths_in(one)


def _absolute(value: Any) -> Any:
    """Return an argument with its paths absolute: a child works in a folder of its own."""
    if isinstance(value, Path):
        return value.absolute()
    if isinstance(value, BaseModel):
        return value.model_copy(update={name: _absolute(getattr(value, name)) for name in type(value).model_fields})
    return type(value)(map(_absolute, value)) if isinstance(value, list | tuple) else value


def _environment(own: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "TZ", "SSL_CERT_FILE") if name in os.environ}
    return kept | {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(own), "TMPDIR": str(own)}


def _end(child: Child) -> None:
    """End a child and all that it started; its launcher does it, unless something keeps it from that."""
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    try:
        child.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        for pid in reversed(list(family(child.pid))):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        child.wait()


def _megabytes_in(folders: Iterable[Path]) -> float:
    """Return how much lies in folders that are being written to."""
    size = 0
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                with contextlib.suppress(OSError):
                    size += os.lstat(f"{place}/{name}").st_size
    return size / (1 << 20)


def _end_of(file: IO[bytes]) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - MAX_PRINTED))
    return file.read()


def _last_line(ended: Finished) -> str:
    lines = ended.stderr.strip().splitlines()
    return lines[-1][:200] if lines else f"status {ended.status}"
