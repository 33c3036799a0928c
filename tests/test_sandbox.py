"""The sandbox: children end in time, stay in their limits, see no network, and answer with data only."""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import sysconfig
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import FrameType

import pytest

from digest import sandbox
from digest.errors import VERDICTS, LimitReached, MissingTool, Overloaded, UnusableDrop
from digest.model.deck import Deck, Slide
from digest.sandbox import Limits, fork_server
from digest.temporary import sweep

LIMITS = Limits(seconds=20, megabytes=2000, file_megabytes=1)


def titled(deck: Deck, title: str) -> Deck:
    """Return the deck with one slide more."""
    print("parsers print what they like")  # noqa: T201
    return Deck(slides=(*deck.slides, Slide(number=len(deck.slides) + 1, title=title, read_by="pdf")))


def refuse(name: str) -> Deck:
    """Refuse a file as a parser does."""
    raise UnusableDrop("The presentation is cut off.", file=name, remedy="Copy it again.")


def fall_over(name: str) -> Deck:
    """Die as a parser with a bug in C does."""
    os.abort()


def eat_memory(name: str) -> int:
    """Ask for more memory than there should be."""
    return len(b"x" * 3_000_000_000)


def reach_out(port: int) -> bool:
    """Try to reach a server on loopback."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


def test_a_parser_answers_through_the_wall() -> None:
    """Arguments and results arrive as typed values, whatever the parser prints."""
    deck = sandbox.call(titled, LIMITS, Deck(), "Welcome")

    assert deck.slides == (Slide(number=1, title="Welcome", read_by="pdf"),)


def handles() -> list[int]:
    """Return the numbers of the open files, as a parser that was taken over would look for them."""
    return [number for number in range(256) if _is_open(number)]


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def capabilities() -> int:
    """Return what of root's rights this process has or may take (capget(2)), as bits."""
    found = ctypes.create_string_buffer(24)
    assert ctypes.CDLL(None).capget(struct.pack("Ii", 0x20080522, 0), found) == 0
    effective, permitted, inheritable, *more = struct.unpack("6I", found.raw)
    return int(effective | permitted | inheritable | sum(more) << 32)


LIBRARIES = ("xml.dom.minidom",)


def is_loaded(module: str) -> bool:
    """Say whether a module was there before it was asked for."""
    return module in sys.modules


IS_FORKED = pytest.mark.skipif(
    sandbox.level() == "isolated by bubblewrap", reason="behind bubblewrap each parser is a program of its own"
)


def server() -> int:
    """Return the number of the process from which children are forked."""
    return fork_server._server(os.getpid())._process.pid


@IS_FORKED
def test_a_child_has_what_it_was_given_and_nothing_more() -> None:
    """It begins with its libraries loaded, its three streams, and none of root's rights but to read and write."""
    assert sandbox.call(is_loaded, LIMITS, LIBRARIES[0])
    assert not sandbox.call(is_loaded, LIMITS, "tests.hostile")
    assert sandbox.call(handles, LIMITS) == [0, 1, 2]
    assert sandbox.call(capabilities, LIMITS) in {0, 0b110}


@IS_FORKED
def test_no_child_finds_what_another_was_given(tmp_path: Path) -> None:
    """Where children come from there is no password, no path and no result of those that were before."""
    secret = f"{os.getpid()}-hunter-{time.monotonic_ns()}"
    (tmp_path / secret).write_text(secret, encoding="utf-8")

    assert sandbox.call(size_of, LIMITS, tmp_path / secret) == len(secret)
    assert sandbox.call(titled, LIMITS, Deck(), secret).slides[0].title == secret

    assert b"a few milliseconds in place of" in _memory_of(server())  # it is read at all
    assert secret.encode() not in _memory_of(server())


def _memory_of(pid: int) -> bytes:
    held = bytearray()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            place, may = line.split()[:2]
            if may.startswith("rw"):
                first, last = (int(end, 16) for end in place.split("-"))
                memory.seek(first)
                with contextlib.suppress(OSError):
                    held += memory.read(last - first)
    return bytes(held)


