"""Temporary folders: gone with the block, and with the next start where the program was killed."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from digest.cli.parameters import Common
from digest.temporary import sweep, temporary_folder

IN_USE = (
    "import sys, time; from pathlib import Path; from digest.temporary import temporary_folder\n"
    "with temporary_folder(Path(sys.argv[1]), prefix=sys.argv[2]) as folder:\n"
    "    (folder / 'deck.pptx').write_text('without its password')\n"
    "    print(folder, flush=True); time.sleep(60)"
)


def a_program_at_work(inside: Path, prefix: str = "ours-") -> tuple["subprocess.Popen[bytes]", Path]:
    """Return a program that is using a temporary folder, and that folder."""
    program = subprocess.Popen([sys.executable, "-c", IN_USE, inside, prefix], stdout=subprocess.PIPE)
    assert program.stdout
    return program, Path(program.stdout.readline().decode().strip())


def test_a_folder_goes_with_its_block(tmp_path: Path) -> None:
    """Nothing is left, also after an error."""
    with temporary_folder(tmp_path, prefix="ours-") as folder:
        (folder / "part").write_text("half")

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_program_left_is_swept_and_what_is_in_use_stays(tmp_path: Path) -> None:
    """A deck opened with its password does not lie about after kill -9; a program at work keeps its folder."""
    killed, left = a_program_at_work(tmp_path)
    living, used = a_program_at_work(tmp_path)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    (tmp_path / "ours-of-somebody").mkdir()

    sweep(tmp_path, prefix="ours-")

    assert not left.exists()
    assert (used / "deck.pptx").is_file()
    assert (tmp_path / "ours-of-somebody").is_dir()
    living.kill()
    living.wait()


def test_every_verb_sweeps_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A drop that was half taken in when the program was killed is gone with the next start, whatever that does."""
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    program, left = a_program_at_work(tmp_path, ".arriving-")
    program.kill()
    program.wait()

    Common(workspaces=tmp_path).settings()

    assert not left.exists()
