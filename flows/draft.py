"""From a drop to a draft: every stage a step, saved before the next begins. Never publishes."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from digest import editing, intake, sandbox
from digest.model.artifact import Artifact
from digest.model.media import Media
from digest.pipeline import run_stages
from digest.settings import Settings
from digest.store.leases import Leases
from digest.store.runlog import log_run
from digest.store.stages import current, make, take_into_workspace
from digest.store.workspace import Workspace
from flows.progress import (
    Report,
    Reporting,
    measure_pace,
    report_to_nobody,
    report_to_prefect,
    reporting_to_nobody,
    show_in_terminal,
)
from flows.shell import is_shown, run_step

A = TypeVar("A", bound=Artifact)


def draft(folder: Path, settings: Settings, *, reporting: Reporting = reporting_to_nobody) -> Workspace:
    """Bring everything that is made of a drop up to date and return its workspace, `reporting` how far it is.

    Raises Busy while another run is at the drop, and whatever its stages raise.
    """
    sandbox.require(settings.sandbox)
    looked, home = editing.find_event(intake.look(folder), settings)
    with Leases(settings).hold_drop(looked), show_in_terminal() as terminal:
        terminal("take_in", 0, "")
        workspace, drop = run_step(
            "take_in", partial(take_into_workspace, intake.take_in, looked, settings.workspaces, home)
        )
        terminal("take_in", 1, "")
        prefect = report_to_prefect(workspace.slug) if is_shown.get() else report_to_nobody
        told = reporting(workspace, drop)

        def make_in_step(stage: Callable[..., A], *inputs: Any) -> A:
            return run_step(stage.__name__, lambda: make_reporting(workspace, stage, inputs, (terminal, prefect, told)))

        with log_run(workspace, settings):
            run_stages(workspace, drop, settings, make_in_step)
        prefect("write", 1, "")  # the last stages may have been current, and are then not reported
    return workspace


def make_reporting(
    workspace: Workspace, stage: Callable[..., A], inputs: tuple[Any, ...], reports: tuple[Report, ...]
) -> A:
    """Return a stage's artifact, reporting how far it is; one that is current is not reported."""
    if (saved := current(workspace, stage, *inputs)) is not None:
        return saved

    pace = measure_pace(next((given for given in inputs if isinstance(given, Media)), None))

    def progress(fraction: float) -> None:
        for report in reports:
            report(stage.__name__, fraction, pace(fraction))

    progress(0)
    artifact = make(workspace, stage, *inputs, progress=progress)
    progress(1)
    return artifact
