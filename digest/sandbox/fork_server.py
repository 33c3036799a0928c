"""Children forked from a process that has our code loaded: a few milliseconds in place of an interpreter's start.

Both ends stand here. The server has read nothing but code: it is told which module a child needs, imports it with the
libraries that it names in `LIBRARIES`, and forks. What the child is about, its policy and its arguments, lies in files
that the child alone reads, so that none finds in its memory what another was given.
"""

import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from digest.sandbox import inside, launcher

MAX_MESSAGE = 4096  # bytes: the name of a module or a number
NO_MODULE = "-"
ALIVE = 3  # the handle in a child that tells the caller of its end


class Forked:
    """A child of the server, with what `subprocess.Popen` offers of one."""

    def __init__(self, server: "ForkServer", pid: int, alive: int, stdout: IO[bytes] | None) -> None:
        self.pid, self.stdout = pid, stdout
        self._server, self._alive = server, alive
        self._status: int | None = None
        self._lock = threading.Lock()

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit status once it has ended. Raises subprocess.TimeoutExpired after so many seconds."""
        ending = select.poll()
        ending.register(self._alive, select.POLLIN)
        if not ending.poll(None if timeout is None else timeout * 1000):
            raise subprocess.TimeoutExpired("a forked child", timeout or 0)
        with self._lock:
            if self._status is None:  # until it is asked for, its number is nobody else's
                self._status = self._server.status_of(self.pid)
            return self._status

    def terminate(self) -> None:
        """Ask it to end itself and all that it started."""
        with self._lock:
            if self._status is None:
                os.kill(self.pid, signal.SIGTERM)

    def close(self) -> None:
        """Give back what was held to wait for it; after its end."""
        os.close(self._alive)
        if self.stdout:
            self.stdout.close()


class ForkServer:
    """The end that asks, of a server that ends when this program does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        seen = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
        seen |= {
            "PYTHONPATH": os.pathsep.join(str(Path(path).absolute()) for path in sys.path if path),
            "OMP_NUM_THREADS": "1",
        }
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", f"from {__name__} import serve; serve()", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
                env=seen,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        atexit.register(self.close)

    def close(self) -> None:
        """End the server, and with it whatever of its children is left."""
        self._asked.close()
        self._process.wait()

    def start(self, module: str | None, request: dict[str, Any], streams: Sequence[IO[bytes] | int]) -> Forked:
        """Start a child. Raises ConnectionError where the server has died."""
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
            alive, ending = _pipe(ours, theirs)
            told = theirs.enter_context(tempfile.TemporaryFile())
            told.write(json.dumps(request).encode())
            told.seek(0)
            handles, reading = list[int](), None
            for stream in streams:
                if stream == subprocess.PIPE:
                    reading, writing = _pipe(ours, theirs)
                    handles.append(writing)
                elif stream == subprocess.DEVNULL:
                    handles.append(theirs.enter_context(Path(os.devnull).open("r+b")).fileno())
                else:
                    handles.append(stream if isinstance(stream, int) else stream.fileno())
            pid = self._ask(module or NO_MODULE, [*handles, told.fileno(), ending])
            ours.pop_all()
        return Forked(self, pid, alive, None if reading is None else os.fdopen(reading, "rb"))

    def status_of(self, pid: int) -> int:
        """Return the exit status of a child that has ended; once only."""
        try:
            return self._ask(str(pid), [])
        except ConnectionError:
            return -signal.SIGKILL

    def _ask(self, message: str, handles: list[int]) -> int:
        with self._lock:
            socket.send_fds(self._asked, [message.encode()], handles)
            if said := self._asked.recv(MAX_MESSAGE):
                return int(said)
            raise ConnectionResetError


def fork(module: str | None, request: dict[str, Any], streams: Sequence[IO[bytes] | int]) -> Forked:
    """Start a child of this program's server; it needs this module of ours, if any.

    A request is its `policy`, `folder`, `environment`, and the `program` that it becomes or the file for its `answer`.
    """
    try:
        return _server(os.getpid()).start(module, request, streams)
    except ConnectionError:
        _server.cache_clear()
        return _server(os.getpid()).start(module, request, streams)


@functools.cache
def _server(_program: int) -> ForkServer:
    return ForkServer()


def _pipe(ours: contextlib.ExitStack, theirs: contextlib.ExitStack) -> tuple[int, int]:
    reading, writing = os.pipe()
    ours.callback(os.close, reading)
    theirs.callback(os.close, writing)
    return reading, writing


def serve() -> None:
    """Fork a child for each request that comes through a socket, until the program at its other end has ended."""
    server = os.getpid()
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        while said := (received := socket.recv_fds(asked, MAX_MESSAGE, 5))[0].decode():
            handles = received[1]
            if not handles:
                asked.send(str(os.waitstatus_to_exitcode(os.waitpid(int(said), 0)[1])).encode())
                continue
            if said != NO_MODULE:
                with contextlib.suppress(Exception):  # it fails again in the child, and is told there
                    for library in getattr(importlib.import_module(said), "LIBRARIES", ()):
                        importlib.import_module(library)
            gc.freeze()  # else the first collection in each child copies all that is loaded
            pid = os.fork()
            if not pid:
                _begin(handles, server)
            for handle in handles:
                os.close(handle)
            asked.send(str(pid).encode())


def _begin(handles: list[int], server: int) -> None:
    """In the fork: take its streams, close all others, and guard the program or the parser that its request names."""
    try:
        os.setsid()
        with open(handles[3], "rb", closefd=False) as told:
            request = json.load(told)
        for place, handle in enumerate(handles[:3]):
            os.dup2(handle, place)
        os.dup2(handles[4], ALIVE, inheritable=False)  # its end is the end of this process
        for handle in [int(path.name) for path in Path("/proc/self/fd").iterdir()]:
            if handle > ALIVE:
                with contextlib.suppress(OSError):  # the list's own
                    os.close(handle)
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        tempfile.tempdir = None
        program = request.get("program")
        become = functools.partial(os.execv, program[0], program) if program else functools.partial(_parse, request)
        launcher.guard(request["policy"] | {"parent": server}, become)
    finally:
        os._exit(126)


def _parse(request: dict[str, Any]) -> None:
    """Behind the walls: answer as a program of its own would, and end."""
    os.close(ALIVE)
    status = 1
    try:
        inside.main(request["answer"])
        status = 0
    except BaseException:  # noqa: BLE001 (a forked child must not go on as its parent)
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)
