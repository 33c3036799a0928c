"""From an announcement to the digest: one address, whatever comes when."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import icalendar

from digest import editing
from digest.model.deck import Deck
from digest.model.speech import Transcript
from digest.settings import SpeechSettings
from digest.site import build
from flows.dispatch import make_draft
from flows.publish import publish
from tests.announcements import an_event_folder, announce, settings_in, texts_of
from tests.flows.conftest import MODEL

SLUG = "harbour-cranes"
BEFORE, AFTER = datetime(2016, 11, 1, tzinfo=UTC), datetime(2016, 11, 24, tzinfo=UTC)
JOIN = "https://live.example.org/room/77"
EVENT = f"""
title = "[Webinar] Harbour cranes"
date = 2016-11-23T14:00:00
timezone = "Europe/Zurich"
language = "en"
description = "Come to {JOIN}."
registration_url = "https://forms.example.org/cranes"
join_url = "{JOIN}"
[[speakers]]
name = "Ana Lind"
role = "Harbour master"
"""


def test_the_drop_that_comes_later_becomes_its_digest(tmp_path: Path, small_drop: Path) -> None:
    """A recording called by the event's address, slides a day later: one page, whose first line is the [Update]."""
    settings = settings_in(tmp_path).model_copy(update={"speech": SpeechSettings(model=MODEL)})
    announce(an_event_folder(tmp_path / "announced", EVENT), settings, at=BEFORE)
    page, calendar = settings.public / SLUG / "index.html", settings.public / SLUG / "event.ics"
    folder = tmp_path / "2016-11-23 Harbour cranes"
    folder.mkdir()
    shutil.copy2(small_drop / "recording.mp4", folder)

    workspace, _ = make_draft(folder, settings)
    heard, announced = workspace.of_last_run(Transcript), page.read_text(encoding="utf-8")
    shutil.copy2(small_drop / "slides.pdf", folder)
    again, is_made = make_draft(folder, settings)
    build(settings, now=AFTER)
    waiting = page.read_text(encoding="utf-8")
    draft = editing.read_draft(workspace)
    assert draft
    decision = editing.approve(workspace, draft.edition.sha256(), by="Ada", at=AFTER)
    publish(SLUG, decision.edition, settings)
    published = page.read_text(encoding="utf-8")

    assert (workspace.slug, again, is_made) == (SLUG, workspace, True)
    assert workspace.of_last_run(Transcript) == heard
    slides = workspace.of_last_run(Deck)
    assert slides
    assert slides.slides
    assert "[Update]" not in announced + waiting
    assert "To the form" in announced
    assert '<details class="folded">' in waiting
    assert "[Update] Read the webinar digest (with webinar recording and the presentation" in published
    assert published.index("[Update]") < published.index("<h1")
    assert '<details class="folded">' in published
    assert "To the form" not in waiting + published
    (entry,) = icalendar.Calendar.from_ical(calendar.read_bytes()).events
    assert entry["SUMMARY"] == "[Webinar] Harbour cranes"
    assert not {path for path, text in texts_of(settings.public).items() if "room/77" in text}
    assert make_draft(folder, settings) == (workspace, False)
