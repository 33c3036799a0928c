"""The figures of each webinar, read where they are kept: nothing is counted anew that somebody wrote down."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from pydantic import AwareDatetime

from digest.editing.receipt import receipt
from digest.errors import DigestError
from digest.model.artifact import Record
from digest.model.digest import Digest
from digest.model.doubt import AtSentence
from digest.model.media import Media
from digest.settings import Settings
from digest.store.queue import Queue, Request
from digest.store.workspace import Workspace, workspaces_in

log = logging.getLogger(__name__)

CAUSES = {  # of failures, by who mends them
    "UnusableDrop": "files that cannot be used",
    "NotSettled": "files that never came whole",
    "LimitReached": "files that take more than is allowed",
    "MissingTool": "this machine lacks something",
    "Overloaded": "machine busy, or share away",
    "BrokenOff": "the program was ended",
    "DigestError": "nobody foresaw it",
    "": "not written down",  # by earlier versions
}


class Webinar(Record):
    """A webinar's figures, each None where nobody wrote it down.

    `length` is that of the recording in seconds, `speed` how many times faster than it plays a draft was made,
    `doubtful` the share of the machine's sentences that it doubted itself. `minutes` and `changes` are the editors'.
    """

    slug: str
    dropped_at: AwareDatetime | None = None
    drafted_at: AwareDatetime | None = None
    published_at: AwareDatetime | None = None
    length: float | None = None
    speed: float | None = None
    doubtful: float | None = None
    minutes: int | None = None
    changes: int | None = None
    taught: int = 0


class Figures(Record):
    """All of it: webinars by slug, when each drop was asked for first, and how many runs failed for what."""

    webinars: tuple[Webinar, ...]
    drops: tuple[AwareDatetime, ...]
    failures: tuple[tuple[str, int], ...]
    unread: tuple[str, ...] = ()


def gather(settings: Settings) -> Figures:
    """Return the figures; a webinar that cannot be read is named in `unread`, and is no other's problem."""
    rows = Queue(settings).since(datetime.min.replace(tzinfo=UTC))
    first = dict[str, Request]()
    for row in rows:
        if row.kind == "draft" and row.folder:
            first.setdefault(row.folder, row)
    webinars, unread = list[Webinar](), list[str]()
    for workspace in workspaces_in(settings.workspaces):
        try:
            webinars += _webinar(workspace, first)
        except DigestError as error:
            log.warning("%s is not in the report: %s", workspace.slug, error)
            unread.append(workspace.slug)
    by_hand = (one.drafted_at for one in webinars if one.dropped_at is None and one.drafted_at)
    failures = count_failures(rows)
    return Figures(
        webinars=tuple(webinars),
        drops=tuple(sorted([*(row.asked_at for row in first.values()), *by_hand])),
        failures=tuple((cause, count) for cause, count in failures.most_common() if count),
        unread=tuple(unread),
    )


def count_failures(rows: Iterable[Request]) -> Counter[str]:
    """Return how many tries ended for what, those that were put off among them."""
    failures = Counter[str]()
    for row in rows:
        failures[CAUSES.get(row.cause or "", CAUSES["DigestError"])] += row.setbacks + (row.state == "failed")
    return failures


def _webinar(workspace: Workspace, first: dict[str, Request]) -> Iterator[Webinar]:
    """Yield the figures of a webinar that has a draft."""
    runs, decisions, overlay = workspace.runs(), workspace.decisions(), workspace.overlay()
    media, digest = workspace.load(Media), workspace.load(Digest)
    if media is None or digest is None:
        return
    asked = first.get(workspace.dropped_from() or "")
    took = sum(workspace.seconds_of_stages().values())
    sentences = {sentence.id for sentence in digest.sentences()}
    doubted = {doubt.place.sentence for doubt in digest.doubts if isinstance(doubt.place, AtSentence)}
    spent = receipt(overlay, decisions)
    yield Webinar(
        slug=workspace.slug,
        dropped_at=asked.asked_at if asked else None,
        drafted_at=next((run.at for run in runs if run.at), None),
        published_at=next((one.at for one in decisions if one.kind == "published"), None),
        length=media.duration,
        speed=media.duration / took if took else None,
        doubtful=len(doubted & sentences) / len(sentences) if sentences else None,
        minutes=spent.minutes if spent else None,
        changes=spent.decisions if spent else None,
        taught=len(spent.taught) if spent else 0,
    )
