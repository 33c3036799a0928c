"""The desk in a real browser: with a script, without one, for everybody."""

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from digest import editing
from digest.desk import app
from digest.desk.presence import Presence
from digest.editing import comments
from digest.editing.bringing import BroughtWords, keep_words
from digest.intake.corrected_transcript import CorrectedTranscript
from digest.model.artifact import Span
from digest.model.digest import Digest
from digest.model.doubt import AtSentence, Doubt
from digest.model.overlay import Reword
from digest.settings import Settings
from digest.store.queue import Queue
from digest.store.workspace import Workspace
from tests.builders import an_event
from tests.desk.conftest import SLUG, TOKEN, a_digest, a_workspace


@contextmanager
def serving(settings: Settings, port: int = 0, now: Callable[[], float] = time.time) -> Iterator[str]:
    """Serve the desk on a port of this machine, a free one unless told otherwise."""
    config = uvicorn.Config(app(settings, token=TOKEN, now=now), host="127.0.0.1", port=port, log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """Return where the desk is served."""
    with serving(settings) as at:
        yield at


def entered(context: BrowserContext, address: str) -> tuple[Page, list[str]]:
    """Return a page that went through the printed link and the form, and what the browser complains of from then on."""
    page, wrong = context.new_page(), list[str]()
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(address) else wrong.append(request.url))
    page.goto(f"{address}/enter?token={TOKEN}")
    page.get_by_label("Your name").fill("Ana Lind")
    page.get_by_role("button", name="Go to the desk").click()
    return page, wrong


def a_doubted_digest() -> Digest:
    """Return an account of which two sentences and two remarks are doubted."""
    said = ("Good afternoon and welcome", "Nobody does and that is the honest answer")
    remarks = tuple(
        Doubt(place=Span(start=start, end=start + 3), kind="off the record", probability=0.9, compare=(text,))
        for start, text in zip((2, 40), said, strict=True)
    )
    traps = tuple(
        Doubt(place=AtSentence(sentence=one), kind="trap", probability=0.3) for one in ("bb00000001", "cc00000001")
    )
    return a_digest().model_copy(update={"doubts": (*remarks, *traps)})


def test_an_editor_works_with_the_keyboard(browser: Browser, address: str, workspace: Workspace) -> None:
    """A pause saves, Ctrl+Enter saves and closes, Alt with an arrow opens the next, a clip plays in the page."""
    page, wrong = entered(browser.new_context(), address)
    page.get_by_role("link", name="Cyber norms").click()
    page.locator("#s-bb00000001").get_by_role("link", name="Edit").click()
    page.locator("#t-bb00000001").fill("A norm is what we expect.")
    page.locator("#s-bb00000001").get_by_text("Saved", exact=True).wait_for()
    clip = page.locator("#s-bb00000001 button.play")
    clip.click()
    pressed = clip.get_attribute("aria-pressed")
    page.locator("#t-bb00000001").press("Alt+ArrowDown")
    page.locator("#t-cc00000001").fill("It is no law.")
    page.locator("#t-cc00000001").press("Control+Enter")
    page.wait_for_url("**#s-cc00000001")
    page.get_by_text("Saved.", exact=True).wait_for()

    assert pressed == "true"
    assert page.locator("textarea[id^='t-']").count() == 0
    changes = [revision.change for revision in workspace.overlay().revisions]
    assert [(one.sentence, one.text) for one in changes if isinstance(one, Reword)] == [
        ("bb00000001", "A norm is what we expect."),
        ("cc00000001", "It is no law."),
    ]
    assert wrong == []


