"""Rows of the queue to a work pool: one flow run a row, made by whichever worker takes it; a lost one is made anew.

The row is the truth. A flow run takes it by its lease, or finds that there is nothing to do; what Prefect says of a run
is shown to people and read by nobody here. Whether a holder lives is seen from its beats, by a monotonic clock.
"""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from digest.errors import MissingTool
from digest.settings import Settings
from digest.store.leases import LEASE_SECONDS
from digest.store.queue import Kind, Queue, Request

log = logging.getLogger(__name__)

KINDS: tuple[Kind, ...] = ("draft", "publish", "retract")  # what workers do; the rest is short, and done here
SILENT_SECONDS = 2 * LEASE_SECONDS  # without a beat after which a holder is given up
MAX_AHEAD = 20  # flow runs that wait for a worker: those made later may be of more urgent rows
DEPLOYMENT = "digest"


class Pool:
    """A work pool, and what was handed out to it by this process."""

    def __init__(self, settings: Settings, *, silent: float = SILENT_SECONDS) -> None:
        self._name, self._silent = settings.work.pool, silent
        self._beats = dict[int, tuple[int, int, float]]()  # of running rows: token, beats, and since when
        self._sent = dict[int, tuple[UUID, float]]()  # of waiting rows: their flow run, and when it was made

    def hand_out(self, kinds: Sequence[Kind], queue: Queue, is_due: Callable[[Request], bool]) -> None:
        """Give back rows whose holder fell silent, and make a flow run for each that is due and has none of late."""
        now = time.monotonic()
        for row in queue.running():
            if row.kind in kinds:
                self._look_at(row, queue, now)
        waiting = [row for row in queue.waiting(*kinds) if is_due(row)][:MAX_AHEAD]
        self._sent = {row.id: self._sent[row.id] for row in waiting if row.id in self._sent}
        for row in waiting:
            run, since = self._sent.get(row.id, (None, now))
            is_lost = run and now - since >= self._silent and not _waits_for_worker(run)
            if (run is None or is_lost) and (made := self._send(row, anew=run)):
                self._sent[row.id] = made, now

    def _look_at(self, row: Request, queue: Queue, now: float) -> None:
        token, beats, since = self._beats.get(row.id, (-1, -1, now))
        if (token, beats) != (row.token, row.beats):
            self._beats[row.id] = row.token, row.beats, now
        elif now - since >= self._silent:
            log.warning("Nobody is at the %s of %s any more (it was %s): given out again", row.kind, row.name, row.host)
            queue.give_back(row)
            del self._beats[row.id]

    def _send(self, row: Request, *, anew: UUID | None) -> UUID | None:
        """Make a flow run and return its id; None where the server takes none: then the next look tries again."""
        from prefect.exceptions import ObjectNotFound

        key = f"{row.id} {row.token} {anew}"  # a dispatcher that was started anew gets the run that is there
        try:
            try:
                return _make_run(row, key)
            except ObjectNotFound:  # the server's database is a new one
                deploy(self._name)
                return _make_run(row, key)
        except Exception as error:  # noqa: BLE001 (Prefect's own, of any kind: the row waits)
            log.warning("Prefect takes no run of the %s of %s: %s", row.kind, row.name, error)
            return None


def _make_run(row: Request, key: str) -> UUID:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(f"{row.kind}/{DEPLOYMENT}")
        made = client.create_flow_run_from_deployment(
            deployment.id, parameters={"row": row.id}, name=f"{row.kind} {row.name}", idempotency_key=key
        )
        return made.id


def _waits_for_worker(run: UUID) -> bool:
    """Say whether the server has this run for a worker to take: another one would only wait beside it."""
    from prefect.client.orchestration import get_client

    try:
        with get_client(sync_client=True) as client:
            state = client.read_flow_run(run).state
    except Exception as error:  # noqa: BLE001 (gone with the server's database, or nobody answers)
        log.info("Prefect does not know the run %s: %s", run, error)
        return False
    return state is not None and state.is_scheduled()


def deploy(pool: str, folder: str | None = None) -> tuple[str, ...]:
    """Make the work pool where there is none, and the deployments in it anew; return their names.

    `folder` is the project's on the workers' machines, this one's by default.
    Raises MissingTool where no Prefect server takes them.
    """
    from prefect import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.deployments.runner import RunnerDeployment
    from prefect.exceptions import ObjectNotFound
    from prefect.types.entrypoint import EntrypointType

    from flows import deployed

    given = {"working_dir": folder or str(Path.cwd())}
    try:
        with get_client(sync_client=True) as client:
            try:
                client.read_work_pool(pool)
            except ObjectNotFound:
                client.create_work_pool(WorkPoolCreate(name=pool, type="process"))
        for one in deployed.FLOWS:
            made = RunnerDeployment.from_flow(
                one, DEPLOYMENT, work_pool_name=pool, job_variables=given, entrypoint_type=EntrypointType.MODULE_PATH
            )
            made.apply()
    except Exception as error:
        raise MissingTool(
            f"The Prefect server takes no deployments: {error}",
            remedy="Start it, name it in PREFECT_API_URL, and try again.",
        ) from error
    return tuple(f"{one.name}/{DEPLOYMENT}" for one in deployed.FLOWS)
