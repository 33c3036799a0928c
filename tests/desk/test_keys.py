"""Hands and eyes: the keys, what plays and how fast, what the machine wrote, colours of the system's own."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from digest import editing
from digest.model.speech import Transcript
from digest.settings import Settings
from digest.store.files import write_atomically
from digest.store.workspace import Workspace
from tests.desk.conftest import SLUG, a_workspace, give_two_voices
from tests.desk.test_in_a_browser import entered, serving, switch_keys_on

POINT = "#s-bb00000001"


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """Return where the desk is served."""
    with serving(settings) as at:
        yield at


@pytest.fixture
def workspace(settings: Settings) -> Workspace:
    """Return a draft with two voices, in which one word may be misheard."""
    workspace = give_two_voices(a_workspace(settings))
    said = workspace.load(Transcript)
    assert said
    first = said.segments[0]
    words = (*first.words[:-1], first.words[-1].model_copy(update={"probability": 0.2}))
    unsure = said.model_copy(update={"segments": (first.model_copy(update={"words": words}), *said.segments[1:])})
    write_atomically(workspace.root / Transcript.FILE, unsure.canonical())
    return workspace


def rate(page: Page) -> str:
    """Return how fast it plays."""
    return page.locator("[data-rate]").inner_text()


def second(page: Page, name: str) -> float:
    """Return which second "from here" or "to here" wrote, within the first minute."""
    return float(page.locator(f"#stretch-{name}").input_value().partition(":")[2])


def test_what_plays_is_heard_as_fast_as_one_can(browser: Browser, address: str, workspace: Workspace) -> None:
    """Doubtful words slower than the rest, each as it was chosen last; from here and to here are what plays."""
    page, wrong = entered(browser.new_context(), address)
    page.goto(f"{address}/drafts/{SLUG}/check")
    assert page.get_by_role("heading", name="The recogniser was unsure").is_visible()
    assert rate(page) == "0.85×"
    page.goto(f"{address}/drafts/{SLUG}/transcript")
    assert rate(page) == "1×"
    page.get_by_role("button", name="Faster").click()
    page.reload()
    assert rate(page) == "1.25×"

    switch_keys_on(page)
    page.keyboard.press("p")
    page.locator("button.play[aria-pressed=true]").wait_for()
    page.keyboard.press("[")
    start = second(page, "start")
    for _ in range(100):  # until some of it has played
        page.keyboard.press("]")
        if (end := second(page, "end")) > start:
            break
        page.wait_for_timeout(100)

    assert 2 <= start < end < 40
    assert wrong == []


def test_what_the_machine_wrote_is_one_key_away(browser: Browser, address: str, workspace: Workspace) -> None:
    """In its place, in the account and the transcript, and gone again by the same key."""
    editing.reword(workspace, "bb00000001", "A norm is a hope.", by="Ben", at=datetime.now(UTC), seen=0)
    editing.correct(workspace, 2, 6, "Good evening", by="Ben", at=datetime.now(UTC), seen=1)
    page, wrong = entered(browser.new_context(), address)
    for part, now, machine in (
        ("", "A norm is a hope.", "A norm is an expectation."),
        ("transcript", "Good evening", "Good afternoon and welcome to this webinar"),
    ):
        page.goto(f"{address}/drafts/{SLUG}/{part}")
        if not part:
            switch_keys_on(page)
        page.keyboard.press("m")
        assert page.get_by_text(machine).first.is_visible()
        assert not page.get_by_text(now).first.is_visible()
        page.keyboard.press("m")
        assert page.get_by_text(now).first.is_visible()
    assert wrong == []


def test_a_key_is_chosen(browser: Browser, address: str, workspace: Workspace) -> None:
    """Another one works from then on, on every page, the old one no longer; none that has a meaning is taken."""
    page, wrong = entered(browser.new_context(), address)
    page.goto(f"{address}/drafts/{SLUG}/")
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Single keys work").check()
    page.get_by_role("button", name="n goes on to the next").click()
    page.keyboard.press("x")
    refused = page.locator("[data-key-status]").inner_text()
    page.keyboard.press("Enter")
    page.keyboard.press("j")

    assert refused == "x strikes, keeps from readers already: take another one."
    assert page.locator("[data-key-status]").inner_text() == "j goes on to the next now."
    page.reload()
    page.keyboard.press("n")
    assert page.locator("[data-row].is-open").count() == 0
    page.keyboard.press("j")
    page.locator("[data-row].is-open textarea").first.wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("Keys", exact=True).click()
    page.get_by_role("button", name="The usual keys again").click()
    page.keyboard.press("n")
    page.locator("#t-bb00000001:focus").wait_for()
    assert wrong == []


def test_every_key_has_its_button(browser: Browser, address: str, workspace: Workspace) -> None:
    """The list is the dispatcher's own table; what a key presses can be pressed without one."""
    page, _ = entered(browser.new_context(), address)
    found = set[str]()
    for part in ("check?open=words+from+4.4+to+4.8", "?open=bb00000001", "transcript?open=2000", "layout"):
        page.goto(f"{address}/drafts/{SLUG}/{part}")
        found |= set(page.locator("[data-do]").evaluate_all("all => all.map(one => one.dataset.do)"))
    listed = page.locator("[data-remap]").evaluate_all("all => all.map(one => one.dataset.remap)")

    assert len(listed) == len(set(listed)) == 15
    assert set(listed) == found


