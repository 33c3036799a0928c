"""What is wrong with one webinar's files keeps no other from being found, asked for, listed, counted or foreseen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from digest.desk.overview import entries
from digest.editing.announcing import announcements
from digest.report.figures import gather
from digest.settings import Settings
from digest.store.queue import Queue
from digest.store.workspace import DECISIONS, Workspace, workspace_of
from flows.forecast import experience_of
from tests.archives import a_webinar, approve

TAKEN_IN = '{"take_in": {"settings": [{"path": "/srv/inbox/other"}], "seconds": 1.5}}'


def put_a_folder(workspace: Workspace) -> None:
    """Put a folder where decisions belong."""
    (workspace.root / DECISIONS).unlink()
    (workspace.root / DECISIONS).mkdir()


def put_a_loop(workspace: Workspace) -> None:
    """Put a link that leads to itself where decisions belong."""
    (workspace.root / DECISIONS).unlink()
    (workspace.root / DECISIONS).symlink_to(DECISIONS)


def leave(provenance: str) -> Callable[[Workspace], None]:
    """Return a harm that writes such a record of how files were made."""

    def harm(workspace: Workspace) -> None:
        (workspace.root / "provenance.json").write_text(provenance, encoding="utf-8")

    return harm


HARMS = {
    "a folder": put_a_folder,
    "a loop": put_a_loop,
    "a list": leave("[1]"),
    "a number": leave('{"transcribe": 1}'),
    "no settings": leave('{"take_in": {"settings": []}}'),
    "no seconds": leave('{"transcribe": {"seconds": null, "host": 3}}'),
}


@pytest.mark.parametrize("harm", HARMS)
def test_one_damaged_webinar_stops_no_other(harm: str, tmp_path: Path) -> None:
    """What looks at all webinars goes on without it; the desk's list says that something is wrong, or shows it."""
    settings = Settings(workspaces=tmp_path / "workspaces", public=tmp_path / "public", state=tmp_path / "state")
    damaged, other = (a_webinar(settings, slug) for slug in ("damaged", "other"))
    approve(damaged)
    sha256 = approve(other)
    (other.root / "provenance.json").write_text(TAKEN_IN, encoding="utf-8")
    HARMS[harm](damaged)
    queue = Queue(settings)

    queue.catch_up()

    assert [row.edition for row in queue.waiting("publish") if row.slug == "other"] == [sha256]
    assert workspace_of("/srv/inbox/other", settings.workspaces) == other
    assert list(announcements(settings)) == []
    assert {entry.slug for entry in entries(settings, queue)} == {"damaged", "other"}
    assert "other" in {webinar.slug for webinar in gather(settings).webinars}
    assert experience_of(settings.workspaces, "here").rates