def test_nobody_approves_what_the_page_does_not_show(browser: Browser, address: str, workspace: Workspace) -> None:
    """Neither while something typed is not saved, also in a sentence that was closed since, nor before a fresh look."""
    page, _ = entered(browser.new_context(), address)
    page.goto(f"{address}/drafts/{SLUG}/?open=bb00000001")
    page.route("**/sentence", lambda route: route.abort())
    page.locator("#t-bb00000001").fill("Not saved yet.")
    page.get_by_text("Not saved, kept here. It is tried again.").wait_for()
    page.locator("#s-cc00000001").get_by_role("link", name="Edit").click()
    page.locator("#s-bb00000001 .unsaved").wait_for()
    page.get_by_role("button", name="Approve and publish").click()
    assert page.get_by_text("Some text is not saved yet.").is_visible()

    page.unroute("**/sentence")
    page.locator("#s-bb00000001 a[data-open]").click()
    page.locator("#t-bb00000001").press("End")
    page.locator("#t-bb00000001").press_sequentially(" Now.")
    page.locator("#s-bb00000001").get_by_text("Saved", exact=True).wait_for()
    page.get_by_role("button", name="Approve and publish").click()
    assert page.get_by_text("Your corrections are saved.").is_visible()
    assert workspace.decisions() == ()

    page.goto(f"{address}/drafts/{SLUG}/")
    page.get_by_role("button", name="Approve and publish").click()
    page.get_by_text("the publication is waiting").wait_for()
    assert len(workspace.decisions()) == 1


def test_two_editors_at_one_sentence_see_both_texts(browser: Browser, address: str, workspace: Workspace) -> None:
    """Nothing is overwritten in silence: whoever comes later chooses, without having lost a word."""
    page, _ = entered(browser.new_context(), address)
    page.goto(f"{address}/drafts/{SLUG}/?open=bb00000001")
    editing.reword(workspace, "bb00000001", "Theirs.", by="Ben", at=datetime.now(UTC), seen=0)
    editing.reword(workspace, "cc00000001", "Another thing.", by="Ben", at=datetime.now(UTC), seen=1)

    page.locator("#t-bb00000001").fill("Mine.")
    page.get_by_text("Saved is: “Theirs.”").wait_for()
    assert page.locator("#t-bb00000001").input_value() == "Mine."
    page.get_by_role("button", name="Save mine instead").click()
    page.locator("#s-bb00000001").get_by_text("Saved", exact=True).wait_for()

    last = workspace.overlay().revisions[-1]
    assert isinstance(last.change, Reword)
    assert (last.by, last.change.text, last.number) == ("Ana Lind", "Mine.", 3)


