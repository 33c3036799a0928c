"""Figures for a monitoring program, as Prometheus reads them: ledger and files in, text out."""

import contextlib
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from digest.editing import state
from digest.errors import DigestError
from digest.settings import Settings
from digest.store.outbox import Outbox
from digest.store.pause import pause_in_force
from digest.store.queue import Queue, Request
from digest.store.workspace import workspaces_in

CONTENT_TYPE = CONTENT_TYPE_LATEST


def write(settings: Settings, queue: Queue) -> bytes:
    """Return the figures as they are now."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Ledger(settings, queue))
    return generate_latest(registry)


class _Ledger(Collector):
    """What ledger, files and disks say at this moment."""

    def __init__(self, settings: Settings, queue: Queue) -> None:
        self._settings, self._queue = settings, queue

    def collect(self) -> Iterator[Metric]:
        """Yield each figure."""
        rows = self._queue.since(datetime.min.replace(tzinfo=UTC))
        yield from _of_requests(rows)
        yield _oldest(rows)
        yield _draft_seconds(rows)
        yield self._webinars()
        held = pause_in_force(self._settings.state)
        yield GaugeMetricFamily("digest_paused", "1 where this host begins nothing new.", value=int(held is not None))
        unsent = [one for one in Outbox(self._settings).waiting() if one.said]
        yield GaugeMetricFamily("digest_messages_unsent", "Messages that could not be sent yet.", value=len(unsent))
        yield self._room()

    def _webinars(self) -> Metric:
        family = GaugeMetricFamily("digest_webinars", "Webinars that have a draft, by their state.", labels=["state"])
        states = Counter[str]()
        for workspace in workspaces_in(self._settings.workspaces):
            try:
                states[state(workspace.decisions())] += 1
            except DigestError:
                states["damaged"] += 1
        for name, count in sorted(states.items()):
            family.add_metric([name], count)
        return family

    def _room(self) -> Metric:
        family = GaugeMetricFamily("digest_disk_free_bytes", "Room left where a folder lies.", labels=["folder"])
        for name in ("workspaces", "public", "state"):
            with contextlib.suppress(OSError):
                family.add_metric([name], shutil.disk_usage(getattr(self._settings, name)).free)
        return family


def _of_requests(rows: tuple[Request, ...]) -> Iterator[Metric]:
    family = GaugeMetricFamily("digest_requests", "What was asked for, by what became of it.", labels=["kind", "state"])
    for (kind, name), count in sorted(Counter((row.kind, row.state) for row in rows).items()):
        family.add_metric([kind, name], count)
    yield family
    failed = CounterMetricFamily("digest_failed_tries", "Tries that ended for a reason, by its kind.", labels=["cause"])
    causes = Counter[str]()
    for row in rows:
        causes[row.cause or "unknown"] += row.setbacks + (row.state == "failed")
    for cause, count in sorted(causes.items()):
        failed.add_metric([cause], count)
    yield failed


def _oldest(rows: tuple[Request, ...]) -> Metric:
    now, family = datetime.now(UTC), GaugeMetricFamily("digest_oldest_seconds", "Age of the oldest.", labels=["state"])
    for name in ("waiting", "running"):
        since = [(row.begun_at if name == "running" else None) or row.asked_at for row in rows if row.state == name]
        family.add_metric([name], (now - min(since)).total_seconds() if since else 0.0)
    return family


def _draft_seconds(rows: tuple[Request, ...]) -> Metric:
    done = [row for row in rows if row.kind == "draft" and row.state == "done"]
    took = [(row.ended_at - row.begun_at).total_seconds() for row in done if row.ended_at and row.begun_at]
    return SummaryMetricFamily("digest_draft_seconds", "What drafts took.", count_value=len(took), sum_value=sum(took))
