"""The page on how the work goes: its numbers are those of ledger, journals and artifacts."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from digest import report
from digest.cli import main
from digest.model.doubt import AtSentence, Doubt
from digest.model.edition import Decision
from digest.model.overlay import Correct, Learn, Revision
from digest.model.provenance import FinishedRun
from digest.report.figures import CAUSES, Figures, Webinar
from digest.report.page import WEEKS, plots
from digest.settings import Organisation, Settings
from digest.store.files import write_atomically
from digest.store.journal import append, append_all
from digest.store.queue import Queue
from digest.store.workspace import DECISIONS, OVERLAY, RUNS, Workspace
from tests.desk.conftest import SLUG, a_digest, a_workspace

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)  # a Friday
MINUTE = timedelta(minutes=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings with one webinar that was drafted in an hour, corrected, approved and published."""
    folders = {name: tmp_path / name for name in ("workspaces", "public", "inbox", "state")}
    settings = Settings(organisation=Organisation(name="Harbour forum"), **folders)  # type: ignore[arg-type]
    doubt = Doubt(place=AtSentence(sentence="cc00000001"), kind="sentence", probability=0.5)
    workspace = a_workspace(settings, digest=a_digest().model_copy(update={"doubts": (doubt,)}))
    made = {"take_in": {"settings": [{"path": "/inbox/norms"}], "seconds": 1.0}, "transcribe": {"seconds": 9.0}}
    write_atomically(workspace.root / "provenance.json", json.dumps(made).encode())
    row = Queue(settings).ask("draft", folder="/inbox/norms", by="inbox")
    at = row.asked_at + timedelta(hours=1)
    append(workspace.root / RUNS, FinishedRun, lambda _: FinishedRun(artifacts={}, at=at))
    changes = Correct(start=1, end=2, was="a", text="b"), Learn(term="CERT", heard=("sird",))
    corrected = (Revision(number=n, at=at + n * MINUTE, by="Ana", change=change) for n, change in enumerate(changes, 1))
    append_all(workspace.root / OVERLAY, Revision, lambda _: tuple(corrected))
    for number, kind in enumerate(("approved", "published"), 1):
        decide(workspace, number, kind, at + (4 + number) * MINUTE)
    return settings


def decide(workspace: Workspace, number: int, kind: str, at: datetime) -> None:
    """Write a decision."""
    line = Decision(number=number, at=at, by="Ana", kind=kind, edition="e1")
    append(workspace.root / DECISIONS, Decision, lambda _: line)


def test_a_webinars_figures_are_those_of_its_files(settings: Settings) -> None:
    """Drop to draft, to publication, speed, doubts, minutes, changes, terms."""
    (webinar,) = report.gather(settings).webinars

    assert webinar.slug == SLUG
    assert webinar.dropped_at
    assert webinar.drafted_at == webinar.dropped_at + timedelta(hours=1)
    assert webinar.published_at == webinar.dropped_at + timedelta(hours=1, minutes=6)
    assert (webinar.length, webinar.speed) == (60, 6.0)
    assert webinar.doubtful == pytest.approx(1 / 5)
    assert (webinar.minutes, webinar.changes, webinar.taught) == (1 + 1 + 3, 1, 1)


def test_failures_are_counted_by_cause_and_a_damaged_webinar_is_named(settings: Settings) -> None:
    """A try that was put off counts as well as one that failed; one file that nobody can read hides nothing."""
    queue = Queue(settings)
    for name, cause in (("a", "UnusableDrop"), ("b", "UnusableDrop"), ("c", "BugOfOurs")):
        taken = queue.take(queue.ask("draft", folder=f"/inbox/{name}", by="inbox"))
        assert taken
        queue.finish(taken, "failed", "It is locked.", cause=cause)
    busy = queue.take(queue.ask("draft", folder="/inbox/d", by="inbox"))
    assert busy
    queue.put_back(busy, "busy", cause="Overloaded")
    a_workspace(settings.model_copy(update={"workspaces": settings.workspaces.parent / "more"}))
    (settings.workspaces.parent / "more" / SLUG).rename(settings.workspaces / "broken")
    (settings.workspaces / "broken" / DECISIONS).write_text("<<<<<<< conflict\n", encoding="utf-8")

    figures = report.gather(settings)

    assert dict(figures.failures) == {
        CAUSES["UnusableDrop"]: 2,
        CAUSES["DigestError"]: 1,
        CAUSES["Overloaded"]: 1,
    }
    assert len(figures.drops) == 5
    assert figures.unread == ("broken",)
    assert [one.slug for one in figures.webinars] == [SLUG]


def test_weeks_are_summed_or_their_middle_is_told() -> None:
    """A week begins on Monday; half a year is drawn; a week of which nothing is known is empty."""
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    made = tuple(
        Webinar(slug=str(n), dropped_at=monday, drafted_at=monday + timedelta(hours=hours))
        for n, hours in enumerate((1, 2, 30))
    )
    old = monday - timedelta(weeks=WEEKS)
    drops = (old, monday - timedelta(seconds=1), monday, NOW)

    found = {plot.title: plot for plot in plots(Figures(webinars=made, drops=drops, failures=()), date(2026, 11, 27))}

    assert [bar.text for bar in found["Drops"].bars[-3:]] == ["", "1", "2"]
    assert found["Drops"].bars[-1].height == 2 * found["Drops"].bars[-2].height == 100
    assert sum(bool(bar.text) for bar in found["Drops"].bars) == 2
    assert (latest := found["From drop to draft"].latest)
    assert (latest.text, latest.label) == ("2", "23 Nov")
    assert found["Speed"].latest is None


def test_the_page_is_one_file_that_can_be_read_by_everybody(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    """`digest report` writes it; it loads nothing, its plots say in words what they show, and axe finds no fault."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_STATE", "state")
    with pytest.raises(SystemExit) as ended:
        main(["report", "--into", "how.html"])
    asked = list[str]()
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "how.html").as_uri())

    assert ended.value.code in (0, None)
    assert asked == [(tmp_path / "how.html").as_uri()]
    said = page.locator("svg[role=img]").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert any(one.startswith("From drop to draft by week: 1 h, week of ") for one in said)
    assert "1\npublished" in page.locator(".totals").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("summary").click()
    assert Axe().run(page).response["violations"] == []
    page.close()
