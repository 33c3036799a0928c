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
from digest.ledger import Ledger
from digest.model.artifact import Artifact
from digest.model.media import Media
from digest.settings import Settings, load
from digest.workspace import Workspace, taken_in
from flows.line import BUSY, lease_name, line
from flows.progress import Report, paced, shown, told_to_prefect
from flows.server import end_with_us

T = TypeVar("T")
A = TypeVar("A", bound=Artifact)

LONGEST = 24 * 3600.0  # seconds; the programs inside have shorter limits of their own
TRANSIENT = {errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EAGAIN}  # what a network disk says and soon unsays

end_with_us()


@flow(name="draft", flow_run_name="draft {folder}")
def draft(folder: Path, settings: Settings | None = None) -> Workspace:
    """Bring everything that is made of a drop up to date and return its workspace.

    Raises Busy while another run is at the drop, and whatever its stages raise.
    """
    settings = settings or load()
    looked = intake.look(folder)
    with Ledger(settings).lease(lease_name(looked), busy=BUSY), shown() as terminal:
        terminal("take_in", 0, "")
        workspace, drop = run("take_in", lambda: taken_in(intake.take_in, looked, settings.workspaces))
        terminal("take_in", 1, "")
        prefect = told_to_prefect(workspace.slug)

        def kept(stage: Callable[..., A], *inputs: Any) -> A:
            return run(stage.__name__, lambda: made(workspace, stage, inputs, (terminal, prefect)))

        line(workspace, drop, settings, kept)
        prefect("write", 1, "")  # the last stages may have been current, and are then not reported
    return workspace


def run(name: str, step: Callable[[], T]) -> T:
    """Run a step as a Prefect task. The workspace alone decides what is current, so Prefect caches nothing."""
    as_task = task(
        name=name,
        tags=["whisper"] if name == "transcribe" else [],
        cache_policy=NO_CACHE,
        retries=2,
        retry_delay_seconds=10,
        retry_condition_fn=is_transient,
        timeout_seconds=LONGEST,
    )(step)
    return as_task()


def is_transient(_: Task[..., Any], __: TaskRun, state: State[Any]) -> bool:
    """Say whether trying again may help: a disk that stuttered, not a drop that is wrong."""
    raised = state.result(raise_on_failure=False)
    return isinstance(raised, OSError) and raised.errno in TRANSIENT


def made(workspace: Workspace, stage: Callable[..., A], inputs: tuple[Any, ...], reports: tuple[Report, ...]) -> A:
    """Return a stage's artifact, reporting how far it is; one that is current is not reported."""
    if (current := workspace.current(stage, *inputs)) is not None:
        return current

    pace = paced(next((given for given in inputs if isinstance(given, Media)), None))

    def progress(fraction: float) -> None:
        for report in reports:
            report(stage.__name__, fraction, pace(fraction))

    progress(0)
    artifact = workspace.kept(stage, *inputs, progress=progress)
    progress(1)
    return artifact
