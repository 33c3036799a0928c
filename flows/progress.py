"""How far a run is, for the person at the terminal and for the operator at Prefect's pages."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TypeAlias
from uuid import UUID

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from digest.model.drop import Drop
from digest.model.media import Media
from digest.pipeline import STAGES, WORDS
from digest.store.workspace import Workspace

Report: TypeAlias = Callable[[str, float, str], None]  # a stage's name, the fraction of it that is done, its pace

Reporting: TypeAlias = Callable[[Workspace, Drop], Report]  # what a run is reported to, once there is a workspace

REPORT_SECONDS = 2.0  # seconds between two reports to Prefect: each is a request


@contextlib.contextmanager
def show_in_terminal() -> Iterator[Report]:
    """Show the stages in the terminal as they are reported: a bar each, or a line each where there is no terminal."""
    console = Console(stderr=True)
    times = TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(), TextColumn("{task.fields[pace]}")
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        *times,
        console=console,
        disable=not console.is_terminal,
    ) as bars:
        rows = dict[str, TaskID]()

        def report(stage: str, fraction: float, pace: str) -> None:
            if stage not in rows:
                rows[stage] = bars.add_task(f"{WORDS[stage]:32}", total=1.0, pace="")
                if not console.is_terminal:
                    console.print(f"{WORDS[stage]} …", highlight=False)
            bars.update(rows[stage], completed=fraction, pace=pace)

        yield report


def measure_pace(recording: Media | None) -> Callable[[float], str]:
    """Return a function from the fraction done to how many times faster than the recording plays that goes."""
    began = time.monotonic()

    def pace(fraction: float) -> str:
        took = time.monotonic() - began
        return f"{fraction * recording.duration / took:.1f} × real time" if recording and fraction and took else ""

    return pace


def report_to_nobody(_stage: str, _fraction: float, _pace: str) -> None:
    """Take no notice."""


def reporting_to_nobody(_workspace: Workspace, _drop: Drop) -> Report:
    """Return a report of which nobody takes notice."""
    return report_to_nobody


def report_to_prefect(slug: str) -> Report:
    """Return a report that keeps a progress artifact of the current flow run: the share of stages that are done.

    A server that no longer answers is left alone from then on: the run goes on.
    """
    import httpx
    from prefect.artifacts import create_progress_artifact, update_progress_artifact
    from prefect.exceptions import PrefectException

    order, last = [stage.name for stage in STAGES], 0.0
    try:
        artifact: UUID = create_progress_artifact(progress=0.0, key=f"draft-{slug}", description="Stages done")  # type: ignore[assignment]
    except (httpx.HTTPError, PrefectException):
        return report_to_nobody
    is_there = True

    def report(stage: str, fraction: float, pace: str) -> None:
        nonlocal last, is_there
        if not is_there or (fraction < 1 and time.monotonic() - last < REPORT_SECONDS):
            return
        last = time.monotonic()
        done = 100 * (order.index(stage) + fraction) / len(order)
        try:
            update_progress_artifact(artifact, progress=done, description=f"{WORDS[stage]} {pace}".rstrip())
        except (httpx.HTTPError, PrefectException):
            is_there = False

    return report
