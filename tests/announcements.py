"""Events to come as staff announce them: a folder with event.toml alone."""

from datetime import UTC, datetime
from pathlib import Path

from digest import editing, intake
from digest.settings import Organisation, Settings
from digest.site import build
from digest.store.workspace import Workspace

SLUG = "attribution-who-says-who-did-it"
MARCH = datetime(2027, 3, 1, 12, tzinfo=UTC)  # eight days before
BEFORE, DURING, AFTER = (datetime(2027, 3, 9, hour, 30, tzinfo=UTC) for hour in (12, 13, 15))
JOIN = "https://live.example.org/room/8123"  # nothing in it says that it leads into a meeting

EVENT = f"""
title = "[Webinar] Attribution: who says who did it?"
date = 2027-03-09T14:00:00
timezone = "Europe/Zurich"
minutes = 90
language = "en"
series = "Digital policy webinars"
description = '''
When a grid goes dark, *who says who did it*? Ask what [others say](https://example.org/others).

- What states must show
- What companies see

Join at {JOIN}?from=page, or by [this link]({JOIN}/), or live.example.org/room/8123 in a browser.
'''
tags = ["attribution"]
registration_url = "https://forms.example.org/attribution"
join_url = "{JOIN}"

[[organisers]]
name = "Geneva Digital Dialogue"
url = "https://dialogue.example.org/"

[[speakers]]
name = "Ana Lind"
role = "Chair of International Law"
url = "{JOIN}"

[[also_of_interest]]
title = "Confidence-building measures explained"
url = "https://dialogue.example.org/cbms"
when = "13 April"
where = "online"
text = "The way in is the same: {JOIN}#next"
"""


def settings_in(root: Path) -> Settings:
    """Return settings that keep everything in a folder."""
    return Settings(
        workspaces=root / "workspaces",
        public=root / "public",
        inbox=root / "inbox",
        state=root / ".digest",
        organisation=Organisation(name="Forum", contact="forum@example.org", base_url="https://webinars.example.org"),
    )


def an_event_folder(root: Path, text: str = EVENT) -> Path:
    """Return a folder with event.toml alone, written anew where it is there."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "event.toml").write_text(text, encoding="utf-8")
    return root


def announce(folder: Path, settings: Settings, *, at: datetime = MARCH, by: str = "Ana") -> Workspace:
    """Announce a folder and bring that onto the site; return its workspace."""
    workspace = editing.announce(intake.look(folder), settings, by=by, at=at)
    build(settings, workspace.slug, now=at)
    return workspace


def texts_of(folder: Path) -> dict[str, str]:
    """Return every file of a site as text, by its path; lines that a calendar folds are whole."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8", errors="replace").replace("\r\n ", "")
        for path in folder.rglob("*")
        if path.is_file()
    }
