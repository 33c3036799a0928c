"""The site as it is served on this machine."""

import re
from pathlib import Path
from urllib.parse import urljoin

from starlette.testclient import TestClient

from digest.settings import Organisation, Settings
from digest.site.serve import app
from tests.site.editions import SLUG, announced, put_out


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


def test_a_page_that_is_not_there_says_so(public: Path) -> None:
    """At any depth a reader learns that nothing is there, in the site's own looks, and is led to all webinars."""
    client = TestClient(app(public))

    answer = client.get(f"/{SLUG}/digest/no/such/page")

    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    links = [urljoin(str(answer.url), path) for path in re.findall(r'href="(/[^"]*)"', answer.text)]
    assert len(links) >= 3
    assert {client.get(link).status_code for link in links} == {200}


def test_a_site_under_a_path_leads_back_to_itself(tmp_path: Path) -> None:
    """Where the site shares its host with another one, the page that is not there counts from the site's own root."""
    organisation = Organisation(base_url="https://example.org/digests/")

    put_out(tmp_path / "kept", [], Settings(public=tmp_path / "public", organisation=organisation), announced())

    page = (tmp_path / "public" / "404.html").read_text(encoding="utf-8")
    assert 'href="/digests/index.html"' in page
    assert set(re.findall(r'(?:href|src)="(/[^/"]*)', page)) == {"/digests"}


def test_nothing_outside_the_site_is_served(public: Path) -> None:
    """No address leads out of the folder."""
    (public.parent / "secret.txt").write_text("secret")

    answer = TestClient(app(public)).get("/..%2fsecret.txt")

    assert answer.status_code == 404