def test_forced_colours_lose_nothing(browser: Browser, address: str, workspace: Workspace) -> None:
    """Which part one is in, what was changed, what plays: a line or a filled shape where a colour said it."""
    editing.reword(workspace, "bb00000001", "A norm is a hope.", by="Ben", at=datetime.now(UTC), seen=0)
    page, _ = entered(browser.new_context(forced_colors="active"), address)
    page.goto(f"{address}/drafts/{SLUG}/")

    def style(selector: str, name: str, pseudo: str = "") -> str:
        asked = json.dumps([selector, name, pseudo])
        told: str = page.evaluate(
            f"(([s, n, p]) => getComputedStyle(document.querySelector(s), p || null)[n])({asked})"
        )
        return told

    here, elsewhere = (style(f".tabs a{of}", "borderBottomColor") for of in ("[aria-current]", ":not([aria-current])"))
    changed, unchanged = (style(of, "borderInlineStartColor") for of in (POINT, "#s-aa00000001"))
    page.locator(f"{POINT} button.play").click()

    assert here != elsewhere
    assert changed != unchanged
    assert style("button.play", "backgroundColor", "::before") != style("button.play", "backgroundColor")
    assert style(f"{POINT} button.play", "backgroundColor") != style("button.play", "backgroundColor")


COUNT = """
window.pressed = Number(sessionStorage.getItem("pressed"));
for (const kind of ["keydown", "click"]) document.addEventListener(kind, event => {
  if (event.isTrusted && !(kind === "click" && event.detail === 0)) sessionStorage.setItem("pressed", ++window.pressed);
}, true);
"""


class Hands:
    """An editor's hands on a page: what they do, and how often they press a key or a button for it."""

    def __init__(self, page: Page, draft: str) -> None:
        self.page, self.draft = page, draft

    def type(self, field: str, text: str) -> None:
        """Click into a field and write over what stands there."""
        self.page.locator(field).click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def press(self, name: str, within: str = "main") -> None:
        """Press a button or follow a link."""
        found = (
            self.page.locator(within)
            .get_by_role("button", name=name)
            .or_(self.page.locator(within).get_by_role("link", name=name))
        )
        found.first.click()

    def send(self, name: str, within: str = "main") -> None:
        """Press a button that sends a form."""
        with self.page.expect_navigation():
            self.press(name, within)

    def since(self, part: str) -> int:
        """Return how often something was pressed since this was asked last, and go to a part of the draft."""
        pressed = int(self.page.evaluate("sessionStorage.getItem('pressed')") or 0)
        self.page.evaluate("sessionStorage.setItem('pressed', 0)")
        self.page.goto(f"{self.draft}{part}")
        return pressed