@IS_FORKED
def test_a_killed_server_is_replaced() -> None:
    """Who kills the process from which children come ends the children at work, and the next call is as ever."""
    killer = threading.Timer(1, lambda: os.kill(server(), signal.SIGKILL))
    killer.start()
    with pytest.raises(LimitReached, match="could not be read"):
        sandbox.call(wait_long, LIMITS, 15)

    assert sandbox.call(titled, LIMITS, Deck(), "Welcome").slides[0].title == "Welcome"


def wait_long(seconds: int) -> bool:
    """Work on, on nothing."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        pass
    return True


def size_of(path: Path) -> int:
    """Return how long a file is."""
    return len(path.read_bytes())


def test_a_relative_path_is_the_callers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child works in a folder of its own; what it is given lies where its caller says."""
    monkeypatch.chdir(tmp_path)
    Path("event.toml").write_text("title", encoding="utf-8")

    assert sandbox.call(size_of, LIMITS, Path("event.toml")) == 5
    assert sandbox.run(["cat", Path("event.toml")], limits=replace(LIMITS, reads=(tmp_path,))).stdout == b"title"


def test_what_staff_should_read_comes_through() -> None:
    """An error meant for people arrives with its file and its remedy."""
    with pytest.raises(UnusableDrop) as error:
        sandbox.call(refuse, LIMITS, "slides.pptx")

    assert str(error.value) == "slides.pptx: The presentation is cut off. Copy it again."


def answer_oddly(how: str) -> bool:
    """Leave something else than an answer where the answer belongs, and end as if all were well."""
    frame: FrameType | None = sys._getframe()
    while frame and "to" not in frame.f_locals:
        frame = frame.f_back
    assert frame
    to = Path(frame.f_locals["to"])
    error = {"kind": "MissingTool", "what": "a", "file": None, "remedy": "b"}
    odd = {
        "a list": "[]",
        "deep": "[" * 200_000,
        "another type": '{"result": []}',
        "a mistake of ours": '{"error": {}}',
    }
    odd["what would hold up the machine"] = json.dumps({"error": error})
    match how:
        case "a link":
            to.symlink_to("/etc/passwd")
        case "without an end":
            to.symlink_to("/dev/zero")
        case "a pipe":
            os.mkfifo(to)
        case _:
            to.write_text(odd[how], encoding="utf-8")
    os._exit(0)


ODDLY = ("a list", "deep", "another type", "a mistake of ours", "what would hold up the machine", "a link")


@pytest.mark.parametrize("how", [*ODDLY, "without an end", "a pipe"])
def test_an_answer_is_data_or_the_file_is_refused(how: str) -> None:
    """What was taken over leads its caller to no other file, keeps nobody waiting and names no fault of ours."""
    with pytest.raises(LimitReached, match=r"could not be read|is no file"):
        sandbox.call(answer_oddly, LIMITS, how)


@pytest.mark.parametrize("leave", [["ln", "-s", "/etc/passwd"], ["mkfifo"]])
def test_what_a_program_leaves_is_files(leave: list[str], tmp_path: Path) -> None:
    """A link in the folder of what was made would be published as what it leads to."""
    (tmp_path / "made").mkdir()

    with pytest.raises(LimitReached, match="is no file: “poster"):
        sandbox.run([*leave, tmp_path / "made" / "poster.jpg"], limits=replace(LIMITS, writes=(tmp_path,)))


@pytest.mark.parametrize("parser", [fall_over, eat_memory])
def test_a_parser_that_dies_takes_nobody_along(parser: object) -> None:
    """A crash or too much memory in the child is one clear error in the parent."""
    with pytest.raises(LimitReached, match="could not be read"):
        sandbox.call(parser, LIMITS, "deck.pdf")  # type: ignore[arg-type]