def test_a_page_shows_who_comes(
    browser: Browser, settings: Settings, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without being loaded again, as long as somebody looks at it."""
    presence = Presence(time.time)
    monkeypatch.setattr("digest.desk.routes.Presence", lambda _: presence)
    with serving(settings) as at:
        page, wrong = entered(browser.new_context(), at)
        page.clock.install()
        page.goto(f"{at}/drafts/{SLUG}/")
        assert not page.get_by_text("Also here").is_visible()
        (ana,) = presence.note(SLUG, "Ben Ode", "check", "")
        page.clock.fast_forward(21_000)
        page.get_by_text("Also here: Ben Ode (Check)").wait_for()

    assert ana.name == "Ana Lind"
    assert workspace.comments() == ()
    assert wrong == []


def test_a_passage_is_corrected_while_one_types(browser: Browser, address: str, workspace: Workspace) -> None:
    """In the transcript as in the account; a word put before the first one does not lose the passage."""
    page, wrong = entered(browser.new_context(), address)
    page.goto(f"{address}/drafts/{SLUG}/transcript")
    page.get_by_role("link", name="Correct passage 1").click()
    text = page.get_by_label("What was said")
    for start in ("Well, good", "Well, then, good"):
        text.fill(start + text.input_value().partition("ood")[2])
        page.locator("[data-saving]").get_by_text("Saved", exact=True).wait_for()

    assert len(workspace.overlay().revisions) == 2
    assert "Well, then, good afternoon" in page.goto(f"{address}/drafts/{SLUG}/preview/").text()  # type: ignore[union-attr]
    assert wrong == []


def switch_keys_on(page: Page) -> None:
    """Switch single keys on, as they stay in this browser."""
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Single keys work").check()
    page.get_by_text("Keys", exact=True).click()


def test_the_list_is_worked_off_by_keys(browser: Browser, address: str, settings: Settings) -> None:
    """Each key does what the button says that it is written at; none does anything while one types, or switched off."""
    workspace = a_workspace(settings, digest=a_doubted_digest())
    page, wrong = entered(browser.new_context(), address)
    page.goto(f"{address}/drafts/{SLUG}/check")
    page.keyboard.press("a")
    assert workspace.overlay().revisions == ()

    switch_keys_on(page)
    page.keyboard.press("p")
    assert page.locator(".item button.play").first.get_attribute("aria-pressed") == "true"
    page.keyboard.press("f")
    page.keyboard.press("f")
    page.keyboard.press("b")
    assert page.locator("[data-rate]").inner_text() == "1.5×"
    for key, left in (("a", "3 left"), ("x", "2 left")):
        page.keyboard.press(key)
        page.get_by_text(left).wait_for()
        page.wait_for_load_state()  # the keys work once the script has run
    page.keyboard.press("n")
    page.wait_for_url("**open=*")
    page.keyboard.press("e")
    page.keyboard.type(" And a plan.")
    page.get_by_text("Saved", exact=True).wait_for()

    assert [one.change.do for one in workspace.overlay().revisions] == ["dismiss", "withhold", "reword"]
    assert wrong == []


def typed_and_sent(page: Page, address: str, text: str) -> None:
    """Type into the first key point and save."""
    page.goto(f"{address}/drafts/{SLUG}/?open=bb00000001")
    page.locator("#t-bb00000001").fill(text)
    page.locator("#s-bb00000001").get_by_role("button", name="Save").click()
    page.wait_for_load_state()


def test_what_was_typed_outlives_an_expired_session_and_a_restart(
    browser: Browser, settings: Settings, workspace: Workspace
) -> None:
    """The desk was started anew while somebody was typing: saving is refused, and in a new tab the text is there."""
    context = browser.new_context()
    with serving(settings) as address:
        page, _ = entered(context, address)
        page.goto(f"{address}/drafts/{SLUG}/?open=bb00000001")
        page.locator("#t-bb00000001").fill("Half an hour’s thought.")
    with serving(settings, port=int(address.rpartition(":")[2])) as address:
        page.locator("#s-bb00000001").get_by_role("button", name="Save").click()
        page.get_by_text("You are not signed in at this desk.").wait_for()
        page.close()
        again, _ = entered(context, address)
        again.goto(f"{address}/drafts/{SLUG}/")

        assert again.locator("#s-bb00000001 .unsaved").is_visible()
        again.locator("#s-bb00000001 a[data-open]").click()
        again.locator("#t-bb00000001").wait_for()
        assert again.locator("#t-bb00000001").input_value() == "Half an hour’s thought."
        assert workspace.overlay().revisions == ()


def test_what_was_typed_outlives_a_full_disk(
    browser: Browser, address: str, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The save failed: the text is still there, and goes from the browser only when the page has it."""
    page, _ = entered(browser.new_context(), address)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        typed_and_sent(page, address, "A  norm, typed\twith care.")
        page.get_by_text("The disk is full").wait_for()
    page.goto(f"{address}/drafts/{SLUG}/?open=bb00000001")
    kept = page.locator("#t-bb00000001").input_value()
    page.locator("#s-bb00000001").get_by_role("button", name="Save").click()
    page.get_by_text("Saved.", exact=True).wait_for()

    assert kept == "A  norm, typed\twith care."
    assert page.locator("#s-bb00000001 .row-now").inner_text().startswith("A norm, typed with care.")
    assert not page.locator("#s-bb00000001 .unsaved").is_visible()
    assert page.evaluate("localStorage.length") == 0


def test_a_title_that_was_typed_is_kept_too(browser: Browser, address: str, settings: Settings) -> None:
    """Every field of the draft, not only sentences: leaving the page loses nothing."""
    a_workspace(settings, an_event(guessed=("title", "speakers")))
    page, _ = entered(browser.new_context(), address)
    page.goto(f"{address}/drafts/{SLUG}/")
    for field, typed in (("Title", "Norms"), ("Speakers, one a line: name, role", "Ana\nBen"), ("Voice 1", "Ana")):
        page.get_by_label(field).fill(typed)

    page.goto(f"{address}/")
    page.goto(f"{address}/drafts/{SLUG}/")

    assert page.get_by_label("Title").input_value() == "Norms"
    assert page.get_by_label("Speakers, one a line").input_value() == "Ana\nBen"
    assert page.get_by_label("Voice 1").input_value() == "Ana"


def test_everything_works_without_a_script(
    browser: Browser, address: str, settings: Settings, workspace: Workspace
) -> None:
    """An editor whose browser runs no script corrects, listens, judges doubts and approves."""
    a_workspace(settings, digest=a_doubted_digest())
    page, wrong = entered(browser.new_context(java_script_enabled=False), address)
    page.goto(f"{address}/drafts/{SLUG}/")

    page.get_by_role("link", name="Check", exact=True).click()
    page.get_by_role("button", name="It may be published").click()
    page.get_by_text("Noted.").wait_for()
    page.get_by_role("button", name="Withhold it again").click()
    page.get_by_role("link", name="Account", exact=True).click()
    page.locator("#s-bb00000001").get_by_role("link", name="Edit").click()
    heard = page.locator("#s-bb00000001 audio").count()
    page.locator("#t-bb00000001").fill("Corrected.")
    page.locator("#s-bb00000001").get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Approve and publish").click()

    assert heard == 1
    assert page.get_by_text("the publication is waiting").is_visible()
    assert [decision.by for decision in workspace.decisions()] == ["Ana Lind"]
    assert wrong == []


@pytest.mark.parametrize("has_script", [True, False])
def test_a_corrected_transcript_is_dropped_in(
    browser: Browser, address: str, workspace: Workspace, has_script: bool
) -> None:
    """Onto the field that the browser has for files, with a script or without; a press takes over what is chosen."""
    page, wrong = entered(browser.new_context(java_script_enabled=has_script), address)
    page.goto(f"{address}/drafts/{SLUG}/transcript")
    page.get_by_role("link", name="bring the file").click()
    text = b"Good evening and welcome to this webinar.\nA norm is not a law, it is an expectation."
    page.get_by_label("A file of captions").set_input_files(
        {"name": "corrected.txt", "mimeType": "text/plain", "buffer": text}
    )
    page.get_by_role("button", name="Compare").click()
    assert page.locator(".brought ins").all_inner_texts() == ["evening"]
    page.get_by_role("button", name="Take over all that is chosen").click()
    page.get_by_text("1 passage corrected.").wait_for()

    page.goto(f"{address}/drafts/{SLUG}/transcript")
    assert page.get_by_text("Good evening and welcome to this webinar.").is_visible()
    assert len(workspace.overlay().revisions) == 1
    assert wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, address: str, settings: Settings, scheme: str) -> None:
    """Every page can be used by everybody, bright and dark, on a phone without sideways scrolling."""
    workspace = a_workspace(settings, an_event(guessed=("title", "starts_at", "speakers")), a_doubted_digest())
    for number, doubt in enumerate(a_doubted_digest().doubts[::2]):
        editing.dismiss(workspace, doubt.name, by="Ana Lind", at=datetime.now(UTC), seen=number)
    queue = Queue(settings)
    queue.finish(queue.ask("draft", folder="/inbox/first", by="inbox"), "failed", "The disk is full.")
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    looked = context.new_page()
    looked.goto(f"{address}/enter?token={TOKEN}")
    found = {"enter": Axe().run(looked).response["violations"]}
    page, wrong = entered(context, address)

    editing.reword(workspace, "bb00000001", "A norm is a hope.", by="Ana Lind", at=datetime.now(UTC), seen=2)
    lines = ("Good evening and welcome, to this webinar", "A norm is not a law: it is an expectation")
    brought = CorrectedTranscript(lines=lines, remarks=("it is not saved as UTF-8",))
    keep_words(workspace, BroughtWords(name="a.srt", by="Ana Lind", at=datetime.now(UTC), transcript=brought))
    read = editing.read_draft(workspace)
    assert read
    for place in (AtSentence(sentence="bb00000001"), None):
        now = datetime.now(UTC)
        comments.comment(workspace, read, "Is this so?", place=place, blocks=True, by="Ben Ode", at=now)
    comments.settle(workspace, 2, by="Ana Lind", at=datetime.now(UTC))
    draft, first = f"/drafts/{SLUG}/", "2000"
    pages = (
        "",
        "check",
        "check?open=trap+at+cc00000001",
        "?open=bb00000001",
        "?open=dd00000001",
        "?open=chapter-9.0",
        "transcript",
        f"transcript?open={first}",
    )
    more = (
        "slides",
        "slides?open=slide-9.0",
        "layout",
        "comments",
        "differences",
        "event",
        "history",
        "replace?find=norm&put=law",
        "bring",
        "retract",
    )
    for path in ("/", *(draft + page for page in (*pages, *more))):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address + path)
        found[path] = Axe().run(page).response["violations"]
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path

    assert not any(found.values()), found
    assert wrong == []