def correct_a_word(hands: Hands) -> None:
    """Put a word of the transcript right; a pause saves."""
    hands.press("Correct passage 1")
    for keys in ("Control+Home", "Control+ArrowRight", "Control+Shift+ArrowRight"):
        hands.page.keyboard.press(keys)
    hands.page.keyboard.type("evening ")
    hands.page.get_by_text("Saved", exact=True).wait_for()


def rename_everywhere(hands: Hands) -> None:
    """Write a word otherwise wherever it stands."""
    hands.type("#find", "norm")
    hands.type("#put", "rule")
    hands.page.keyboard.press("Enter")
    hands.send("Write “rule” at the chosen places")


def say_who_says_it(hands: Hands) -> None:
    """Give a passage to another voice."""
    hands.press("Correct passage 1")
    hands.page.keyboard.press("Escape")
    hands.page.keyboard.press("t")
    hands.page.keyboard.press("ArrowDown")
    hands.send("Save who says it")


def add_a_sentence(hands: Hands) -> None:
    """Add a sentence of one's own."""
    hands.type("#add-start", "0:30")
    hands.type("#add-end", "0:33")
    hands.type("#add-text", "Checks are open.")
    hands.send("Add", "#add")


def move_a_sentence(hands: Hands) -> None:
    """Put a sentence into another section."""
    hands.page.locator("#s-cc00000001 a[data-open]").click()
    hands.page.locator("#to-cc00000001").focus()
    hands.page.keyboard.type("Left")
    hands.send("Move")


def set_a_chapter(hands: Hands) -> None:
    """Give a chapter another title and another beginning."""
    hands.page.locator(".part-head", has_text="Norms").get_by_role("link").first.click()
    hands.type("#chapter-title", "What norms are")
    hands.type("#chapter-start", "0:10")
    hands.send("Save the chapter")


def set_a_slide(hands: Hands) -> None:
    """Let a slide come on at another second."""
    hands.page.locator("#i-2 a.more").click()
    hands.type("#slide-start", "0:08")
    hands.send("Save")


def say_who_asked(hands: Hands) -> None:
    """Say who asked a question."""
    hands.page.locator("#s-dd00000001 a[data-open]").click()
    hands.type("#asker-dd00000001", "Ana")
    hands.send("Save who asked")


def take_back(hands: Hands) -> None:
    """Take the last change back."""
    hands.send("Take back")


def hear_the_first_doubt(hands: Hands) -> None:
    """Hear what is most doubtful, and keep it."""
    hands.page.keyboard.press("p")
    with hands.page.expect_navigation():
        hands.page.keyboard.press("a")


TASKS = (  # what an editor does, where, how often a key or button is pressed for it, text included, and what is written
    (correct_a_word, "transcript", 16, "correct"),
    (rename_everywhere, "replace", 16, "reword"),
    (say_who_says_it, "transcript", 5, "assign"),
    (add_a_sentence, "#add", 34, "add"),
    (move_a_sentence, "", 6, "move"),
    (set_a_chapter, "", 26, "chapter"),
    (set_a_slide, "slides", 9, "slide"),
    (say_who_asked, "", 8, "relabel"),
    (take_back, "history", 1, "undo"),
    (hear_the_first_doubt, "check", 2, "dismiss"),
)


def test_tasks_take_few_presses(browser: Browser, address: str, workspace: Workspace) -> None:
    """What an editor does most, each with its keys and buttons counted, in a browser as they have it."""
    context = browser.new_context()
    context.add_init_script(COUNT)
    page, wrong = entered(context, address)
    hands = Hands(page, f"{address}/drafts/{SLUG}/")
    hands.since("")
    switch_keys_on(page)
    hands.since(TASKS[0][1])
    taken = dict[str, int]()
    for number, (task, _, _, _) in enumerate(TASKS):
        task(hands)
        following = TASKS[number + 1][1] if number + 1 < len(TASKS) else ""
        taken[task.__name__] = hands.since(following)

    written = [revision.change.do for revision in workspace.overlay().revisions]
    assert all(kind in written for _, _, _, kind in TASKS)
    assert taken == {task.__name__: presses for task, _, presses, _ in TASKS}
    assert wrong == []
