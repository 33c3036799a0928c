"""What a parser that was taken over would try: each returns what it got, for a test to see that it got nothing."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from digest import sandbox
from digest.errors import LimitReached
from digest.sandbox import Limits

MEGABYTE = 1 << 20
LIMITS = Limits(seconds=20, megabytes=500, file_megabytes=4)


def read_file(path: str) -> bool:
    """Read a file that is none of its business."""
    try:
        return bool(Path(path).read_bytes())
    except OSError:
        return False


def write_file(path: str) -> bool:
    """Write into a place that is not its own."""
    try:
        Path(path).write_text("taken over", encoding="utf-8")
    except OSError:
        return False
    return True


def connect_out(port: int) -> bool:
    """Reach a server, by TCP or by a UDP packet."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as packet:
            packet.sendto(b"secrets", ("127.0.0.1", port))
    except OSError:
        pass
    else:
        return True
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


def connect_to_unix_socket(path: str) -> bool:
    """Reach a service of this machine."""
    try:
        with socket.socket(socket.AF_UNIX) as service:
            service.connect(path)
    except OSError:
        return False
    return True


def leave_daemon(mark: str) -> bool:
    """Leave a process in a session of its own, as daemons do."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv("/bin/sleep", ["sleep", mark])  # noqa: S606
        os._exit(0)
    os.wait()
    return True


def fork_often(mark: str) -> bool:
    """Start 300 processes."""
    for _ in range(300):
        if os.fork() == 0:
            os.execv("/bin/sleep", ["sleep", mark])  # noqa: S606
    time.sleep(5)
    return True


def take_memory(megabytes: int) -> bool:
    """Take this much in each of four processes, so that none is over its own limit."""
    for _ in range(4):
        if os.fork() == 0:
            held = bytearray(megabytes * MEGABYTE)
            held[::4096] = b"x" * len(held[::4096])
            time.sleep(10)
            os._exit(0)
    time.sleep(10)
    return True


def fill_disk(megabytes: int) -> bool:
    """Write many files, none of them over its own limit."""
    for number in range(20):
        Path(f"{number}.bin").write_bytes(b"x" * megabytes * MEGABYTE)
    time.sleep(5)
    return True


def see_process(pid: int) -> bool:
    """See another process, and end it."""
    try:
        is_seen = bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        is_seen = False
    try:
        os.kill(pid, signal.SIGTERM)
    except OSError:
        return is_seen
    return True


def raise_limits() -> bool:
    """Raise its own limit, or lower that of others."""
    try:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (OSError, ValueError):
        pass
    else:
        return True
    try:
        resource.prlimit(os.getppid(), resource.RLIMIT_CORE, (0, 0))
    except OSError:
        return False
    return True


def attempts(folder: Path) -> dict[str, bool]:
    """Let a child try all of it, and return what got through."""
    secret, public, path = folder / "workspaces" / "other.json", folder / "public", folder / "service"
    etc, mark = Path("/etc/digest-was-here"), f"61.{os.getpid()}"
    for place in (secret.parent, public):
        place.mkdir()
    secret.write_text("secret", encoding="utf-8")
    home = next((one for one in Path.home().glob(".*") if one.is_file() and one.stat().st_size), secret)

    def is_through(attempt: Callable[..., bool], *args: str | int) -> bool:
        return sandbox.call(attempt, LIMITS, *args)

    def is_unlimited(attempt: Callable[..., bool], *args: str | int) -> bool:
        try:
            return is_through(attempt, *args)
        except LimitReached:
            return False

    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as service:
        service.bind(str(path))
        service.listen()
        port = server.getsockname()[1]
        through = {
            "read another workspace": is_through(read_file, str(secret)),
            "read the home folder": is_through(read_file, str(home)),
            "write to the site": is_through(write_file, str(public / "index.html")),
            "write to /etc": is_through(write_file, str(etc)),
            "connect out": is_through(connect_out, port),
            "connect to a unix socket": is_through(connect_to_unix_socket, str(path)),
            "leave a daemon": is_through(leave_daemon, mark) and _is_running(mark),
            "fork 300 times": is_unlimited(fork_often, mark) or _is_running(mark),
            "take four times the memory": is_unlimited(take_memory, LIMITS.megabytes - 200),
            "fill the disk": is_unlimited(fill_disk, LIMITS.file_megabytes - 1),
            "see and end other processes": is_through(see_process, os.getpid()),
            "raise its limits": is_through(raise_limits),
        }
    etc.unlink(missing_ok=True)
    return through


def _is_running(mark: str) -> bool:
    """Say whether a process of this mark runs, and end it."""
    found = subprocess.run(["pgrep", "-f", f"sleep {mark}"], capture_output=True, text=True, check=False).stdout.split()
    for pid in found:
        os.kill(int(pid), signal.SIGKILL)
    return bool(found)


def main() -> None:
    """Print as JSON what gets through at the level that the command line names."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    chosen = sys.argv[1]
    sandbox.level = lambda: chosen  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as place:
        sys.stdout.write(json.dumps(attempts(Path(place))))
