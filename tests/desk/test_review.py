"""The commands of whoever runs a desk for several people: people, and review."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from digest.cli import main
from tests.e2e.conftest import of_staff

PROXY = '[desk]\nlogin = "proxy"\nproxy_header = "X-User"\nproxy_addresses = ["{address}"]\nport = {port}\n'


def digest(capsys: pytest.CaptureFixture[str], *tokens: str) -> tuple[int, str]:
    """Return the exit status of a verb, and what it said."""
    with pytest.raises(SystemExit) as ended:
        main(tokens)
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out + said.err


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / ".digest" / "prefect"))


def test_people_are_invited_listed_and_removed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """An invitation is a link that nobody can find in a file; names are one person's each."""
    (tmp_path / "digest.toml").write_text('[desk]\nlogin = "passkeys"\naddress = "https://desk.example.org"\n')
    invited, link = digest(capsys, "people", "invite", "Ana Lind", "--role", "approver")
    twice, refused = digest(capsys, "people", "invite", "ana lind", "--role", "editor")
    _, listed = digest(capsys, "people", "list", "--json")
    removed, _ = digest(capsys, "people", "remove", "Ana Lind")
    again, unknown = digest(capsys, "people", "end", "Ana Lind")

    token = re.search(r"https://desk\.example\.org/invitation\?token=(\S{43})\n", link)
    assert token
    assert token[1] not in (tmp_path / "workspaces" / ".people.jsonl").read_text()
    assert (invited, twice, removed, again) == (0, 1, 0, 1)
    assert "“Ana Lind” has this name or login already." in refused
    assert json.loads(listed) == [{"name": "Ana Lind", "role": "approver", "login": "Ana Lind", "passkeys": 0}]
    assert "“Ana Lind” may not come in." in unknown


def test_nobody_is_invited_to_a_desk_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody logs in, the command says how several people would."""
    status, said = digest(capsys, "people", "invite", "Ana Lind", "--role", "editor")

    assert status == 1
    assert "desk.login" in said


def test_a_damaged_list_of_people_lets_nobody_in(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """It is named, and nothing is guessed."""
    (tmp_path / "workspaces").mkdir()
    (tmp_path / "workspaces" / ".people.jsonl").write_text("<<<<<<< conflict\n")

    status, said = digest(capsys, "people", "list")

    assert status == 1
    assert ".people.jsonl: The file of who may come in is damaged." in said


def test_a_desk_open_to_all_does_not_start(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Another address than this machine's, and nobody logs in: the command says what to do, and ends."""
    (tmp_path / "digest.toml").write_text('[desk]\nlisten = "0.0.0.0"\n')

    status, said = digest(capsys, "review")

    assert status == 1
    assert "nobody logs in" in said
    assert "desk.login" in said


def test_the_command_believes_the_connection_and_no_header(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Whoever writes a proxy's address into a header is not the proxy."""
    forged = {"X-User": "Ana Lind", "X-Forwarded-For": "10.1.2.3"}
    for address, status in (("10.1.2.3", 403), ("127.0.0.1", 200)):
        with reviewing(tmp_path, address) as desk:
            digest(capsys, "people", "invite", "Ana Lind", "--role", "editor")

            assert httpx.get(desk, headers=forged).status_code == status


@contextmanager
def reviewing(folder: Path, proxy: str) -> Iterator[str]:
    """Run `digest review` behind a proxy and yield its address, once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "digest.toml").write_text(PROXY.format(address=proxy, port=port))
    command = [str(Path(sys.executable).parent / "digest"), "review"]
    child = subprocess.Popen(command, cwd=folder, env=of_staff(), stdout=subprocess.PIPE, text=True)
    try:
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}/", timeout=5)
                break
            except httpx.HTTPError:
                assert child.poll() is None
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        child.terminate()
        child.wait(20)
