"""The digest page in a real browser: what its script adds, and what stays without it."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from digest.model.artifact import Span
from digest.model.edition import Edition
from digest.model.speech import Word
from digest.privacy import public_edition
from digest.settings import Organisation, Settings
from tests import truth
from tests.benchmarks.moments import find_facts
from tests.site.conftest import serving
from tests.site.editions import SLUG, an_edition, announced, full, published, put_out

QUIET, UNSPACED = "quiet", "unspaced"
PLAYER = "document.getElementById('player')"


def until(page: Page, condition: str, *, seconds: int = 15) -> None:
    """Wait until a condition holds in the page: its own headers forbid what Playwright would wait with."""
    for _ in range(seconds * 10):
        if page.evaluate(f"Boolean({condition})"):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never came true: {condition}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published site."""
    root = tmp_path_factory.mktemp("site")
    settings = Settings(public=root / "public", organisation=Organisation(contact="digest@example.org"))
    arabic = _in_arabic(full(an_edition(root / "kept", slug=QUIET)))
    silent = published(arabic).model_copy(update={"edition": public_edition(arabic, voiced=(Span(start=1, end=20),))})
    japanese = published(_in_japanese(full(an_edition(root / "kept", slug=UNSPACED))))
    put_out(root / "kept", [published(full(an_edition(root / "kept"))), silent, japanese], settings, announced())
    return root / "public"


def _in_japanese(edition: Edition) -> Edition:
    """Return the Edition with what is first said in Japanese: letters of a second each, no space between them."""
    said = ["今日", "は", "AI", "と", "サイ", "バー", "空間", "の", "規", "範", "について", "話します。"]
    words = tuple(Word(text=one, start=at, end=at + 1, probability=1, spaced=False) for at, one in enumerate(said))
    first = edition.paragraphs[0].model_copy(update={"words": words, "start": 0.0, "end": 12.0})
    later = tuple(part for part in edition.paragraphs if part.start > 12)
    return edition.model_copy(update={"language": "ja", "paragraphs": (first, *later)})


