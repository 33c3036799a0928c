"""What the site shows when workspaces are not as they were."""

from datetime import UTC, datetime
from typing import Any

import pytest

from digest import editing
from digest.errors import Stale
from digest.site import build
from flows.dispatch import digest_page, is_published
from flows.publish import publish
from tests.flows.conftest import Project

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def on_the_site(project: Project) -> bytes:
    """Approve the draft and publish it; return its page."""
    workspace, (artifacts, _) = project.workspace, project.made()
    sha256 = editing.revise(artifacts, workspace.overlay()).sha256()
    editing.approve(workspace, sha256, by="Ada", at=NOON)
    build(project.settings, workspace.slug, NOON)
    editing.mark_published(workspace, sha256, by="Ada", at=NOON)
    return digest_page(workspace.slug, project.settings).read_bytes()


def test_what_is_out_is_known_by_decision_and_page(project: Project) -> None:
    """Nothing is done for an Edition already published; a site that was deleted is made again."""
    on_the_site(project)
    workspace, settings = project.workspace, project.settings
    edition = workspace.decisions()[-1].edition

    assert is_published(workspace, edition, settings)
    assert not is_published(workspace, "0" * 64, settings)
    next(settings.public.rglob("recording-*")).unlink()
    assert not is_published(workspace, edition, settings)
    build(settings, workspace.slug, NOON)
    assert is_published(workspace, edition, settings)


def test_what_is_no_longer_approved_does_not_go_out(project: Project) -> None:
    """A row that waited while somebody approved another Edition changes nothing on the site."""
    page = on_the_site(project)

    with pytest.raises(Stale, match="no longer the approved one"):
        publish(project.workspace.slug, "0" * 64, project.settings)

    assert digest_page(project.workspace.slug, project.settings).read_bytes() == page


def test_a_retraction_while_the_site_is_built_takes_the_digest_off(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who retracts a digest that is just going out finds it retracted: it is not recorded as published, nor shown."""
    workspace, (artifacts, _) = project.workspace, project.made()
    sha256 = editing.revise(artifacts, workspace.overlay()).sha256()
    editing.approve(workspace, sha256, by="Ada", at=NOON)

    def build_while_somebody_retracts(*given: Any) -> None:
        build(*given)
        editing.retract(workspace, by="Ben", at=NOON)

    monkeypatch.setattr("flows.publish.build", build_while_somebody_retracts)
    with pytest.raises(Stale):
        publish(workspace.slug, sha256, project.settings)

    assert [decision.kind for decision in workspace.decisions()] == ["approved", "retracted"]
    assert "withdrawn" in digest_page(workspace.slug, project.settings).read_text(encoding="utf-8")


def test_a_lost_provenance_withdraws_no_digest(project: Project) -> None:
    """provenance.json can be made again; nobody decided to take the digest back."""
    page = on_the_site(project)
    (project.workspace.root / "provenance.json").unlink()

    build(project.settings, "another")

    assert digest_page(project.workspace.slug, project.settings).read_bytes() == page


def test_workspaces_that_are_elsewhere_withdraw_no_digest(project: Project) -> None:
    """A disk that is not there, or another --workspaces, does not turn a published digest into a tombstone."""
    page = on_the_site(project)
    elsewhere = project.settings.model_copy(update={"workspaces": project.root / "elsewhere"})

    left = build(elsewhere, "another").left

    assert "no workspace here" in left[project.workspace.slug]
    assert digest_page(project.workspace.slug, project.settings).read_bytes() == page
    digest_page(project.workspace.slug, project.settings).unlink()
    for file in digest_page(project.workspace.slug, project.settings).parent.iterdir():
        file.unlink()
    (project.settings.public / project.workspace.slug / "index.html").unlink()

    assert build(elsewhere, "another").left == {}  # its folder is gone: it was given up
