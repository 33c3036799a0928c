"""From the demo's folder to pages that a reader uses and an editor corrects."""

import json
import re
import shutil
from difflib import SequenceMatcher
from pathlib import Path

import pytest
import webvtt
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from digest.model.alignment import Alignment
from digest.model.digest import Digest
from digest.model.evidence import Heard
from digest.model.speech import Transcript
from digest.store.workspace import Workspace
from tests import truth as t
from tests.e2e.conftest import DEMO, SLUG, Made, digest, serving
from tests.measures import errors_and_words, word_error_rate

UPDATE = "[Update] Read the webinar digest (with webinar recording and the presentation used in the webinar)"


def watched(context: BrowserContext, own: str) -> tuple[Page, list[str]]:
    """Return a page, and what the browser complains of or asks of anybody else."""
    page, wrong = context.new_page(), list[str]()
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith((own, "data:")) else wrong.append(request.url))
    return page, wrong


def until(page: Page, true: str) -> None:
    """Wait until an expression holds in the page, whose content security policy lets Playwright wait for none."""
    for _ in range(100):
        if page.evaluate(true):
            return
        page.wait_for_timeout(100)
    raise AssertionError(true)


def test_the_transcript_is_what_was_said(made: Made) -> None:
    """The whole demo with base: at most 5 words in 100 wrong, and most names right, as the event told them."""
    transcript = Workspace(made.workspace).load(Transcript)

    assert transcript
    assert word_error_rate(transcript, t.DEMO) <= 0.05
    text = " ".join(word.text for word in transcript.words())
    assert sum(name in text for name in t.DEMO["names"]) >= 12


def test_every_sentence_was_said_in_its_seconds(made: Made) -> None:
    """Each sentence of the digest stands in the truth at the place that it points to."""
    written = Workspace(made.workspace).load(Digest)

    assert written
    assert written.key_points
    assert len(written.questions) == 2
    for sentence in written.sentences():
        rests = sentence.evidence[0]
        if isinstance(rests, Heard) and len(sentence.text.split()) > 3:
            near = [u for u in t.DEMO["utterances"] if u["start"] < rests.end + 1 and u["end"] > rests.start - 1]
            errors, whole = errors_and_words(sentence.text, " ".join(u["text"] for u in near))
            assert errors <= whole - 0.6 * len(sentence.text.split()), sentence.text


def test_slides_are_mostly_right_where_they_go_in_order(made: Made) -> None:
    """While slides are shown for the first time, at least four seconds of five carry the right one."""
    alignment = Workspace(made.workspace).load(Alignment)
    assert alignment
    seen, good, counted = set[int](), 0, 0
    for shown in t.DEMO["slides"]:
        if shown["slide"] and shown["slide"] not in seen:
            seen.add(shown["slide"])
            for second in range(int(shown["start"]) + 1, int(shown["end"])):
                counted += 1
                good += any(i.slide == shown["slide"] for i in alignment.intervals if i.start <= second < i.end)

    assert good >= 0.8 * counted


def test_the_commands_say_where_things_are(made: Made) -> None:
    """`digest run` names the draft and the next step; `digest approve` the pages."""
    assert f"workspaces/{SLUG}" in made.ran
    assert "digest review" in made.ran
    for page in (f"{SLUG}/digest/index.html", f"{SLUG}/index.html"):
        assert f"public/{page}" in made.approved
        assert (made.folder / "public" / page).is_file()


def test_a_second_run_makes_nothing_and_starts_nothing(made: Made) -> None:
    """Everything is current: said at once, and no file of the workspace is written."""
    before = {path: path.stat().st_mtime_ns for path in made.workspace.rglob("*")}

    again = digest(made.folder, "run", DEMO)

    assert again.returncode == 0
    assert "Everything is current" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in made.workspace.rglob("*")} == before


def test_a_click_in_the_transcript_moves_the_recording(browser: Browser, site: str) -> None:
    """The recording goes to the words that were clicked on; the slide follows; captions show; nothing is foreign."""
    page, wrong = watched(browser.new_context(viewport={"width": 1280, "height": 900}), site)
    page.goto(f"{site}/{SLUG}/digest/")
    said = page.locator(".said", has_text="Vienna").first
    said.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # what was never shown is laid out only now, and moves the rest
    at = said.evaluate(
        """element => {
            const node = element.firstChild, from = node.data.indexOf("Vienna");
            const range = document.createRange(); range.setStart(node, from); range.setEnd(node, from + 6);
            const box = range.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2];
        }"""
    )

    page.mouse.click(*at)

    until(page, "document.getElementById('player').currentTime > 70")
    assert 72 < page.evaluate("document.getElementById('player').currentTime") < 78
    expect(page.locator(".now-number")).to_have_text("Slide 3")
    page.evaluate("document.getElementById('player').currentTime = 35")
    expect(page.locator(".now-number")).to_have_text("Slide 2")
    shown = "[...document.getElementById('player').textTracks].some(t => t.mode === 'showing' && t.activeCues?.length)"
    until(page, shown)
    assert wrong == []


def test_links_lead_to_their_second(browser: Browser, site: str) -> None:
    """`#t=121` in an address, and the time beside a sentence, move the recording there."""
    page, wrong = watched(browser.new_context(), site)
    page.goto(f"{site}/{SLUG}/digest/#t=121")
    until(page, "document.getElementById('player').currentTime >= 120.9")

    link = page.locator(".points a.source").first
    second = float(link.get_attribute("data-t") or -1)
    link.click()

    until(page, f"Math.abs(document.getElementById('player').currentTime - {second}) < 5")
    assert wrong == []