def _in_arabic(edition: Edition) -> Edition:
    """Return the Edition in Arabic, in which nobody speaks between the seconds 20 and 180."""
    said = "عقدت رابطة ASEAN أول مؤتمر وزاري لها بشأن الأمن السيبراني في أكتوبر 2016."
    known = tuple(part for part in edition.paragraphs if part.end < 20 or part.start > 180)
    digest = edition.digest.map_sentences(lambda one: one.model_copy(update={"text": said}))
    return edition.model_copy(update={"language": "ar", "digest": digest, "paragraphs": known})


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Serve the site while the tests of this file run."""
    with serving(folder) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a blank page that fails the test if anything goes wrong in it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=False)
    context.set_default_timeout(15_000)
    opened, faults, hosts = context.new_page(), list[str](), set[str]()
    opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: hosts.add(request.url.split("/")[2].partition(":")[0]))
    yield opened
    context.close()
    assert faults == []
    assert hosts <= {"127.0.0.1"}


def test_a_click_on_a_word_plays_it(page: Page, address: str) -> None:
    """The recording goes on from the word that was clicked, and the spoken word is marked."""
    page.goto(f"{address}/{SLUG}/digest/#transcript")
    said = page.locator(".said", has_text="ASEAN held its first").first
    said.scroll_into_view_if_needed()
    box = said.bounding_box()
    assert box

    page.mouse.click(box["x"] + 30, box["y"] + 12)

    until(page, f"Math.abs({PLAYER}.currentTime - 85) < 4")
    until(page, "[...CSS.highlights.get('spoken')].length == 1")
    assert page.url.split("#")[1].startswith("t=8")


def test_a_click_on_a_word_without_spaces_plays_it(page: Page, address: str) -> None:
    """Where no space parts words, each has its second all the same, and is the one that is marked."""
    page.goto(f"{address}/{UNSPACED}/digest/")
    said = page.locator(".said").first
    assert said.text_content() == "今日はAIとサイバー空間の規範について話します。"

    place = page.evaluate(
        """() => {
          const node = document.querySelector(".said").firstChild, range = new Range();
          range.setStart(node, node.data.indexOf("規"));
          range.setEnd(node, node.data.indexOf("規") + 1);
          range.startContainer.parentElement.scrollIntoView({ block: "center" });
          const box = range.getBoundingClientRect();
          return { x: box.x + 2, y: box.y + box.height / 2 };
        }"""
    )
    page.mouse.click(place["x"], place["y"])

    until(page, f"{PLAYER}.currentTime >= 8 && {PLAYER}.currentTime < 11")
    until(page, "/[の規範]/.test([...(CSS.highlights.get('spoken') || [])].map(String).join(''))")


def test_slides_and_captions_follow(page: Page, address: str) -> None:
    """A link to a second opens there, with the slide of that second beside the player and, played, its caption on."""
    page.goto(f"{address}/{SLUG}/digest/#t=60")

    assert page.evaluate(f"{PLAYER}.currentTime") == 60
    assert page.inner_text(".now-number") == "Slide 3"
    assert page.locator("#slide-3.is-on").count() == 1
    page.keyboard.press("k")
    until(page, f"{PLAYER}.textTracks[0].activeCues?.length == 1")
    page.keyboard.press("]")
    until(page, "document.querySelector('.now-number').textContent == 'Slide 4'")
    page.click("#slide-6 figcaption .source")
    until(page, "document.querySelector('.now-number').textContent == 'Slide 6'")


def test_a_slide_is_looked_at_as_large_as_the_screen(page: Page, address: str) -> None:
    """By mouse or keys: one sees the picture in full, turns to the next, and Escape leads back to where one was."""
    page.goto(f"{address}/{SLUG}/digest/")
    large = page.locator("#lightbox")

    page.focus("#slide-3 .slide-picture")
    page.keyboard.press("Enter")
    assert large.locator("img").get_attribute("alt") == "Slide 3: Who agrees on what"
    until(page, "document.querySelector('#lightbox img').naturalWidth == 1600")
    page.keyboard.press("ArrowRight")
    assert re.fullmatch(r"Slide 4\s+Norms for states, norms for industry", page.inner_text("#lightbox-slide"))
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#lightbox')"
        )
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("Escape")

    assert not large.is_visible()
    assert page.evaluate("document.activeElement.closest('li').id") == "slide-3"
    assert page.evaluate(f"{PLAYER}.currentTime") == 0
    page.click("#shown")
    page.mouse.click(4, 4)
    assert not large.is_visible()


def test_pauses_are_skipped_for_whoever_asks(page: Page, address: str) -> None:
    """It plays on half a second before the next word; unasked it plays as it is, and asked once it is kept."""
    page.goto(f"{address}/{QUIET}/digest/#t=30")
    end = next(end for start, end in page.evaluate("recording.data.pauses") if start < 30 < end)
    button = page.locator("#skip-pauses")
    assert end > 180

    page.keyboard.press("k")
    until(page, f"{PLAYER}.currentTime > 30.3")
    assert page.evaluate(f"{PLAYER}.currentTime") < end
    button.click()
    until(page, f"{PLAYER}.currentTime > {end - 0.1}")
    page.reload()

    assert button.get_attribute("aria-pressed") == "true"


def test_the_tab_of_what_is_read_is_marked(page: Page, address: str) -> None:
    """Where the reader is shows in the tabs, also on a phone, where they scroll, and at the end of the page."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{address}/{SLUG}/digest/")
    current = "document.querySelector('.contents [aria-current]')"

    for place, tab in (("slides", "Slides"), ("transcript", "Transcript"), ("colophon", "How this page was made")):
        page.evaluate(f"document.getElementById('{place}').scrollIntoView()")
        until(page, f"{current}?.textContent == '{tab}'")
        assert page.locator(".contents [aria-current]").count() == 1
        until(page, f"{current}.getBoundingClientRect().left >= 0")


def test_an_arabic_page_reads_from_right_to_left(page: Page, address: str) -> None:
    """Account and headings stand on the right, time runs as on the player, and nothing has to be scrolled sideways."""
    page.goto(f"{address}/{QUIET}/digest/")
    text, heading = page.locator(".points li").bounding_box(), page.locator("#key-points").bounding_box()
    first, second = (page.locator(f"#strip a >> nth={at}").bounding_box() for at in (0, 1))
    assert text
    assert heading
    assert first
    assert second

    assert page.evaluate("getComputedStyle(document.querySelector('#key-points')).textAlign") == "right"
    assert text["x"] + text["width"] == heading["x"] + heading["width"]
    assert first["x"] < second["x"]
    assert Axe().run(page).violations_count == 0
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_nothing_of_the_recording_loads_before_one_asks(page: Page, address: str) -> None:
    """Who only reads, and follows a link to a second, loads no sound, no picture of it and no captions."""
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url.rpartition(".")[2]))
    page.goto(f"{address}/{SLUG}/digest/?t=60")
    page.mouse.wheel(0, 2000)
    page.wait_for_timeout(500)

    assert not {"mp4", "vtt"} & set(asked)
    page.keyboard.press("k")
    until(page, f"{PLAYER}.currentTime > 60.2")
    assert "mp4" in asked