def test_a_program_that_never_ends_is_ended_with_its_children() -> None:
    """The whole process group is killed when the time is over, not only the program."""
    mark = f"61.{os.getpid()}"

    with pytest.raises(LimitReached, match="stood still for 1 seconds"):
        sandbox.run(["sh", "-c", f"trap '' TERM; sleep {mark} & sleep {mark}"], limits=Limits(seconds=1))

    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert f"sleep {mark}" not in running


PYTHON = Path(sys.prefix), Path(sys.base_prefix)
BUSY = "while :; do :; done"
# A twentieth of a processor, as a program gets it beside forty others.
SLOW = f"""{sys.executable} -S -c '
import time
from dataclasses import replace
began, now = time.monotonic(), time.monotonic()
while now - began < %s:
    while time.monotonic() - now < 0.01: pass
    time.sleep(0.19)
    now = time.monotonic()
'"""


def test_a_program_is_judged_by_what_it_and_its_children_work() -> None:
    """Two children that work at once are over two seconds of a processor after one on the clock."""
    with pytest.raises(LimitReached, match="more than 2 seconds of processor time"):
        sandbox.run(["sh", "-c", f"({BUSY}) & ({BUSY}) & wait"], limits=Limits(seconds=2))


def test_a_busy_machine_ends_no_program() -> None:
    """One that gets a twentieth of a processor may take many times its seconds on the clock."""
    ended = sandbox.run(["sh", "-c", SLOW % 4 + " && echo done"], limits=Limits(seconds=1, reads=PYTHON))

    assert ended.stdout == b"done\n"


def test_a_machine_that_is_too_busy_says_nothing_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the last patience the word is that the machine was busy, which no reader keeps as its result."""
    monkeypatch.setattr(sandbox, "PATIENCE", (0.0, 1.0))

    with pytest.raises(Overloaded, match="too busy") as error:
        sandbox.run(["sh", "-c", SLOW % 60], limits=Limits(seconds=30, reads=PYTHON))

    assert not isinstance(error.value, VERDICTS)


def test_a_program_cannot_fill_the_disk(tmp_path: Path) -> None:
    """A file that grows beyond the limit ends the program."""
    big = tmp_path / "big"

    with pytest.raises(LimitReached, match="1 MB"):
        sandbox.run(["dd", "if=/dev/zero", f"of={big}", "bs=1M", "count=9"], limits=replace(LIMITS, writes=(tmp_path,)))

    assert big.stat().st_size <= 1 << 20


def test_a_child_dies_with_its_parent() -> None:
    """After kill -9 of the run no program goes on working."""
    mark = f"62.{os.getpid()}"
    code = f"from digest import sandbox; sandbox.run(['sleep', '{mark}'], limits=sandbox.Limits(60))"
    parent = subprocess.Popen([sys.executable, "-c", code])
    for _ in range(100):
        time.sleep(0.1)
        if f"sleep {mark}" in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout:
            break

    parent.kill()
    parent.wait()

    time.sleep(0.5)
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert f"sleep {mark}" not in running.replace(code, "")


def test_the_folders_of_a_killed_run_are_swept(tmp_path: Path) -> None:
    """What a parser wrote goes with the next start, where kill -9 kept its own run from it."""
    code = "from digest import sandbox; from tests.test_sandbox import LIMITS, wait_long; "
    seen = {**_seen(), "TMPDIR": str(tmp_path)}
    parent = subprocess.Popen([sys.executable, "-c", f"{code} sandbox.call(wait_long, LIMITS, 19)"], env=seen)
    for _ in range(600):
        time.sleep(0.1)
        if len(list(tmp_path.iterdir())) == 2:
            break

    parent.kill()
    parent.wait()
    sweep(tmp_path)

    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sandbox.level() == "limits alone", reason="this machine's system calls are not known here")
def test_a_parser_reaches_no_network() -> None:
    """Not even a server on this very machine can be reached from inside."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert reach_out(port)

        assert not sandbox.call(reach_out, LIMITS, port)


