"""The site as it is served on this machine."""

from pathlib import Path

from starlette.testclient import TestClient

from digest.site.serve import app
from tests.site.editions import SLUG


def test_a_reader_can_jump_into_the_recording(public: Path) -> None:
    """The server answers byte ranges, without which no browser can seek."""
    film = next((public / SLUG / "digest").glob("recording-*.mp4"))

    answer = TestClient(app(public)).get(f"/{SLUG}/digest/{film.name}", headers={"range": "bytes=100-199"})

    assert answer.status_code == 206
    assert answer.content == film.read_bytes()[100:200]


def test_pages_may_run_nothing_foreign(public: Path) -> None:
    """Every answer forbids scripts and files from elsewhere, and inline ones; no page has any."""
    client = TestClient(app(public))

    for path in ("/", f"/{SLUG}/", f"/{SLUG}/digest/", "/attribution/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].startswith("default-src 'self'")
        assert " style=" not in answer.text
        assert "<style" not in answer.text
        assert " onclick=" not in answer.text


def test_one_page_may_be_framed(public: Path) -> None:
    """The embedded player may stand in other people's pages, and nothing else; it too runs nothing foreign."""
    client = TestClient(app(public))
    policy = {
        path: client.get(path).headers["content-security-policy"]
        for path in ("/", f"/{SLUG}/digest/", f"/{SLUG}/digest/embed.html", "/digest/embed.html/", "/nowhere")
    }

    assert {path for path, said in policy.items() if "frame-ancestors 'none'" not in said} == {
        f"/{SLUG}/digest/embed.html"
    }
    assert all(said.startswith("default-src 'self'") for said in policy.values())


def test_nothing_outside_the_site_is_served(public: Path) -> None:
    """No address leads out of the folder."""
    (public.parent / "secret.txt").write_text("secret")

    answer = TestClient(app(public)).get("/..%2fsecret.txt")

    assert answer.status_code == 404
