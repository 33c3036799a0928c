"""What docs/architecture.md says is what the code says."""

import sys

import pytest

from digest.model.artifact import Artifact
from digest.model.edition import Artifacts
from digest.pipeline import STAGES, Stage
from tests.draw_architecture import FILE, draw, imports, rooms


def test_the_document_is_what_the_code_says() -> None:
    """Stages, rooms and imports are drawn from the code; `python -m tests.draw_architecture` renews them."""
    text = FILE.read_text(encoding="utf-8")

    assert draw(text) == text


def test_a_room_knows_only_rooms_below_it() -> None:
    """The picture has no dot beyond its edge: whatever imports, inside functions too, goes one way."""
    every = rooms()

    upwards = [
        (room, other)
        for room, others in imports().items()
        for other in others
        if every.index(other) < every.index(room)
    ]

    assert upwards == []


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_a_stage_takes_what_earlier_ones_make(stage: Stage) -> None:
    """The table is in order, each row has a version, and each makes an artifact of its own."""
    earlier = {before.makes for before in STAGES[: STAGES.index(stage)]}

    assert {kind for kind in stage.takes if issubclass(kind, Artifact)} <= earlier
    assert stage.makes not in earlier
    assert isinstance(sys.modules[stage.run.__module__].VERSION, int)


def test_the_stages_make_a_draft() -> None:
    """Every artifact of a draft is made by a stage, and nothing else is."""
    assert {stage.makes for stage in STAGES} == {field.annotation for field in Artifacts.model_fields.values()}
