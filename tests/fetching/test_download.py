"""One file over https: whole or not there, gone on with, from nowhere that was not named."""

import hashlib
import random
from pathlib import Path
from typing import Any

import httpx
import pytest

from digest.cli import main
from digest.errors import MissingTool, NotAllowed, Overloaded, UnusableDrop
from digest.fetching import Reach, RemoteFile, fetch_file
from digest.fetching.arriving import safe_name
from digest.settings import FetchSettings, Settings
from tests.fetching.servers import a_service

TALK = random.Random(1).randbytes(3_000_000)  # noqa: S311


def fetch(url: str, settings: Settings, **known: Any) -> Path:
    """Fetch an address into the folder `talk`."""
    file = RemoteFile(name="talk.mp4", url=url, **known)
    return fetch_file(file, "talk", settings, Reach.of(settings))


def arriving(settings: Settings) -> list[str]:
    """Return what lies in the inbox, folders that arrive included."""
    return sorted(str(path.relative_to(settings.inbox)) for path in settings.inbox.rglob("*") if path.is_file())


def test_a_file_comes_by_https_and_only_whole(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`digest fetch URL` puts it into a folder of the inbox, by its name; asked again, it says that it is there."""
    with a_service(tmp_path) as service:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        monkeypatch.chdir(tmp_path)
        (tmp_path / "digest.toml").write_text(
            'inbox = "inbox"\nstate = "state"\n[fetch]\nhosts = ["127.0.0.1"]\nnetworks = ["127.0.0.0/8"]\n'
        )
        service.files["/a/Norms%20talk.mp4"] = TALK
        ends = list[object]()
        for _ in range(2):
            with pytest.raises(SystemExit) as ended:
                main(["fetch", f"{service.url}/a/Norms%20talk.mp4", "--sha256", hashlib.sha256(TALK).hexdigest()])
            ends.append(ended.value.code)

    said = capsys.readouterr()
    assert ends == [0, 1]
    assert (settings.inbox / "Norms talk" / "Norms talk.mp4").read_bytes() == TALK
    assert arriving(settings) == ["Norms talk/Norms talk.mp4"]
    assert "3,000,000 bytes" in said.out
    assert "in the inbox already" in said.err


def test_a_download_that_breaks_off_goes_on_where_it_ended(settings: Settings) -> None:
    """Twice cut short within one call: what had come is not asked for again."""
    with a_service() as service:
        service.files["/talk.mp4"], service.cuts = TALK, [1_000_000, 700_000]

        there = fetch(f"{service.url}/talk.mp4", settings)

    assert there.read_bytes() == TALK
    asked_from = [asked.headers.get("range") for asked in service.asked]
    assert asked_from == [None, "bytes=1000000-", "bytes=1700000-"]


def test_a_download_goes_on_after_the_program_was_ended(settings: Settings) -> None:
    """A server that sends nothing more: the call gives up, what came is kept unseen, the next call needs the rest."""
    with a_service() as service:
        service.files["/talk.mp4"], service.cuts = TALK, [1_000_000, 0, 0, 0]
        with pytest.raises(Overloaded, match="cut short: 1,000,000 bytes came"):
            fetch(f"{service.url}/talk.mp4", settings)
        assert not [path for path in settings.inbox.iterdir() if not path.name.startswith(".")]

        there = fetch(f"{service.url}/talk.mp4", settings)

    assert there.read_bytes() == TALK
    assert service.asked[-1].headers["range"] == "bytes=1000000-"


def test_another_file_under_the_same_address_is_not_joined_to_the_first_half(settings: Settings) -> None:
    """The recording was replaced between two tries."""
    other = bytes(reversed(TALK))
    with a_service() as service:
        service.files["/talk.mp4"], service.cuts = TALK, [1_000_000, 0, 0, 0]
        with pytest.raises(Overloaded):
            fetch(f"{service.url}/talk.mp4", settings)
        service.files["/talk.mp4"] = other

        assert fetch(f"{service.url}/talk.mp4", settings).read_bytes() == other


def test_what_came_whole_before_a_crash_is_fetched_anew(settings: Settings) -> None:
    """Killed between the last byte and the rename: the server has no more to give, which is no error."""
    with a_service() as service:
        service.files["/talk.mp4"], service.cuts = TALK, [2_999_999, 0, 0, 0]
        with pytest.raises(Overloaded):
            fetch(f"{service.url}/talk.mp4", settings)
        (part,) = settings.inbox.glob(".fetching-*/talk.mp4.part")
        part.write_bytes(TALK)

        assert fetch(f"{service.url}/talk.mp4", settings).read_bytes() == TALK


def test_another_hash_or_length_than_was_said_is_refused(settings: Settings) -> None:
    """What a source lists as 3 MB and sends as 2 is no recording yet; a wrong hash is said."""
    with a_service() as service:
        service.files["/talk.mp4"] = TALK[:2_000_000]
        with pytest.raises(Overloaded, match=r"cut short: 2,000,000 of 3,000,000 bytes"):
            fetch(f"{service.url}/talk.mp4", settings, size=3_000_000)
        with pytest.raises(UnusableDrop, match="another hash"):
            fetch(f"{service.url}/talk.mp4", settings, sha256="0" * 64)

    assert arriving(settings) == []


@pytest.mark.parametrize("answer", [(401, {}), (403, {}), (200, {"content-type": "text/html; charset=utf-8"})])
def test_missing_rights_are_said(settings: Settings, answer: tuple[int, dict[str, str]]) -> None:
    """Also where the server sends its login page in place of the file, with status 200, as many do."""
    with a_service() as service:
        service.answers["/talk.mp4"] = lambda _: (*answer, b"<h1>Log in</h1>")

        with pytest.raises(NotAllowed, match="Rights are missing"):
            fetch(f"{service.url}/talk.mp4", settings)

    assert arriving(settings) == []


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://elsewhere.example/talk.mp4", "Nothing may be fetched from elsewhere.example"),
        ("http://media.example.org/talk.mp4", "Only https"),
        ("ftp://127.0.0.1/talk.mp4", "Only https"),
        ("file:///etc/passwd", "Only https"),
    ],
)
def test_only_what_was_named_is_called(settings: Settings, url: str, why: str) -> None:
    """Another host, another protocol."""
    with pytest.raises(NotAllowed, match=why):
        fetch(url, settings)


PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "192.168.0.1",
    "[::1]",
    "[fd00::1]",
    "[::ffff:10.0.0.1]",
    "0.0.0.0",  # noqa: S104
    "100.64.0.1",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_refused_though_its_host_is_named(settings: Settings, host: str) -> None:
    """Also the cloud's own (169.254.169.254), and IPv4 in IPv6's clothes."""
    plain = host.strip("[]")
    without = settings.model_copy(update={"fetch": FetchSettings(hosts=("*",))})

    with pytest.raises(NotAllowed, match="private network"):
        fetch(f"https://{host}/talk.mp4", without)
    assert (
        Reach.of(
            without.model_copy(update={"fetch": FetchSettings(hosts=("*",), networks=("::/0", "0.0.0.0/0"))})
        ).address_of(httpx.URL(f"https://{host}/"))
        == plain
    )


def test_a_redirect_is_held_to_the_same_rules(settings: Settings) -> None:
    """One to a host that nobody named, one in a circle; and what lets us in is not told to another host."""
    with a_service() as service, a_service() as other:
        service.answers["/away"] = lambda _: (302, {"location": "https://elsewhere.example/talk.mp4"}, b"")
        service.answers["/circle"] = lambda _: (302, {"location": "/circle"}, b"")
        service.answers["/other"] = lambda _: (302, {"location": f"{other.url}/talk.mp4"}, b"")
        other.files["/talk.mp4"] = TALK

        with pytest.raises(NotAllowed, match=r"from elsewhere\.example"):
            fetch(f"{service.url}/away", settings)
        with pytest.raises(NotAllowed, match="on and on"):
            fetch(f"{service.url}/circle", settings)
        there = fetch(f"{service.url}/other", settings, headers={"authorization": "Bearer open-sesame"})

    assert there.read_bytes() == TALK
    assert "authorization" in service.asked[-1].headers
    assert "authorization" not in other.asked[-1].headers


def test_a_certificate_of_somebody_else_is_refused(settings: Settings, tmp_path: Path) -> None:
    """A server whose certificate nobody vouches for is not believed."""
    with a_service(tmp_path) as service:
        service.files["/talk.mp4"] = TALK

        with pytest.raises(Overloaded, match="does not answer"):
            fetch(f"{service.url}/talk.mp4", settings)


def test_a_file_too_large_for_settings_or_disk_is_refused_before_it_comes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three megabytes where one is allowed; a disk with two left."""
    with a_service() as service:
        service.files["/talk.mp4"] = TALK
        small = settings.model_copy(update={"media": settings.media.model_copy(update={"largest_gigabytes": 0.001})})
        with pytest.raises(UnusableDrop, match=r"larger than 0\.001 GB"):
            fetch(f"{service.url}/talk.mp4", small)
        with monkeypatch.context() as full:
            full.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 2_000_000}))
            with pytest.raises(MissingTool, match="Make room"):
                fetch(f"{service.url}/talk.mp4", settings)

    assert arriving(settings) == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc passwd"),
        (".hidden", "hidden"),
        ("a/b\\c.mp4", "a b c.mp4"),
        ("", "webinar"),
        ("..", "webinar"),
    ],
)
def test_a_name_from_elsewhere_leads_nowhere(name: str, safe: str) -> None:
    """It is one name of a file in the folder, and never a hidden one."""
    assert safe_name(name) == safe
