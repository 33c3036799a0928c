"""From a drop to a draft: every stage a Prefect task, saved before the next begins. Never publishes."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from digest import intake
from digest.model.artifact import Artifact
from digest.model.media import Media
from digest.pipeline import run_stages
from digest.settings import Settings, load
from digest.store.leases import Leases
from digest.store.runlog import log_run
from digest.store.stages import current, make, take_into_workspace
from digest.store.workspace import Workspace
from flows.progress import Report, measure_pace, report_to_prefect, show_in_terminal
from flows.server import end_with_us

T = TypeVar("T")
A = TypeVar("A", bound=Artifact)

MAX_SECONDS = 24 * 3600.0  # of a task; the programs inside have shorter limits of their own
TRANSIENT = {errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EAGAIN}  # what a network disk says and soon unsays

end_with_us()


@flow(name="draft", flow_run_name="draft {folder}")
def draft(folder: Path, settings: Settings | None = None) -> Workspace:
    """Bring everything that is made of a drop up to date and return its workspace.

    Raises Busy while another run is at the drop, and whatever its stages raise.
    """
    settings = settings or load()
    looked = intake.look(folder)
    with Leases(settings).hold_drop(looked), show_in_terminal() as terminal:
        terminal("take_in", 0, "")
        workspace, drop = run_as_task(
            "take_in", lambda: take_into_workspace(intake.take_in, looked, settings.workspaces)
        )
        terminal("take_in", 1, "")
        prefect = report_to_prefect(workspace.slug)

        def make_as_task(stage: Callable[..., A], *inputs: Any) -> A:
            return run_as_task(stage.__name__, lambda: make_reporting(workspace, stage, inputs, (terminal, prefect)))

        with log_run(workspace):
            run_stages(workspace, drop, settings, make_as_task)
        prefect("write", 1, "")  # the last stages may have been current, and are then not reported
    return workspace


def run_as_task(name: str, step: Callable[[], T]) -> T:
    """Run a step as a Prefect task. The workspace alone decides what is current, so Prefect caches nothing."""
    as_task = task(
        name=name,
        tags=["whisper"] if name == "transcribe" else [],
        cache_policy=NO_CACHE,
        retries=2,
        retry_delay_seconds=10,
        retry_condition_fn=is_transient,
        timeout_seconds=MAX_SECONDS,
    )(step)
    return as_task()


def is_transient(_: Task[..., Any], __: TaskRun, state: State[Any]) -> bool:
    """Say whether trying again may help: a disk that stuttered, not a drop that is wrong."""
    raised = state.result(raise_on_failure=False)
    return isinstance(raised, OSError) and raised.errno in TRANSIENT


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
