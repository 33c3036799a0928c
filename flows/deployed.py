"""What workers of a Prefect work pool run: thin shells that take a row of the queue, or do what a command does."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import Flow, flow
from prefect.states import Completed, Failed

from digest.settings import load
from digest.store.pause import pause_in_force
from digest.store.queue import Queue


@flow(name="draft")
def draft(row: int) -> Any:
    """Make the draft that a row of the queue asks for."""
    return _work_off(row)


@flow(name="publish")
def publish(row: int) -> Any:
    """Publish the edition that a row of the queue names."""
    return _work_off(row)


@flow(name="retract")
def retract(row: int) -> Any:
    """Retract the digest that a row of the queue names."""
    return _work_off(row)


@flow(name="clean")
def clean(*, remove: bool = False) -> str:
    """Look at what no edition and no draft needs any more; with `remove`, remove it."""
    from digest import clean as cleaning

    settings = load()
    found = cleaning.find_litter(settings)
    for litter in found if remove else ():
        cleaning.remove(litter, settings)
    return f"{sum(one.size for one in found) / 1e6:,.1f} MB {'removed' if remove else 'may go'}."


@flow(name="drill")
def drill(backup: Path, folder: Path) -> Any:
    """Make the site from a restored backup alone, in an empty folder, and compare it with the live one."""
    from digest import drill as drilling

    done = drilling.drill(backup, folder, load(), at=datetime.now(UTC))
    said = f"{done.files} files, {len(done.differences)} differences."
    return Completed(message=said) if done.is_good else Failed(message=said)


FLOWS: tuple[Flow[..., Any], ...] = (draft, publish, retract, clean, drill)


def _work_off(number: int) -> Any:
    """Work off a row that still waits, and show what became of it; whoever comes second finds nothing to do."""
    from flows.dispatch import work

    settings = load()
    queue = Queue(settings)
    if held := pause_in_force(settings.state):
        return Completed(message=f"This machine is paused by {held.by}; the row waits.")
    row = queue.find(number)
    if row is None or row.state != "waiting":
        return Completed(message="There is nothing to do: another run was first.")
    work(row, queue, settings)
    ended = queue.row(row)
    said = f"{ended.state}: {ended.said}"
    return Failed(message=said) if ended.state == "failed" else Completed(message=said)
