"""The search of all webinars: found from a disk, by the rules of the page's own search, in few bytes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from digest.language.languages import LANGUAGES
from digest.language.stemming import ENDINGS, terms
from digest.model.speech import Word
from digest.settings import Organisation, Settings
from digest.site.search_index import encode, hash_of
from tests import truth
from tests.site.editions import SLUG, an_edition, announced, full, published, put_out

WORDS = Path(__file__).parents[2] / "templates" / "static" / "words.js"
ARCHIVE = WORDS.with_name("archive.js")
ODD = "Straße ŒUVRE naïve الأمن والقانون السيبرانية İstanbul Łódź ½ x² 网络安全 АТАКА ความมั่นคง R&D l’État 5G e-mail"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site of the demo, the same in an earlier year, and one in French, its index in many small buckets."""
    root = tmp_path_factory.mktemp("search")
    first = full(an_edition(root / "kept"))
    second = full(an_edition(root / "kept", slug="again", title="Again", starts_at=datetime(2014, 5, 6, 9, tzinfo=UTC)))
    spoken = [
        Word(text=word, start=at, end=at + 0.5, probability=1)
        for at, word in enumerate(["Les", "règles", "protègent", "l’Élysée."])
    ]
    french = second.model_copy(
        update={
            "language": "fr",
            "event": second.event.model_copy(update={"slug": "regles", "title": "Règles", "language": "fr"}),
            "paragraphs": (second.paragraphs[0].model_copy(update={"words": tuple(spoken), "start": 0.0, "end": 4.5}),),
        }
    )
    settings = Settings(public=root / "public", organisation=Organisation(name="Forum"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("digest.site.search_index.BUCKET", 200)
        put_out(root / "kept", [published(one) for one in (first, second, french)], settings, announced())
    assert len(list((settings.public / "search" / "2016-en").iterdir())) > 8
    return settings.public


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Return a page of which no script may fail."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    opened, faults = context.new_page(), list[str]()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert faults == []


def found(page: Page, site: Path, query: str) -> list[tuple[str, str]]:
    """Return where each hit leads, and its text, for a query typed into the page as it lies on the disk."""
    address = f"file://{site}/search/index.html"
    if not page.url.startswith(address):
        page.goto(address)
    page.fill("#archive input", query)
    page.press("#archive input", "Enter")
    page.wait_for_function("!document.getElementById('told').textContent.includes('…')")
    links = page.locator("#found a")
    return [(str(one.get_attribute("href")), one.inner_text()) for one in links.all()]


def test_a_moment_is_found_from_a_disk(page: Page, site: Path) -> None:
    """Two rare words lead to the second at which they were said, the newer webinar first, with title and date."""
    (href, text), (second, _), *_ = found(page, site, "ASEAN ministerial")

    said = next(one for one in truth.DEMO["utterances"] if "ASEAN held its first" in one["text"])
    assert href.startswith(f"../{SLUG}/digest/index.html#t=")
    assert said["start"] - 5 <= float(href.partition("#t=")[2]) <= said["end"] + 5
    assert "Cyber norms: From principles to practice 23 November 2016" in text
    assert second.startswith("../again/digest/index.html#t=")
    assert page.locator("#found mark").first.inner_text().startswith("ASEAN")


@pytest.mark.parametrize("query", ["regle", "RÈGLES", "protégé", "elysee"])
def test_accents_and_endings_are_the_languages_own(page: Page, site: Path, query: str) -> None:
    """Whatever the form that is typed, a French sentence is found by the rules of French."""
    (href, text), *_ = found(page, site, query)

    assert href == "../regles/digest/index.html#t=0" or "Règles" in text


def test_slides_and_what_is_not_there(page: Page, site: Path) -> None:
    """A slide's words lead to the slide; of what nobody said the page says so, and a link brings a query along."""
    assert found(page, site, "line of slide 4")[0][0].endswith("#slide-4")
    assert found(page, site, "zyzzyva") == []
    assert page.inner_text("#told") == "Nothing was found."
    page.goto(f"file://{site}/search/index.html?q=ASEAN")
    page.wait_for_selector("#found a")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_page_and_index_take_words_apart_alike(browser: Browser) -> None:
    """For every language and odd word the script finds the very terms that the index was made of, in its buckets."""
    texts = [ODD, *(one["text"] for one in truth.DEMO["utterances"][:20])]
    lists = [
        " ".join(sorted(getattr(language, name))) for language in LANGUAGES for name in ("function_words", "thanks")
    ]
    page = browser.new_page()
    page.add_script_tag(path=WORDS)
    for language in (*ENDINGS, "ja", "zh", "th", "fi"):
        got = page.evaluate("([language, texts]) => texts.map(words(language).termsOf)", [language, [*texts, *lists]])
        assert got == [terms(text, language) for text in (*texts, *lists)], language
    page.close()


@hypothesis.settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 10**6)))
def test_postings_are_read_back(numbers: list[int]) -> None:
    """What is written as letters is the same numbers again, each in as few letters as it needs."""
    digits = {digit: at for at, digit in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")}
    read, value, scale = [], 0, 1
    for digit in encode(numbers):
        value += digits[digit] % 32 * scale
        scale *= 32
        if digits[digit] < 32:
            read.append(value)
            value, scale = 0, 1

    assert read == numbers


def test_buckets_are_the_scripts_own() -> None:
    """The hash is 32 bits of `h * 31 + letter`, folded: it must not change, as buckets of earlier years lie there."""
    assert [hash_of(term) for term in ("", "norm", "attribut", "网络")] == [0, 3387355, 554627316, 1042868]


def test_one_more_webinar_rewrites_its_year_alone(tmp_path: Path, settings: Settings) -> None:
    """Segments of other years stay as they lie; a digest that is taken back is in no segment any more."""
    first = an_edition(tmp_path / "kept")
    old = an_edition(tmp_path / "kept", slug="old", starts_at=datetime(2010, 5, 6, 9, tzinfo=UTC))
    put_out(tmp_path / "kept", [published(old)], settings)
    later = first.event.starts_at + timedelta(days=1)
    other = an_edition(tmp_path / "kept", slug="other", starts_at=later)

    put_out(tmp_path / "kept", [published(old), published(first)], settings)
    changed = put_out(tmp_path / "kept", [published(old), published(first), published(other)], settings)
    search = {path.partition("/")[2].partition("/")[0] for path in changed if path.startswith("search/")}
    assert search == {"2016-en", "index.html"}

    put_out(tmp_path / "kept", [published(old)], settings)
    texts = "".join(path.read_text(encoding="utf-8") for path in (settings.public / "search").rglob("*.*"))
    assert "other" not in texts
    assert "2016-en" not in texts
    assert not list((settings.public / SLUG / "digest").glob("said-*"))


def test_nothing_but_what_readers_see_can_be_searched(tmp_path: Path, settings: Settings) -> None:
    """Where the recording is not published the account and the slides are found, and no word of the transcript."""
    silent = an_edition(tmp_path / "kept", publish_recording=False)
    put_out(tmp_path / "kept", [published(silent)], settings)

    texts = "".join(path.read_text(encoding="utf-8") for path in settings.public.rglob("said-*.js"))
    said = [json.loads(line.partition(",")[2].rstrip(")\n"))["said"] for line in texts.splitlines()]

    shown = "".join(path.read_text(encoding="utf-8") for path in (settings.public / SLUG / "digest").glob("index.html"))
    assert all(isinstance(where, str) for block in said for where, _ in block)
    assert all(f'id="{where}"' in shown for block in said for where, _ in block if where)
