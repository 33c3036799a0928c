"""Killed, or with a full disk, at any durable step: readers get whole pages, and done again it is as if nothing was."""

import contextlib
import errno
import os
import random
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest

from digest import editing, intake
from digest.errors import DigestError
from digest.settings import Settings
from digest.site import build
from digest.site.verify import OnDisk, verify
from digest.store.stages import take_into_workspace
from digest.store.workspace import ARRIVING, Workspace
from digest.temporary import sweep
from tests.announcements import BEFORE, an_event_folder
from tests.archives import NOON, a_webinar, approve, put_out
from tests.media.recordings import DEMO

STEPS = ("replace", "fsync", "unlink")  # of `os`: what is moved to its place, made durable, taken away
KILLED = 9
Deed = Callable[[Settings], None]
Found = dict[str, bytes | int]  # by path
SAMPLE = 2  # steps of each deed that `make test` tries; `make chaos` tries all


def publish(settings: Settings) -> None:
    """Bring the approved draft onto the site and record it."""
    talk = Workspace(settings.workspaces / "talk")
    build(settings, "talk", NOON)
    held = editing.approval_in_force(talk.decisions())
    assert held
    editing.mark_published(talk, held.edition, by="Ada", at=NOON)


def retract(settings: Settings) -> None:
    """Take the digest off the site."""
    editing.retract(Workspace(settings.workspaces / "other"), by="Ben", at=NOON)
    build(settings, "other")


def edit(settings: Settings) -> None:
    """Write a sentence anew, unless that was saved."""
    talk = Workspace(settings.workspaces / "talk")
    opened = editing.open_draft(talk)
    assert opened
    if not opened.overlay.revisions:
        first = opened.edition.digest.in_brief[0].id
        editing.reword(talk, first, "A webinar on norms.", by="Ana", at=NOON, seen=0)


def announce(settings: Settings) -> None:
    """Announce an event and bring its page onto the site."""
    folder = an_event_folder(settings.workspaces.parent / "event")
    workspace = editing.announce(intake.look(folder), settings, by="Ana", at=BEFORE)
    build(settings, workspace.slug, now=BEFORE)


def take_in(settings: Settings) -> None:
    """Take the demo's folder in."""
    take_into_workspace(intake.take_in, intake.look(DEMO.parent), settings.workspaces)


DEEDS = (publish, retract, edit, announce, take_in)


def settings_in(root: Path) -> Settings:
    """Return settings that keep everything in a folder."""
    return Settings(workspaces=root / "workspaces", public=root / "public", state=root / "state")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which one webinar is out and another is approved, its pages made."""
    root = tmp_path_factory.mktemp("before")
    settings = settings_in(root)
    put_out(a_webinar(settings, "other"), settings)
    approve(a_webinar(settings, "talk"))
    build(settings_in(root).model_copy(update={"public": root / "elsewhere"}), "talk", NOON)
    shutil.rmtree(root / "elsewhere")
    return root


@contextlib.contextmanager
def breaking_at(step: int, how: Callable[[], NoReturn]) -> Iterator[list[int]]:
    """Do `how` in place of the durable step of this number, once; yield a list with the number of steps so far."""
    so_far, real = [0], {name: getattr(os, name) for name in STEPS}

    def instead(name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            so_far[0] += 1
            return how() if so_far[0] == step else real[name](*args, **kwargs)

        return call

    with pytest.MonkeyPatch.context() as patched:
        for name in STEPS:
            patched.setattr(os, name, instead(name))
        yield so_far


def fill_the_disk() -> NoReturn:
    """Say what the system says of a full disk."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def kill() -> NoReturn:
    """End this process with nothing put in order."""
    os._exit(KILLED)


def break_by(how: Callable[[], NoReturn], deed: Deed, step: int, settings: Settings) -> None:
    """Do a deed that is broken off at a step; one that is killed in a process of its own."""
    if how is fill_the_disk:
        with breaking_at(step, how), contextlib.suppress(OSError, DigestError):
            deed(settings)
        return
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException), breaking_at(step, how):
            deed(settings)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


def outcome(root: Path) -> Found:
    """Return all that lies in a folder, by path; of what holds times and places only that it is there."""
    found = Found()
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        name = str(path.relative_to(root))
        is_machinery = name.startswith(("state/", "public/.published/", "public/.lock"))
        if not is_machinery and path.name not in ("provenance.json", "runs.jsonl"):
            found[name] = path.stat().st_size if path.stat().st_size > 1_000_000 else path.read_bytes()
    return found


def undisturbed(deed: Deed, before: Path, root: Path) -> tuple[int, Found]:
    """Do a deed undisturbed; return how many durable steps it takes, and what is there then."""
    shutil.copytree(before, root)
    with breaking_at(0, kill) as so_far:
        deed(settings_in(root))
    found = outcome(root)
    shutil.rmtree(root)
    return so_far[0], found


def check(deed: Deed, broken_off: Deed, before: Path, root: Path, wanted: Found) -> None:
    """Begin a deed that is broken off, look at the site as readers find it, do the deed again and compare."""
    shutil.copytree(before, root)
    settings = settings_in(root)

    broken_off(settings)

    pages = {str(path.relative_to(settings.public)): path.read_text() for path in settings.public.rglob("*.html")}
    verify(pages, OnDisk(settings.public), {})
    sweep(settings.workspaces, prefix=ARRIVING)  # as every command does when it starts
    deed(settings)
    assert outcome(root) == wanted
    shutil.rmtree(root)


@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_broken_off_is_done_again(deed: Deed, before: Path, tmp_path: Path) -> None:
    """At the first step, the last and some between, drawn by a seed that is printed: DIGEST_SEED draws others."""
    root, seed = tmp_path / "here", os.environ.get("DIGEST_SEED", "1")
    steps, wanted = undisturbed(deed, before, root)
    drawn = {1, steps, *random.Random(seed).sample(range(1, steps + 1), min(steps, SAMPLE))}  # noqa: S311
    print(f"DIGEST_SEED={seed}: {sorted(drawn)} of {steps}")  # noqa: T201  # shown when it fails

    for step in sorted(drawn):
        how = random.Random(f"{seed} {step}").choice((kill, fill_the_disk))  # noqa: S311
        check(deed, partial(break_by, how, deed, step), before, root, wanted)


@pytest.mark.chaos
@pytest.mark.parametrize("how", [kill, fill_the_disk])
@pytest.mark.parametrize("deed", DEEDS)
def test_at_every_step(deed: Deed, how: Callable[[], NoReturn], before: Path, tmp_path: Path) -> None:
    """There is no step at which a kill or a full disk loses or halves anything."""
    root = tmp_path / "here"
    steps, wanted = undisturbed(deed, before, root)

    for step in range(1, steps + 1):
        check(deed, partial(break_by, how, deed, step), before, root, wanted)
