"""When a draft will be ready: how long others took on this machine, corrected by how this one goes."""

import socket
import statistics
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from digest import notices
from digest.errors import DigestError
from digest.media import probe
from digest.model.drop import Drop
from digest.model.media import Media
from digest.pipeline import STAGES, WORDS
from digest.settings import Settings
from digest.store.stages import recorded_name
from digest.store.workspace import Workspace, workspaces_in
from flows.progress import Report

# Seconds of a stage for a second of recording, where no draft was made here yet: an hour on two cores with AVX2 only
# took 14 minutes (docs/benchmarks.md). All other stages take as long whatever the length: seconds, of the demo.
FIRST_GUESS = {"prepare": 0.006, "transcribe": 0.152, "diarize": 0.033, "align": 0.034, "write": 0.005}
FIXED_GUESS = {"companions": 4.0, "read": 5.0, "render": 8.0, "describe": 1.0}
LATEST = 20  # drafts of this machine that are looked at
DOUBT = 0.01  # of the whole: until so much is done, what was expected of a machine counts for more
FIRST_PART = 0.02  # of a stage, until which what was expected of it counts for more than its pace so far
WRITE_SECONDS = 15.0  # between two lines in STATUS.txt: each is a file on somebody's share
TOLD_FROM = 0.1  # of the run: before, the end is not told

Rates = Mapping[str, float]


@dataclass(frozen=True)
class Experience:
    """How long stages take on this machine: for a second of recording, and whatever its length, by name."""

    rates: Rates = field(default_factory=lambda: FIRST_GUESS)
    fixed: Rates = field(default_factory=lambda: FIXED_GUESS)

    def seconds(self, duration: float) -> float:
        """Return how long a draft takes of a recording of so many seconds."""
        return sum(self.fixed.values()) + duration * sum(self.rates.values())


class Forecast:
    """When a run ends, by what its stages report; seconds are of a monotonic clock."""

    def __init__(self, experience: Experience, duration: float, began: float) -> None:
        """Expect stages to take what they took before, of a recording of so many seconds."""
        grows = {name: rate * duration for name, rate in experience.rates.items()}
        self._grows, self._expected = frozenset(grows), {**experience.fixed, **grows}
        self._order = [stage.name for stage in STAGES]
        self._began = self._stage_began = self._reported = began
        self._stage, self._fraction = self._order[0], 0.0
        self._took = dict[str, float]()  # seconds, of each stage that is done

    def report(self, stage: str, fraction: float, at: float) -> None:
        """Learn how far a stage is; stages before it that never reported were current, and take no time."""
        if stage != self._stage:
            self._stage, self._stage_began = stage, at
        self._fraction, self._reported = fraction, at
        if fraction >= 1:
            self._took[stage] = at - self._stage_began

    def share(self, at: float) -> float:
        """Return which share of the run is over."""
        return (at - self._began) / max(at - self._began + self.seconds_left(at), 0.1)

    def seconds_left(self, at: float) -> float:
        """Return how many seconds are left.

        Those of the stage at work are told by its own pace, the more so the further it is; those of later stages by how
        much slower, or faster, those that grow with the recording were than expected.
        """
        slower, later = self._slower(), self._order[self._order.index(self._stage) + 1 :]
        left = sum(self._expected.get(name, 0.0) * (slower if name in self._grows else 1.0) for name in later)
        if self._stage in self._took:
            return left
        spent, fraction = self._reported - self._stage_began, self._fraction
        guess = self._expected.get(self._stage, 0.0) * slower - spent
        pace = spent * (1 - fraction) / fraction if fraction else 0.0
        trust = fraction / (fraction + FIRST_PART)
        of_stage = trust * pace + (1 - trust) * guess - (at - self._reported)
        return left + max(of_stage, 0.0)

    def _slower(self) -> float:
        """Return how many times as long as expected this run takes."""
        took = {name: seconds for name, seconds in self._took.items() if name in self._grows}
        expected = {name: self._expected[name] for name in took}
        if self._stage in self._grows and self._stage not in took:
            took[self._stage] = self._reported - self._stage_began
            expected[self._stage] = self._expected[self._stage] * self._fraction
        doubt = DOUBT * sum(self._expected.values())
        return (sum(took.values()) + doubt) / (sum(expected.values()) + doubt)


def experience_of(workspaces: Path, host: str) -> Experience:
    """Return how long stages took on a host: the medians of the latest drafts, and guesses for what was never made."""
    rates, fixed = dict[str, list[float]](), dict[str, list[float]]()
    made = sorted(workspaces_in(workspaces), key=lambda one: one.root.stat().st_mtime_ns, reverse=True)
    names = {recorded_name(stage.run): stage.name for stage in STAGES}
    for workspace in made[:LATEST]:
        media = workspace.load(Media)
        if media is None:
            continue
        for recorded, seconds in workspace.seconds_of_stages(host).items():
            name = names.get(recorded, recorded)
            if name in FIRST_GUESS:
                rates.setdefault(name, []).append(seconds / max(media.duration, 1.0))
            elif name != "take_in":
                fixed.setdefault(name, []).append(seconds)
    return Experience(
        FIRST_GUESS | {name: statistics.median(one) for name, one in rates.items()},
        FIXED_GUESS | {name: statistics.median(one) for name, one in fixed.items()},
    )


def report_to_staff(folder: Path, settings: Settings, workspace: Workspace, drop: Drop) -> Report:
    """Return a report that writes into STATUS.txt what is being done, when it will be ready, and where the draft is."""
    duration = length_of(workspace.root / file.path for file in drop.of_role("recording"))
    forecast = (
        Forecast(experience_of(settings.workspaces, socket.gethostname()), duration, time.monotonic())
        if duration
        else None
    )
    since, last = datetime.now().astimezone(), 0.0

    def report(stage: str, fraction: float, _pace: str) -> None:
        nonlocal last
        now = time.monotonic()
        if forecast:
            forecast.report(stage, fraction, now)
        if now - last < WRITE_SECONDS:
            return
        last, lines = now, [f"Being worked on since {since:%H:%M}: {WORDS[stage].lower()}."]
        if forecast and forecast.share(now) >= TOLD_FROM:
            ready = datetime.now().astimezone() + timedelta(seconds=forecast.seconds_left(now) + 30)
            lines.append(f"Ready at about {ready:%H:%M}.")
        notices.write_status(folder, " ".join([*lines, address_line(workspace.slug, settings)]), settings)

    return report


def address_line(slug: str, settings: Settings) -> str:
    """Return where an editor finds a draft."""
    return f"Its draft: {settings.desk.origin}/drafts/{slug}/"


def length_of(recordings: Iterable[Path]) -> float | None:
    """Return how many seconds there are to work on, None where the recordings do not say."""
    try:
        return sum(probe(path).duration or 0.0 for path in recordings) or None
    except DigestError:  # the stage that prepares the recording says what is wrong with it
        return None
