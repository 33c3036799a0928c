"""The lists of webinars: cards on the front page, and lists by year, series, tag, speaker and language."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from digest.model.event import Event, EventSpeaker
from digest.privacy import public_event
from digest.settings import Organisation, Settings
from digest.site.index import MAX_CARDS, MAX_NEWEST, list_files
from digest.site.listed import Listed
from digest.site.site_files import SiteFile
from tests.site.editions import NOON, SLUG, an_edition, announced, full, published, put_out

TALKS = (
    ("Rénover sans expulser", "fr", "Housing", datetime(2014, 10, 24, 12, tzinfo=UTC)),
    ("الأمن السيبراني", "ar", "Peace", datetime(2015, 12, 31, 23, 30, tzinfo=UTC)),  # in Zurich it is 2016
    ("Attribution", "en", "peace", NOON + timedelta(days=30)),
)
WEEK = timedelta(weeks=1)


def talks() -> list[Event]:
    """Return three events of a series in three languages, one of them to come."""
    return [
        announced(
            slug=f"talk-{at}",
            title=title,
            language=language,
            tags=(tag,),
            series="Trust",
            speakers=(EventSpeaker(name="Ana Lind"),),
            starts_at=starts_at,
        )
        for at, (title, language, tag, starts_at) in enumerate(TALKS)
    ]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site of a digest and three events."""
    root = tmp_path_factory.mktemp("lists")
    settings = Settings(public=root / "public", organisation=Organisation(name="Forum", contact="a@example.org"))
    put_out(root / "kept", [published(full(an_edition(root / "kept")))], settings, *talks())
    return settings.public


def cards(page: str) -> list[str]:
    """Return the cards of a page, in its order."""
    return re.findall(r'<li class="card.*?</li>', page, re.DOTALL)


def test_a_card_says_what_one_chooses_by(site: Path) -> None:
    """Picture, length, who spoke and the first line of the account; one link, to the digest."""
    front = (site / "index.html").read_text(encoding="utf-8")

    (card,) = (one for one in cards(front) if SLUG in one)

    (picture,) = re.findall(r'<img src="([^"]+)" alt=""', card)
    assert (site / picture).is_file()
    assert "slide-1-small" in picture
    assert ">3:42</p>" in card
    assert "Daniel Okafor" in card
    assert "took place on 23 November 2016" in card
    assert re.findall(r'href="([^"]+)"', card) == [f"{SLUG}/digest/index.html"]


def test_what_comes_next_stands_first(site: Path) -> None:
    """Events to come are on top; then what was, the newest first; each leads to its event page."""
    front = (site / "index.html").read_text(encoding="utf-8")

    titles = ("Coming up", "Attribution", "Past webinars", "Cyber norms:", "الأمن", "Rénover")
    assert sorted(titles, key=front.index) == list(titles)
    assert 'href="talk-2/index.html"' in front


@pytest.mark.parametrize(
    ("path", "slugs"),
    [
        ("year/2016", ["talk-2", SLUG, "talk-1"]),
        ("series/trust", ["talk-2", "talk-1", "talk-0"]),
        ("tag/peace", ["talk-2", "talk-1"]),
        ("speaker/ana-lind", ["talk-2", "talk-1", "talk-0"]),
        ("language/en", ["talk-2", SLUG]),
        ("language/ar", ["talk-1"]),
    ],
)
def test_every_webinar_is_found_by_what_it_has(site: Path, path: str, slugs: list[str]) -> None:
    """Each list has all webinars of one year, series, tag (however it is written), speaker or language."""
    page = (site / "by" / f"{path}.html").read_text(encoding="utf-8")

    found = re.findall(r'<h3[^>]*><a href="\.\./\.\./([^/]+)/', page)

    assert found == slugs
    assert f'href="by/{path}.html"' in (site / "index.html").read_text(encoding="utf-8")


def archive(count: int) -> list[Listed]:
    """Return so many webinars, a week apart."""
    return [
        Listed(
            public_event(
                announced(slug=f"w{at}", tags=("all",), starts_at=datetime(2010, 1, 1, 9, tzinfo=UTC) + at * WEEK)
            ),
            "published",
            is_to_come=False,
            card=f'<li class="card">w{at}.</li>',
            language="en",
        )
        for at in range(count)
    ]


