"""Puts walls around a program and ends all that it leaves: the standard library alone, no import of ours.

It is exec'd, with a policy as JSON and the program on its command line, or called in a fork of the fork server. The
program's process gets limits, no way to new privileges, a
filter of system calls that leaves no network (seccomp(2)), and, where the policy says so, sees only the paths that the
policy names (landlock(7)). This process stays outside, adopts whatever the program leaves behind, and ends it.
"""

import contextlib
import ctypes
import json
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Callable, Iterator, Sequence

LIBC = ctypes.CDLL(None, use_errno=True)

# linux/prctl.h
PDEATHSIG, NO_NEW_PRIVS, CHILD_SUBREAPER, SECCOMP, CAPBSET_DROP = 1, 38, 36, 22, 24
KEPT_CAPABILITIES = {1, 2}  # as root: to read and write what belongs to others, where the paths allow it at all
LAST_CAPABILITY = 40
CAPABILITY_VERSION = 0x20080522  # linux/capability.h

# linux/landlock.h; the numbers of its calls are the same on all machines
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
MIN_ABI = 3  # Linux 6.2: earlier ones let files outside be truncated
READING = 0b1101  # execute, read a file, read a folder
MAKE_SOCKET, ALL_OF_FILES, IOCTL_DEV, OF_A_FILE = 0x200, 0x7FFF, 0x8000, 0b1100_0000_0000_0111
IOCTL_ABI, NET_ABI, SCOPE_ABI = 5, 4, 6

# The numbers of system calls (asm/unistd.h) and the name of the machine for filters (linux/audit.h).
CALLS = {
    "x86_64": (
        0xC000003E,
        {"socket": 41, "sendto": 44, "prlimit64": 302},
        (42, 46, 307, 425, 101, 310, 311),  # connect, sendmsg, sendmmsg, io_uring_setup, ptrace, process_vm_*
    ),
    "aarch64": (
        0xC00000B7,
        {"socket": 198, "sendto": 206, "prlimit64": 261},
        (203, 211, 269, 425, 117, 270, 271),
    ),
}
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000  # EPERM


def landlock_abi() -> int:
    """Return which version of Landlock this kernel offers; 0 for none."""
    return max(0, int(LIBC.syscall(CREATE_RULESET, None, 0, 1)))


def can_filter_calls() -> bool:
    """Say whether the numbers of this machine's system calls are known here."""
    return platform.machine() in CALLS and sys.maxsize > 2**32


def main() -> None:
    """Run the program of the command line behind its walls."""
    program = sys.argv[2:]
    guard(json.loads(sys.argv[1]), lambda: os.execv(program[0], program))  # noqa: S606


