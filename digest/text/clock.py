"""Times as a clock or a player shows them, read and written. All are seconds."""

import re

TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"  # 12:34, 1:02:03, 00:12:34.567
PARTS = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?")


def parse_clock(text: str) -> float | None:
    """Return 754.5 for “12:34.5” and for “00:12:34,500”; None for what is no time, such as “12:60”."""
    found = PARTS.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[:3])
    if minutes >= 60 or seconds >= 60:  # noqa: PLR2004
        return None
    return round(hours * 3600 + minutes * 60 + seconds + float(f"0.{found[4] or 0}"), 3)


def hours_minutes_seconds(seconds: float) -> tuple[int, int, int]:
    """Return whole hours, minutes and seconds; what is left of the last second is dropped, as players do."""
    whole = int(seconds)
    return whole // 3600, whole // 60 % 60, whole % 60


def clock(seconds: float) -> str:
    """Return 754 as 12:34, and 3723 as 1:02:03."""
    hours, minutes, rest = hours_minutes_seconds(seconds)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def clock_with_tenths(seconds: float) -> str:
    """Return 754.24 as 12:34.2, and 4512.5 as 1:15:12.5: as editors read and write a time."""
    tenths = round(seconds * 10)
    return f"{clock(tenths // 10)}.{tenths % 10}"


def clock_with_hours(seconds: float) -> str:
    """Return 754 as 0:12:34: for columns of times."""
    hours, minutes, rest = hours_minutes_seconds(seconds)
    return f"{hours}:{minutes:02}:{rest:02}"


def timestamp(seconds: float) -> str:
    """Return 754.5671 as 00:12:34.567, as caption files have it."""
    thousandths = round(seconds * 1000)
    hours, minutes, rest = hours_minutes_seconds(thousandths // 1000)
    return f"{hours:02}:{minutes:02}:{rest:02}.{thousandths % 1000:03}"


def minutes_and_seconds(seconds: float) -> str:
    """Return 754.2 as 12 min 34 s; hours are minutes too, and the last second is rounded."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s"