PLAIN = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
NO_NAMESPACES = ("unshare", "-Ur", "sh", "-c", 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"', "sh")
AS = {"as we are": (), "as a plain user": PLAIN, "without user namespaces": NO_NAMESPACES}
WALLS: dict[sandbox.Level, set[str]] = {  # what gets through
    "isolated by bubblewrap": set(),
    "isolated by Landlock": set(),
    "no network": {"read another workspace", "write to the site", "see and end other processes"},
}


@pytest.mark.parametrize("who", AS)
@pytest.mark.parametrize("level", WALLS)
def test_a_parser_that_was_taken_over_gets_nothing(level: sandbox.Level, who: str) -> None:
    """Twelve things that it may try, at each level, by each kind of user; what is weaker is known to be."""
    program = _python_for(who)
    asked = f"from digest import sandbox; print(sandbox.can_be({level!r}))"
    if _said([*AS[who], *program, "-c", asked]) != "True\n":
        pytest.skip(f"{level}, {who}: this machine cannot be so")

    through = json.loads(_said([*AS[who], *program, "-c", "from tests.hostile import main; main()", level]))

    assert len(through) == 12
    got = {what for what, is_through in through.items() if is_through}
    assert got - {"read the home folder", "write to /etc"} == WALLS[level]  # those two are root's alone
    assert got == WALLS[level] or level not in sandbox.ISOLATED


def _python_for(who: str) -> list[str]:
    """Return an interpreter that this user may run; skip where there is none with our libraries."""
    plain = shutil.which("python3", path="/usr/bin") or sys.executable
    program = [sys.executable if who != "as a plain user" or os.getuid() else plain]
    if who == "as a plain user" and os.getuid():
        pytest.skip("as a plain user: we are one")
    if subprocess.run(
        [*AS[who], *program, "-c", "import digest.sandbox"], capture_output=True, check=False, env=_seen()
    ).returncode:
        pytest.skip(f"{who}: not possible here, or no interpreter that runs this program")
    return program


def _said(program: list[str]) -> str:
    return subprocess.run(program, capture_output=True, text=True, check=True, env=_seen()).stdout


def _seen() -> dict[str, str]:
    """Return an environment in which every interpreter finds our packages."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), sysconfig.get_path("purelib")])}


def test_a_strict_sandbox_is_refused_where_there_is_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for whole isolation gets it, or a word on what to install."""
    monkeypatch.setattr(sandbox, "level", lambda: "no network")

    sandbox.require("best")
    with pytest.raises(MissingTool, match=r"no network.*bubblewrap"):
        sandbox.require("strict")


def test_a_program_that_is_not_installed_is_named() -> None:
    """The operator reads which program is missing and where to look."""
    with pytest.raises(MissingTool, match=r"no-such-program.*digest doctor"):
        sandbox.run(["no-such-program"], limits=LIMITS)


def test_secrets_in_the_environment_stay_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program sees its path and locale, not the operator's passwords."""
    monkeypatch.setenv("DIGEST_SECRET", "hunter2")

    ended = sandbox.run([shutil.which("env") or "env"], limits=LIMITS)

    assert b"hunter2" not in ended.stdout


def test_lines_are_seen_as_they_come() -> None:
    """Progress of a long program is read while it runs."""
    seen: list[tuple[str, float]] = []

    sandbox.run(
        ["sh", "-c", "echo one; sleep 0.5; echo two"],
        limits=LIMITS,
        watch=lambda line: seen.append((line, time.monotonic())),
    )

    assert [line for line, _ in seen] == ["one", "two"]
    assert seen[1][1] - seen[0][1] > 0.3


def test_a_stream_ends_with_its_reader() -> None:
    """A program that would write for ever is ended when nobody reads on, and nothing of it is kept."""
    with sandbox.stream(["yes"], limits=Limits(seconds=20, megabytes=256)) as output:
        read = output.read(6)

    assert read == b"y\ny\ny\n"


def test_a_stream_that_stands_still_is_ended() -> None:
    """A program that writes nothing is ended for its time."""
    with (
        pytest.raises(LimitReached, match="stood still"),
        sandbox.stream(["sleep", "60"], limits=Limits(seconds=0.5, megabytes=256)) as output,
    ):
        assert output.read(1) == b""