def guard(policy: dict, become: Callable[[], object]) -> None:  # type: ignore[type-arg]
    """Let a child become the program behind its walls; exit as it did, by a signal as shells do, when all has ended."""
    LIBC.prctl(CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, end_all)
    LIBC.prctl(PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if policy["parent"] and os.getppid() != policy["parent"]:
        return
    child = os.fork()
    if not child:
        start(policy, become)
    ended = 0
    while ended != child:
        ended, status = os.wait()
    code = os.waitstatus_to_exitcode(status)
    end_all(code if code >= 0 else 128 - code)


def start(policy: dict, become: Callable[[], object]) -> None:  # type: ignore[type-arg]
    """In the child: put up the walls and become the program."""
    try:
        for name in (
            signal.SIGTERM,
            signal.SIGPIPE,
            signal.SIGXFSZ,
        ):  # Python ignores the last two, and so would its heirs
            signal.signal(name, signal.SIG_DFL)
        for kind, most in policy["limits"].items():
            resource.setrlimit(getattr(resource, kind), (most, most))
        if os.geteuid() == 0:
            drop_capabilities()
        if policy["walls"]:
            check(LIBC.prctl(NO_NEW_PRIVS, 1, 0, 0, 0))
            if policy["landlock"]:
                show_only(policy["reads"], [*policy["writes"], "/dev/null"], policy["sockets"])
            if can_filter_calls():
                filter_calls()
        become()
    except BaseException as error:  # noqa: BLE001 (a forked child must not go on as its parent)
        os.write(2, f"the walls could not be put up: {error}\n".encode())
    finally:
        os._exit(126)


def drop_capabilities() -> None:
    """Give up what root may do, now (capset(2)) and after the next exec, but for `KEPT_CAPABILITIES` where held."""
    for capability in set(range(LAST_CAPABILITY + 1)) - KEPT_CAPABILITIES:
        LIBC.prctl(CAPBSET_DROP, capability, 0, 0, 0)
    kept = sum(1 << capability for capability in KEPT_CAPABILITIES)
    whose, held = struct.pack("Ii", CAPABILITY_VERSION, 0), ctypes.create_string_buffer(24)
    check(LIBC.capget(whose, held))
    effective, permitted, *_ = struct.unpack("6I", held.raw)
    check(LIBC.capset(whose, struct.pack("6I", effective & kept, permitted & kept, 0, 0, 0, 0)))


def end_all(code: int, _frame: object = None) -> None:
    """End all descendants, those that others left behind too, and exit."""
    with contextlib.suppress(ChildProcessError):
        while True:
            for pid in children():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            os.wait()
    os._exit(code)


def children() -> Iterator[int]:
    """Yield this process's children; what they leave becomes its own."""
    with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as listed:  # noqa: PTH123 (pathlib costs 10 ms)
        yield from map(int, listed.read().split())


def show_only(reads: Sequence[str], writes: Sequence[str], sockets: Sequence[str]) -> None:
    """Close all files and folders but these, TCP, and other processes to signals."""
    abi = landlock_abi()
    files = ALL_OF_FILES | (IOCTL_DEV if abi >= IOCTL_ABI else 0)
    wanted = struct.pack("QQQ", files, 0b11 if abi >= NET_ABI else 0, 0b11 if abi >= SCOPE_ABI else 0)
    ruleset = check(LIBC.syscall(CREATE_RULESET, wanted, 24 if abi >= SCOPE_ABI else 16 if abi >= NET_ABI else 8, 0))
    for paths, access in ((reads, READING), (writes, files), (sockets, MAKE_SOCKET)):
        for path in paths:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
                mine = access if os.path.isdir(path) else access & OF_A_FILE  # noqa: PTH112
                check(LIBC.syscall(ADD_RULE, ruleset, 1, struct.pack("=Qi", mine & files, handle), 0))
                os.close(handle)
    check(LIBC.syscall(RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)


def filter_calls() -> None:
    """Refuse sockets but those between own processes, tracing, and other processes' limits."""
    machine, named, refused = CALLS[platform.machine()]
    load, equal, is_more, give = 0x20, 0x15, 0x35, 0x06
    number, arch, argument = 0, 4, 16  # places in struct seccomp_data
    steps = [(load, 0, 0, arch), (equal, 1, 0, machine), (give, 0, 0, KILL), (load, 0, 0, number)]
    steps += [(is_more, 0, 1, 0x40000000), (give, 0, 0, REFUSE)]  # x32 has other numbers
    for call in refused:
        steps += [(equal, 0, 1, call), (give, 0, 0, REFUSE)]
    for name, place, allowed in (("socket", 0, 1), ("sendto", 4, 0), ("prlimit64", 0, 0)):  # AF_UNIX, no address, self
        low = argument + 8 * place
        steps += [(equal, 0, 5, named[name]), (load, 0, 0, low), (equal, 0, 2, allowed), (load, 0, 0, low + 4)]
        steps += [(equal, 1, 0, 0), (give, 0, 0, REFUSE), (load, 0, 0, number)]
    steps.append((give, 0, 0, ALLOW))
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = ctypes.create_string_buffer(code, len(code))
    given = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(program))
    check(LIBC.prctl(SECCOMP, 2, given, 0, 0))


def check(result: int) -> int:
    """Return what a call of the C library returned. Raises OSError where it failed."""
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


if __name__ == "__main__":
    main()
