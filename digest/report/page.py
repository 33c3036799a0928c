"""Figures in, a page out: one small plot for each, by week, drawn as SVG; the same numbers as a table below."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import mean, median

from digest import theme
from digest.report.figures import Figures, Webinar
from digest.settings import Settings

WEEKS = 26  # half a year
HEIGHT = 100.0  # of a plot, in its own units; bars stand 10 apart
STEP = 10.0
WHOLE = 10.0  # from which on a number is told without its tenth

Sample = tuple[datetime | None, float | None]  # when, and how much
Total = Callable[[list[float]], float]


@dataclass(frozen=True)
class Bar:
    """A week in a plot: where it stands, how high, and what it says; `text` is empty where nothing is known."""

    x: float
    height: float
    week: date
    text: str

    @property
    def label(self) -> str:
        """Return its Monday: 23 Nov."""
        return f"{self.week:%-d %b}"


@dataclass(frozen=True)
class Plot:
    """A figure by week: the highest bar, `top`, and that of the last week of which something is known, None if none."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    top: str
    latest: Bar | None
    note: str


def render(figures: Figures, settings: Settings, now: datetime) -> str:
    """Return the page as HTML that needs no other file."""
    style = theme.static_file(settings, "report.css")
    assert style  # noqa: S101 (it is among our own)
    return (
        theme.environment(settings)
        .get_template("report.html")
        .render(
            plots=plots(figures, now.astimezone().date()),
            failures=figures.failures,
            most=max((count for _, count in figures.failures), default=1),
            unread=figures.unread,
            totals=totals(figures.webinars),
            now=now,
            organisation=settings.organisation,
            style=style.read_text(encoding="utf-8"),
        )
    )


def totals(webinars: Iterable[Webinar]) -> list[tuple[str, str]]:
    """Return what stands at the head: of all that was ever made."""
    every = list(webinars)
    published = [one for one in every if one.published_at]
    hours = sum(one.length or 0.0 for one in every) / 3600
    taught = sum(one.taught for one in every)
    counts = len(every), len(published), round(hours), taught
    return list(zip(("drafts", "published", "hours of recording", "terms learned"), map(str, counts), strict=True))


def plots(figures: Figures, today: date) -> tuple[Plot, ...]:
    """Return the plots, in the order of a webinar's way."""
    made = figures.webinars
    drops: list[Sample] = [(at, 1.0) for at in figures.drops]
    to_draft = [(one.drafted_at, _hours(one.dropped_at, one.drafted_at)) for one in made]
    to_readers = [(one.published_at, _hours(one.dropped_at, one.published_at, 24)) for one in made]
    speeds = [(one.drafted_at, one.speed) for one in made]
    doubts = [(one.drafted_at, None if one.doubtful is None else 100 * one.doubtful) for one in made]
    minutes = [(one.published_at, one.minutes) for one in made]
    changes = [(one.published_at, one.changes) for one in made]
    taught = [(one.published_at, one.taught or None) for one in made]
    return (
        _plot("Drops", "", drops, sum, today=today, note="a week"),
        _plot("From drop to draft", "h", to_draft, median, today=today, note="median"),
        _plot("From drop to publication", "days", to_readers, median, today=today, note="median"),
        _plot("Speed", "× real time", speeds, median, today=today, note="median, all stages together"),
        _plot(
            "Doubtful sentences", "%", doubts, mean, today=today, note="of what the machine wrote, as it says itself"
        ),
        _plot("Editors’ minutes", "min", minutes, median, today=today, note="median of a digest"),
        _plot("Editors’ decisions", "", changes, median, today=today, note="median of a digest"),
        _plot("Terms learned", "", taught, sum, today=today, note="taught to the next transcripts"),
    )


def _plot(title: str, unit: str, samples: Iterable[Sample], total: Total, *, today: date, note: str) -> Plot:
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=WEEKS - 1 - number) for number in range(WEEKS)]
    of_week = dict[date, list[float]]()
    for at, amount in samples:
        if at is not None and amount is not None:
            day = at.astimezone().date()
            of_week.setdefault(day - timedelta(days=day.weekday()), []).append(amount)
    values = [total(of_week[week]) if week in of_week else None for week in weeks]
    top = max((value for value in values if value is not None), default=0.0)
    bars = tuple(
        Bar(number * STEP, HEIGHT * value / top if value and top else 0.0, week, "" if value is None else _say(value))
        for number, (week, value) in enumerate(zip(weeks, values, strict=True))
    )
    latest = next((bar for bar in reversed(bars) if bar.text), None)
    return Plot(title, unit, bars, _say(top), latest, note)


def _hours(start: datetime | None, end: datetime | None, unit: float = 1.0) -> float | None:
    """Return how many hours, or units of so many hours, lie between; None where that is not known."""
    return (end - start).total_seconds() / 3600 / unit if start and end and end >= start else None


def _say(value: float) -> str:
    return f"{value:.0f}" if value >= WHOLE or value == int(value) else f"{value:.1f}"