def test_a_passage_in_the_address_plays_and_stops(page: Page, address: str) -> None:
    """`#t=60,61.5` plays from one second to the other and no further."""
    page.goto(f"{address}/{SLUG}/digest/#t=60,61.5")

    until(page, f"{PLAYER}.currentTime > 61 && {PLAYER}.paused")
    assert page.evaluate(f"{PLAYER}.currentTime") < 62.5


def test_the_key_passages_play_one_after_the_other(page: Page, address: str) -> None:
    """What the key points rest on is played in a row; the page says how long that takes, and how long reading does."""
    page.goto(f"{address}/{SLUG}/digest/")
    passages = page.evaluate("recording.data.key")

    assert re.search(r"1 min to read · \d+:\d\d key passages · 3:42 all", page.inner_text(".times"))
    page.click("#play-key")
    until(page, f"{PLAYER}.currentTime > {passages[0][0]} && !{PLAYER}.paused")
    page.evaluate(f"{PLAYER}.currentTime = {passages[0][1] - 0.2}")
    if len(passages) > 1:
        until(page, f"{PLAYER}.currentTime > {passages[1][0]}")
    until(page, f"Math.abs({PLAYER}.currentTime - {passages[-1][1]}) < 1.5 && {PLAYER}.paused", seconds=60)


