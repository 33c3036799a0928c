"""The line of stages: what runs again, and what does not."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from pypdf import PdfReader, PdfWriter

from digest import editing, intake
from digest.model.artifact import Artifact
from digest.model.deck import Pages
from digest.model.drop import Drop
from digest.model.edition import Artifacts
from digest.model.speech import Terms
from digest.pipeline import STAGES, find_current, frozen_terms, run_stages
from digest.store.files import file_sha256
from digest.store.stages import make, recorded_name, take_into_workspace
from digest.transcription.number_types import of_processor
from tests.builders import an_event
from tests.flows.conftest import DEMO, Project

A = TypeVar("A", bound=Artifact)
NOW = datetime(2016, 11, 24, tzinfo=UTC)


def test_a_second_run_redoes_nothing(project: Project) -> None:
    """What is there and fits is kept, and asking so runs no stage."""
    _, ran = project.made()

    assert ran == []
    assert find_current(intake.look(project.drop), project.settings) == project.workspace


def test_every_stage_of_the_line_is_shown(drafted_once: Project) -> None:
    """The terminal has words for each stage that leaves something in the workspace."""
    assert set(drafted_once.workspace.provenance()) == {recorded_name(stage.run) for stage in STAGES}


def test_a_lost_file_is_made_again(project: Project) -> None:
    """A page image that somebody deleted is drawn again, and nothing else."""
    next((project.workspace.root / "pages").glob("*.webp")).unlink()

    assert find_current(intake.look(project.drop), project.settings) is None
    _, ran = project.made()

    assert ran == ["render"]


def test_a_changed_deck_does_not_transcribe_again(project: Project) -> None:
    """New slides are read, drawn and aligned; the recording is neither prepared nor transcribed again."""
    shorter = PdfWriter()
    for page in PdfReader(DEMO / "slides.pdf").pages[:3]:
        shorter.add_page(page)
    shorter.write(project.drop / "slides.pdf")

    artifacts, ran = project.made()

    assert len(artifacts.deck.slides) == 3
    assert {"read", "render", "align"} <= set(ran)
    assert not {"prepare", "collect", "transcribe"} & set(ran)


def test_a_file_that_changes_nothing_redoes_nothing(project: Project) -> None:
    """A note beside the recording is told to staff as ignored and makes nothing anew."""
    (project.drop / "notes for the caterer.xyz").write_text("tea", encoding="utf-8")

    artifacts, ran = project.made()

    assert [ignored.name for ignored in artifacts.drop.ignored] == ["notes for the caterer.xyz"]
    assert set(ran) <= {"describe"}


def test_terms_are_frozen_but_for_the_language(project: Project) -> None:
    """What the transcriber was told stays, whoever is announced later; another language is another transcript."""
    told = project.workspace.load(Terms)
    assert told

    same = frozen_terms(project.workspace, an_event(language=told.language, title="Another title"))
    other = frozen_terms(project.workspace, an_event(language="de"))

    assert same == told
    assert other is None


def test_terms_are_collected_until_there_is_a_transcript(project: Project) -> None:
    """Before the first transcription nothing is frozen."""
    (project.workspace.root / "transcript.json").unlink()

    assert frozen_terms(project.workspace, an_event(language="en")) is None


def test_edits_survive_a_run_with_other_weights(project: Project) -> None:
    """After a re-run each correction is on the page or listed as unfit; none is lost."""
    workspace = project.workspace
    artifacts, _ = project.made()
    sentence, voice = next(artifacts.digest.sentences()), artifacts.speakers.speakers[0].id
    editing.name_speaker(workspace, voice, "Daniel Okafor", by="Ada", at=NOW, seen=0)
    editing.reword(workspace, sentence.id, "Said better.", by="Ada", at=NOW, seen=1)
    editing.reword(workspace, sentence.id, "Said best.", by="Ada", at=NOW, seen=2)
    other = project.settings.speech.model_copy(update={"model": "base"})

    project.settings = project.settings.model_copy(update={"speech": other})
    again, ran = project.made()
    edition = editing.revise(again, workspace.overlay())

    assert "transcribe" in ran
    assert again.transcript.model != artifacts.transcript.model
    assert edition.speaker_name(voice) == "Daniel Okafor"
    shown = [sentence.text for sentence in edition.digest.sentences()]
    assert ("Said best." in shown) != (3 in edition.unfit)
    assert len(workspace.overlay().revisions) == 3


def test_a_run_at_work_changes_nothing_for_readers(project: Project) -> None:
    """Until the last stage has ended editors read, correct and approve the draft that was there; then the new one."""
    before, _ = project.made()
    event = project.drop / "event.toml"
    changed = event.read_text(encoding="utf-8").replace("title = ", 'title = "Changed" #', 1)
    event.write_text(changed, encoding="utf-8")
    workspace, drop = take_into_workspace(intake.take_in, intake.look(project.drop), project.settings.workspaces)
    seen = list[Artifacts | None]()

    def look_after(stage: Callable[..., A], *inputs: Any) -> A:
        artifact = make(workspace, stage, *inputs)
        seen.append(workspace.artifacts())
        return artifact

    after = run_stages(workspace, drop, project.settings, look_after)

    assert before.event.title != after.event.title == "Changed"
    assert all(draft == before for draft in seen)
    assert workspace.artifacts() == after


def test_a_draft_that_recorded_no_run_is_read_whole_too(project: Project) -> None:
    """A workspace of 0.1.0 has no runs.jsonl: its draft is recorded before anything of it is replaced."""
    before, _ = project.made()
    (project.workspace.root / "runs.jsonl").unlink()
    (project.drop / "event.toml").write_text('title = "Changed"\ndate = 2016-11-23T14:00:00\n', encoding="utf-8")

    workspace, _ = take_into_workspace(intake.take_in, intake.look(project.drop), project.settings.workspaces)

    assert workspace.load(Drop) != before.drop
    assert workspace.artifacts() == before


def test_a_killed_run_leaves_the_earlier_draft(project: Project) -> None:
    """Where a run died with some artifacts replaced, what people read is still one draft, with all of its files."""
    before, _ = project.made()
    workspace = project.workspace
    slides = project.settings.slides.model_copy(update={"image_width": 320})
    settings = project.settings.model_copy(update={"slides": slides})

    def die_at_alignment(stage: Callable[..., A], *inputs: Any) -> A:
        if stage.__name__ == "align":
            raise KeyboardInterrupt
        return make(workspace, stage, *inputs)

    with pytest.raises(KeyboardInterrupt):
        run_stages(workspace, before.drop, settings, die_at_alignment)

    assert workspace.load(Pages) != before.pages
    assert workspace.artifacts() == before
    assert all(file_sha256(workspace.find(file)) == file.sha256 for file in before.pages.stored_files())


def test_the_number_type_stands_in_what_was_computed(drafted_once: Project) -> None:
    """Whoever compares two drafts sees whether they were computed alike."""
    artifacts, workspace = drafted_once.workspace.artifacts(), drafted_once.workspace
    assert artifacts

    types = (artifacts.transcript.number_type, artifacts.speakers.number_type)
    recorded = tuple(workspace.provenance()[stage].get("number_type") for stage in ("transcribe", "tell_apart"))

    assert types == recorded == (of_processor(), of_processor())
    assert workspace.provenance()["read"]["number_type"] is None
