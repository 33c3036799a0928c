"""Times of a clock, read and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.clock import (
    TIME,
    clock,
    clock_with_hours,
    hours_minutes_seconds,
    minutes_and_seconds,
    parse_clock,
    timestamp,
)

SECONDS = st.floats(0, 999 * 3600, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("12:34", 754),
        ("0:3", 3),
        ("1:02:03", 3723),
        ("00:12:34.567", 754.567),
        ("00:12:34,5", 754.5),
        ("100:00:00.000", 360_000),
        ("12:60", None),
        ("1:60:00", None),
        ("12", None),
        ("12:34.", None),
        ("12:34:56:78", None),
        ("-1:00", None),
        (" 12:34", None),
        ("12:34\n", None),
        ("", None),
    ],
)
def test_times_are_read(text: str, seconds: float | None) -> None:
    """Captions of every kind write times so; sixty seconds are a minute, and all else is no time."""
    assert parse_clock(text) == seconds


@pytest.mark.parametrize(
    ("seconds", "short", "long"), [(0, "0:00", "0:00:00"), (754.99, "12:34", "0:12:34"), (3723, "1:02:03", "1:02:03")]
)
def test_times_read_as_on_a_player(seconds: float, short: str, long: str) -> None:
    """Hours show where there are any; in a column they always do."""
    assert (clock(seconds), clock_with_hours(seconds)) == (short, long)


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, "00:00:00.000"), (754.5671, "00:12:34.567"), (59.9996, "00:01:00.000"), (360_000, "100:00:00.000")],
)
def test_timestamps_of_captions(seconds: float, written: str) -> None:
    """Caption files have thousandths, rounded to the nearest."""
    assert timestamp(seconds) == written


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 min 00 s"), (754.5, "12 min 34 s"), (4503.7, "75 min 04 s")])
def test_lengths_in_words(seconds: float, words: str) -> None:
    """How long something is, for staff."""
    assert minutes_and_seconds(seconds) == words


@given(SECONDS)
def test_what_is_written_is_read_again(seconds: float) -> None:
    """A time survives its way through a file, to the thousandth or the second that was written."""
    assert parse_clock(timestamp(seconds)) == pytest.approx(seconds, abs=0.000_51)
    assert parse_clock(clock(seconds)) == parse_clock(clock_with_hours(seconds)) == int(seconds)


@given(SECONDS)
def test_parts_make_the_whole(seconds: float) -> None:
    """Hours, minutes and seconds add up, and none of them overflows."""
    hours, minutes, rest = hours_minutes_seconds(seconds)

    assert hours * 3600 + minutes * 60 + rest == int(seconds)
    assert max(minutes, rest) < 60


@given(st.from_regex(TIME, fullmatch=True) | st.text(max_size=12))
def test_any_text_is_a_time_or_none(text: str) -> None:
    """Nothing that is written as a time makes the reader fall over, and no time is beyond a thousand hours."""
    seconds = parse_clock(text)

    assert seconds is None or 0 <= seconds < 1000 * 3600