def test_speed_and_place_are_kept(page: Page, address: str) -> None:
    """Who comes back hears it as fast as before, and is offered to go on where they stopped."""
    page.goto(f"{address}/{SLUG}/digest/#t=100")
    page.select_option("#speed", "1.5")
    page.keyboard.press("k")
    until(page, f"{PLAYER}.currentTime > 100.2")
    page.keyboard.press("k")

    page.goto(f"{address}/{SLUG}/")
    page.goto(f"{address}/{SLUG}/digest/")

    assert page.input_value("#speed") == "1.5"
    assert page.evaluate(f"{PLAYER}.currentTime") == 0
    page.click("#resume")
    until(page, f"{PLAYER}.currentTime > 100 && {PLAYER}.playbackRate == 1.5")


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("link", r"^http://127.0.0.1:\d+/cyber-norms/digest/#t=\d+,\d+$"),
        ("plain", r"^“Our guest is Daniel Okafor” \(Hannah Whitcombe, Moderator, .*23 November 2016, 0:15\) http"),
        (
            "embed",
            r'^<iframe src="http://[\d.:]+/cyber-norms/digest/embed.html#t=15,\d+" title="Cyber norms: .*></iframe>$',
        ),
        ("markdown", r"^> Our guest is Daniel Okafor\n>\n> — Hannah Whitcombe, .*\[0:15\]\(http.*#t=15,\d+\)$"),
        ("apa", r"^Whitcombe, H\. \(2016, November 23\)\. “Our guest is Daniel Okafor” In .*\[Webinar, 0:15\]\."),
        ("bibtex", r"^@misc\{cyber-norms-15,\n  author = \{\{Hannah Whitcombe\}\},[\s\S]*date = \{2016-11-23\}"),
    ],
)
def test_a_selected_passage_can_be_taken_along(page: Page, address: str, form: str, written: str) -> None:
    """Words that are selected are copied as a link or a quote that names speaker, role, date and second."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/{SLUG}/digest/")
    page.evaluate(
        """() => {
            const node = [...document.querySelectorAll(".said")].map((said) => said.firstChild)
                .find((said) => said.data.startsWith("Our guest is Daniel Okafor"));
            const range = new Range();
            range.setStart(node, 0); range.setEnd(node, 26);
            node.parentElement.scrollIntoView({ block: "center" });
            getSelection().addRange(range);
        }"""
    )

    page.click(f"#quote [data-copy={form}]")

    until(page, "document.querySelector('#quote [role=status]').textContent == 'Copied.'")
    assert re.search(written, page.evaluate("navigator.clipboard.readText()"))


def test_a_correction_is_suggested_by_sentence(page: Page, address: str) -> None:
    """The ¶ beside a sentence offers the same, by keyboard too, and a mail to the organisation with its id."""
    page.goto(f"{address}/{SLUG}/digest/")
    page.focus(".points .permalink >> nth=0")

    page.keyboard.press("Enter")

    until(page, "document.activeElement.dataset.copy == 'link'")
    named = page.get_attribute(".points .sentence >> nth=0", "id") or ""
    assert re.match(rf"mailto:digest@example.org\?subject=.*{named}", page.get_attribute("#quote a", "href") or "")


def test_the_search_finds_what_was_said_and_shown(page: Page, address: str) -> None:
    """Account, transcript and slides are searched at once: each hit with its second and slide; Enter plays the first.

    Other forms of a word are found, also with accents that nobody typed on the page; every hit is a tick in the strip.
    """
    page.goto(f"{address}/{SLUG}/digest/")

    page.fill("#search input", "voluntáry norm")

    first = page.locator("#hits li").first
    first.wait_for()
    assert first.locator("mark").all_inner_texts() == ["voluntary", "norms"]
    assert re.search(r"1:\d\d · transcript", first.inner_text())
    assert "slide-3" in (first.locator("img").get_attribute("src") or "")
    assert page.locator("#hits li", has_text="account").count()
    until(page, "document.querySelectorAll('.strip-hit').length == document.querySelectorAll('#hits li').length")
    page.press("#search input", "Enter")
    until(page, f"Math.abs({PLAYER}.currentTime - 71) < 4 && !{PLAYER}.paused")
    until(page, "CSS.highlights.get('found').size >= 2")
    page.fill("#search input", "A line of slide 5")
    page.locator("#hits .hit-where", has_text=re.compile("slide$")).first.wait_for()
    page.fill("#search input", "zebra")
    until(page, "document.querySelector('#hits-told').textContent == 'Not found on this page.'")
    page.press("#search input", "Escape")
    assert not page.is_visible("#hits")


def test_no_more_than_a_hundred_marks_are_painted(page: Page, address: str) -> None:
    """A letter that is everywhere paints only what is on the screen, and a hundred marks at most."""
    page.goto(f"{address}/{SLUG}/digest/")
    page.evaluate(
        """() => { const said = document.querySelector(".said"); said.textContent = "norms apply. ".repeat(500);
                   said.scrollIntoView(); }"""
    )

    page.fill("#search input", "norms")

    until(page, "CSS.highlights.get('found').size == 100")


@pytest.mark.parametrize(
    ("language", "typed", "text"),
    [
        ("fr", "negociation", "Les négociations reprennent."),
        ("es", "acciones", "Una acción común."),
        ("de", "Verhandlung", "Über die Verhandlungen wurde gesprochen."),
        ("pt", "decisao", "As decisões são públicas."),
        ("ar", "قرار", "ناقشوا القرارات."),
        ("ja", "規範", "国際規範は法律ではない。"),
    ],
)
def test_word_forms_of_the_pages_language_are_found(
    page: Page, address: str, language: str, typed: str, text: str
) -> None:
    """Who types one form of a word finds the others, in each language that we write pages in."""
    page.goto(f"{address}/{SLUG}/digest/")
    page.evaluate("language => document.querySelector('article').setAttribute('lang', language)", language)
    page.evaluate("text => { document.querySelector('.said').textContent = text; }", text)
    script = page.evaluate("fetch(document.querySelector('script[src*=search]').src).then((got) => got.text())")
    page.evaluate("document.getElementById('search').replaceWith(document.getElementById('search').cloneNode(true))")
    page.evaluate(script)

    page.fill("#search input", typed)

    until(page, "document.querySelector('#hits mark')")


def test_the_strip_shows_when_each_slide_was_on(page: Page, address: str) -> None:
    """Each stretch is a link as wide as it is long; its picture shows on hover and on focus; the place is marked."""
    page.goto(f"{address}/{SLUG}/digest/#t=60")
    links = page.locator("#strip a")
    widths = page.evaluate(
        """[...document.querySelectorAll("#strip a")].map((link) =>
            link.parentElement.getBoundingClientRect().width / (link.dataset.end - link.dataset.t))"""
    )

    assert max(widths) - min(widths) < 0.1
    assert page.locator(".strip-chapter").count() == page.locator(".chapters li").count()
    assert page.get_attribute("#strip a[aria-current]", "data-slide") == "3"
    links.nth(3).hover()
    assert page.is_visible("#peek img")
    assert "slide-4" in (page.get_attribute("#peek img", "src") or "")
    page.keyboard.press("Escape")
    assert not page.is_visible("#peek")
    links.nth(4).focus()
    page.keyboard.press("Shift+Tab")
    assert page.is_visible("#peek img")
    page.keyboard.press("Enter")
    until(page, f"Math.abs({PLAYER}.currentTime - 94) < 3")


def test_recording_and_slide_are_equal_and_exchangeable(page: Page, address: str) -> None:
    """Side by side and equally large; either alone; the other way round; to the side when one scrolls, and back."""
    page.goto(f"{address}/{SLUG}/digest/")
    player, slide = page.locator(".player"), page.locator("#shown")
    left, right = player.bounding_box(), slide.bounding_box()
    assert left
    assert right
    below = "document.querySelector('.account').getBoundingClientRect().top + scrollY"
    before = page.evaluate(below)

    assert left["y"] == right["y"]
    assert left["width"] == pytest.approx(right["width"], abs=1)
    assert left["height"] == pytest.approx(right["height"], abs=2)
    page.click("#exchange")
    assert (player.bounding_box() or left)["x"] > (slide.bounding_box() or right)["x"]
    page.click("[data-view=slide]")
    assert not player.is_visible()
    page.click("[data-view=both]")
    page.mouse.wheel(0, 1500)
    until(page, "document.querySelector('.stage.is-aside')")
    aside = player.bounding_box()
    assert aside
    assert 0 <= aside["y"] < 400
    assert page.evaluate(below) == pytest.approx(before, abs=1)
    page.keyboard.press("x")
    until(page, "!document.querySelector('.stage.is-aside')")


def test_a_phone_has_a_slim_bar_that_can_be_sent_away(page: Page, address: str) -> None:
    """Nothing stands in the way before something plays; then a slim bar does, until it is sent away."""
    page.set_viewport_size({"width": 375, "height": 750})
    page.goto(f"{address}/{SLUG}/digest/")
    first = page.locator(".points li").first.bounding_box()
    assert first
    assert first["y"] < 750
    page.mouse.wheel(0, 1500)
    page.wait_for_timeout(300)
    assert page.locator(".stage.is-aside").count() == 0

    page.locator("main .account a.source[data-t]:visible").last.click()

    until(page, "document.querySelector('.stage.is-aside')")
    bar = page.locator(".stage").bounding_box()
    assert bar
    assert bar["height"] < 90
    page.click("#send-away")
    until(page, f"!document.querySelector('.stage.is-aside') && {PLAYER}.paused")


def test_the_transcript_follows_and_lets_go(page: Page, address: str) -> None:
    """It keeps the spoken word in view; scrolled away by hand it lets go, and a chip leads back."""
    inside = (
        "(() => { const box = document.querySelector('.passage.is-on').getBoundingClientRect();"
        " return box.bottom > 0 && box.top < innerHeight; })()"
    )
    page.goto(f"{address}/{SLUG}/digest/#t=150")
    page.keyboard.press("k")
    page.click("#follow")
    until(page, inside)
    page.wait_for_timeout(1000)  # its own scrolling has come to rest

    page.mouse.move(300, 500)
    page.mouse.wheel(0, -1500)

    until(page, "document.getElementById('follow').ariaPressed == 'false'")
    page.locator("#transcript").scroll_into_view_if_needed()
    until(page, "!document.getElementById('back-to-spoken').hidden")
    assert page.get_attribute("#back-to-spoken", "data-way") == "down"
    page.click("#back-to-spoken")
    until(page, inside)
    assert page.get_attribute("#follow", "aria-pressed") == "true"


def test_the_keys_are_listed_and_can_be_turned_off(page: Page, address: str) -> None:
    """A button lists the keys; off, they do nothing. Space and arrows are the page's own; “/” leads to the search."""
    page.goto(f"{address}/{SLUG}/digest/")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(f"{PLAYER}.paused && {PLAYER}.currentTime == 0")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("k?")
    assert page.input_value("#search input") == "k?"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(">")
    assert page.input_value("#speed") == "1.25"
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("Escape")

    page.click("#keys-button")
    page.click("#keys-on")
    page.keyboard.press("Escape")
    page.keyboard.press("l")

    assert page.evaluate(f"{PLAYER}.currentTime") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_state_is_for_everybody(
    browser: Browser, address: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    """With all that folds opened, hits shown and a passage chosen, axe finds nothing, and targets are 24 px or more."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{address}/{SLUG}/digest/")
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.fill("#search input", "norms")
    page.locator("#hits li").first.wait_for()
    page.click(".points .permalink >> nth=0", force=True)

    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})

    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()


@pytest.mark.parametrize("path", [f"/{SLUG}/digest/", f"/{SLUG}/", "/attribution/", "/", "/404.html"])
def test_nobody_is_shut_out(page: Page, address: str, path: str) -> None:
    """Axe finds nothing on any page, and none has to be scrolled sideways at 320 px."""
    page.goto(address + path)

    assert Axe().run(page).violations_count == 0
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_captions_show_from_a_disk(browser: Browser, folder: Path) -> None:
    """A page saved or sent as a folder still has its captions and its time links."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"file://{folder}/{SLUG}/digest/index.html")

    times = page.locator("main a.source[data-t]")
    late = next(one for one in times.all() if 61 <= float(one.get_attribute("data-t") or 0) <= 180)
    late.click()

    until(page, f"{PLAYER}.currentTime > 60 && {PLAYER}.textTracks[0].activeCues?.length == 1")
    context.close()


def test_a_digests_folder_stands_alone(browser: Browser, folder: Path, tmp_path: Path) -> None:
    """Copied to another disk without the rest of the site it plays, shows slides and searches; its manifest fits."""
    alone = tmp_path / "kept for years"
    shutil.copytree(folder / SLUG / "digest", alone)
    manifest = json.loads((alone / "manifest.json").read_bytes())
    page, missed = browser.new_page(), list[str]()
    page.on("requestfailed", lambda request: missed.append(request.url))

    page.goto(f"{alone.as_uri()}/index.html#t=60")
    page.keyboard.press("k")
    until(page, f"{PLAYER}.currentTime > 60.2 && {PLAYER}.textTracks[0].activeCues.length == 1")
    page.click("#slide-3 .slide-picture")
    until(page, "document.querySelector('#lightbox img').naturalWidth == 1600")
    page.keyboard.press("Escape")
    page.fill("#search input", "voluntary norms")
    until(page, "document.querySelector('#hits mark')")
    page.close()

    assert missed == []
    lying = {path.name: path.read_bytes() for path in alone.iterdir() if path.name != "manifest.json"}
    assert {file["path"]: file["sha256"] for file in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in lying.items()
    }
    assert {file["path"]: file["size"] for file in manifest["files"]} == {n: len(c) for n, c in lying.items()}


def test_a_time_link_works_without_a_script(browser: Browser, address: str) -> None:
    """Where no script runs, a time leads into the recording itself, and nothing that needs one is shown."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/{SLUG}/digest/")

    assert re.search(r"\.mp4#t=\d+$", page.get_attribute(".points .source >> nth=0", "href") or "")
    for needs_script in ("#controls", "#follow", "#search", "#play-key", "#quote", "#keys", ".slim"):
        assert not page.is_visible(needs_script)
    assert "0:59 Slide 3: Who agrees on what" in page.inner_text("#strip")
    assert page.is_visible("text=Good afternoon, good morning")
    context.close()


def test_a_moment_is_found_by_two_words_of_it(browser: Browser, folder: Path) -> None:
    """Two rare words of what states a fact lead to that utterance, five seconds more or less, from a disk."""
    facts = Random(16).sample(truth.DEMO["key_facts"], 8)  # noqa: S311 - no secret
    page = browser.new_page()
    page.goto(f"file://{folder}/{SLUG}/digest/index.html")

    places = [place for *_, place in find_facts(page, truth.DEMO | {"key_facts": facts})]

    page.close()
    assert places == [1] * 8


def test_a_passage_is_played_in_somebody_elses_page(page: Page, address: str) -> None:
    """The embedded player begins and ends where its address says, and its title leads to that second of the digest."""
    embedded = f"{address}/{SLUG}/digest/embed.html#t=60,61.5"
    page.set_content(f'<iframe src="{embedded}" width="640" height="400" title="A webinar"></iframe>')
    frame = page.frame_locator("iframe")

    title = frame.locator("h1 a")
    assert (title.get_attribute("href") or "").endswith("/digest/index.html#t=60")
    assert title.bounding_box()["y"] + 24 <= 408  # type: ignore[index]
    frame.locator("video").evaluate("player => player.play()")
    page.wait_for_timeout(3500)
    at, is_paused = frame.locator("video").evaluate("player => [player.currentTime, player.paused]")
    assert is_paused
    assert 61.4 < at < 62.5