@pytest.mark.parametrize("path", [f"/{SLUG}/digest/", f"/{SLUG}/", "/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_for_everybody(browser: Browser, site: str, path: str, scheme: str) -> None:
    """Axe finds nothing, in light and in dark, and nothing is wider than a screen of 320 pixels."""
    context = browser.new_context(viewport={"width": 320, "height": 700}, color_scheme=scheme)  # type: ignore[arg-type]
    page, wrong = watched(context, site)
    page.goto(f"{site}{path}")

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert wrong == []


def test_the_page_reads_without_a_script(browser: Browser, site: str) -> None:
    """With JavaScript off everything is there, and a time link plays the recording's own file from that second."""
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/{SLUG}/digest/")

    expect(page.get_by_role("heading", name="Key points")).to_be_visible()
    expect(page.locator(".said").last).to_contain_text(re.compile("bye", re.IGNORECASE))
    href = page.locator(".points a.source").first.get_attribute("href")
    assert re.fullmatch(r"recording-[0-9a-f]{8}\.mp4#t=\d+(\.\d+)?", href or "")


def test_the_event_page_leads_to_the_digest(browser: Browser, site: str) -> None:
    """Its first line is the dated update; the link that let people in is nowhere on the site."""
    page = browser.new_context().new_page()
    page.goto(f"{site}/{SLUG}/")

    expect(page.get_by_role("link", name=UPDATE)).to_be_visible()
    expect(page.get_by_text("14:00")).to_be_visible()
    page.get_by_role("link", name=UPDATE).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cyber norms")
    expect(page.locator("#colophon ~ p").first).to_have_text(
        "approved by a script, read by no editor; people invented, voices synthetic"
    )


def test_nothing_private_is_published(made: Made) -> None:
    """No join link, no speaker's notes, no hidden source on any page or in any file for readers."""
    private = ["meet.example.org"]
    for path in (made.folder / "public").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(secret.encode() in content for secret in private), path


def test_captions_can_be_downloaded_and_parse(made: Made) -> None:
    """WebVTT for players, and every word of the transcript is in it, but who asked: a mask stands for each name."""
    (path,) = (made.folder / "public" / SLUG / "digest").glob("captions-*.vtt")
    transcript = Workspace(made.workspace).load(Transcript)

    captions = webvtt.read(str(path))

    assert transcript
    shown = " ".join(caption.text.replace("\n", " ") for caption in captions.captions).split()
    said = [word.text for word in transcript.words()]
    changes = [one for one in SequenceMatcher(None, said, shown, autojunk=False).get_opcodes() if one[0] != "equal"]
    named = {word for question in t.DEMO["questions"] for word in question["asked_by"].split()}
    assert {kind for kind, *_ in changes} == {"replace"}
    assert all(re.fullmatch(r"\W*\[…\]\S*", word) for _, _, _, first, last in changes for word in shown[first:last])
    assert all(word[0].isupper() for _, first, last, _, _ in changes for word in said[first:last])
    assert named.isdisjoint(shown)


@pytest.fixture
def desk(made: Made, tmp_path: Path) -> Path:
    """Return a copy of the made folder in which an editor may change things."""
    return Path(shutil.copytree(made.folder, tmp_path / "desk", symlinks=True))


def test_an_editor_corrects_and_approves_and_the_page_changes(browser: Browser, desk: Path) -> None:
    """Reword the first sentence, approve, wait for publication: readers find the new words and the editor."""
    with serving(desk, "review") as link:
        page, wrong = watched(browser.new_context(), link.partition("/enter")[0])
        page.goto(link)
        page.get_by_label("Your name").fill("Ana Lind")
        page.get_by_role("button", name="Go to the desk").click()
        page.get_by_role("link", name=re.compile("Cyber norms")).first.click()
        first = page.locator("[data-row]").first
        first.get_by_role("link", name=re.compile("^Edit")).click()
        first.locator("textarea[name=text]").fill("A guest from industry explained which norms exist.")
        first.get_by_role("button", name=re.compile("^Save")).click()
        page.get_by_text("Saved.", exact=True).wait_for()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.get_by_role("button", name="Approve and publish").click()
        expect(page.locator("#approval")).to_contain_text("Published on", timeout=60_000)
        assert wrong == []

    public = (desk / "public" / SLUG / "digest" / "index.html").read_text(encoding="utf-8")
    assert "A guest from industry explained which norms exist." in public
    assert "Ana Lind" in public
    assert "approved by a script" not in public


def test_a_retracted_digest_leaves_a_note(desk: Path) -> None:
    """After `digest retract` the update is gone from the event page, and the digest's address says what happened."""
    answer = digest(desk, "retract", SLUG, "--by", "Ana Lind")

    assert answer.returncode == 0, answer.stderr
    event = (desk / "public" / SLUG / "index.html").read_text(encoding="utf-8")
    note = (desk / "public" / SLUG / "digest" / "index.html").read_text(encoding="utf-8")
    assert "[Update]" not in event
    assert "withdrawn" in note
    assert "GGE" not in note
    assert not list((desk / "public" / SLUG / "digest").glob("recording-*"))
    listed = json.loads(digest(desk, "status", "--json").stdout)
    assert "retracted" in json.dumps(listed)