@pytest.fixture
def files() -> Callable[[list[Listed]], dict[str, SiteFile]]:
    """Return what makes the lists of an archive, by path."""

    def made(listed: list[Listed]) -> dict[str, SiteFile]:
        asset = "{1}static/{0}".format
        return {one.path: one for one in list_files(listed, Settings(), key="k", asset=asset)}

    return made


def test_a_long_list_goes_on_and_loses_nobody(files: Callable[[list[Listed]], dict[str, SiteFile]]) -> None:
    """A thousand webinars of a tag stand on pages that lead from one to the next, each of them once."""
    made, path, found = files(archive(1000)), "by/tag/all.html", list[str]()
    while path:
        page = made[path].render().decode()
        found += (here := cards(page))
        assert len(here) < MAX_CARDS * 2
        older = re.search(r'href="\.\./\.\./([^"]+)" rel="next"', page)
        path = older[1] if older else ""

    assert found == [f'<li class="card">w{at}.</li>' for at in range(999, -1, -1)]
    assert len(cards(made["index.html"].render().decode())) == MAX_NEWEST


def test_one_more_webinar_changes_the_lists_it_is_in(
    files: Callable[[list[Listed]], dict[str, SiteFile]],
) -> None:
    """Of a thousand webinars' lists only the newest page of each that the new one is in is made again."""
    before, after = files(archive(1000)), files(archive(1001))

    changed = {path for path, file in after.items() if path not in before or before[path].key != file.key}

    assert changed == {"index.html", "by/tag/all.html", "by/language/en.html", "by/year/2029.html"}


def test_a_changed_webinar_changes_its_lists(files: Callable[[list[Listed]], dict[str, SiteFile]]) -> None:
    """A corrected first line of an old one is on the older page that has it, and on no other is anything new."""
    listed = archive(1000)
    other = [listed[3].__class__(**(vars(listed[3]) | {"card": '<li class="card">new</li>'}))]

    before, after = files(listed), files(listed[:3] + other + listed[4:])

    changed = {path for path, file in after.items() if before[path].key != file.key}
    assert changed == {"by/tag/all-1.html", "by/language/en-1.html", "by/year/2010.html"}


def test_many_tags_have_a_page_of_their_own(files: Callable[[list[Listed]], dict[str, SiteFile]]) -> None:
    """The front page names those with most webinars, and leads to all."""
    made = files(
        [
            one.__class__(**(vars(one) | {"event": one.event.model_copy(update={"tags": ("all", f"tag {at}")})}))
            for at, one in enumerate(archive(60))
        ]
    )

    front, tags = made["index.html"].render().decode(), made["by/tag/index.html"].render().decode()

    assert 'href="by/tag/all.html">all</a> <span class="count">60</span>' in front
    assert 'href="by/tag/index.html"' in front
    assert front.count('href="by/tag/tag-') < tags.count('href="../../by/tag/tag-') == 60


def test_a_list_that_nobody_is_in_any_more_goes(tmp_path: Path, settings: Settings) -> None:
    """With its last webinar a list is removed; a damaged one is mended by the next publication."""
    put_out(tmp_path / "kept", [], settings, *talks())
    (settings.public / "by" / "year" / "2016.html").write_text("damaged")

    others = [one.model_copy(update={"tags": ()}) for one in talks()]
    put_out(tmp_path / "kept", [], settings, *others)

    assert not (settings.public / "by" / "tag").exists()
    assert "talk-2" in (settings.public / "by" / "year" / "2016.html").read_text()
    assert put_out(tmp_path / "kept", [], settings, *others) == ()


def test_a_logo_can_be_taken_away_again(tmp_path: Path, settings: Settings) -> None:
    """A site whose organisation has no logo any more is published without it."""
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"\x89PNG not looked at")
    with_logo = settings.organisation.model_copy(update={"logo": logo})
    put_out(tmp_path / "kept", [], settings.model_copy(update={"organisation": with_logo}), *talks())

    put_out(tmp_path / "kept", [], settings, *talks())

    assert not list((settings.public / "static").glob("logo-*"))


def test_lists_are_for_everybody(browser: Browser, site: Path) -> None:
    """From a disk, on a narrow phone and without a script: nothing runs over the edge, and axe finds no fault."""
    context = browser.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=True)
    page = context.new_page()
    for path in ("index.html", "by/tag/peace.html"):
        page.goto(f"file://{site}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    context.close()
