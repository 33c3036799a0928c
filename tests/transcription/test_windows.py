"""Windows hold every voice, no long pause, and lead back to the recording."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model.artifact import Span
from digest.transcription.windows import MARGIN, MAX_LENGTH, Window, halves, windows


@st.composite
def voices(draw: st.DrawFn) -> tuple[Span, ...]:
    """Return voiced regions in order, never overlapping."""
    lengths = draw(st.lists(st.tuples(st.floats(0, 70), st.floats(0.2, 70)), min_size=1, max_size=30))
    found, at = list[Span](), 0.0
    for pause, voice in lengths:
        found.append(Span(start=at + pause, end=at + pause + voice))
        at = found[-1].end
    return tuple(found)


@given(voices())
def test_windows_hold_all_voice_and_at_most_half_a_minute(regions: tuple[Span, ...]) -> None:
    """Every voiced second is in a window, in order, none is longer than Whisper's, and no long pause is in any."""
    cut = windows(regions)

    assert all(window.length <= MAX_LENGTH + 1e-6 for window in cut)
    assert sum(window.voice for window in cut) == pytest.approx(sum(span.end - span.start for span in regions))
    assert all(one.end <= two.start + 1e-6 for one, two in pairwise(span for window in cut for span in window.voiced))
    pauses = sum(window.length - window.voice for window in cut)
    assert pauses <= 2 * MARGIN * sum(len(window.voiced) for window in cut) + 1e-6


@given(voices(), st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_times_in_a_window_lead_back_in_order(regions: tuple[Span, ...], shares: list[float]) -> None:
    """Later in the window is later in the recording, and always inside a piece of it."""
    for window in windows(regions):
        times = [share * window.length for share in sorted(shares)]
        found = [second for one, two in pairwise(times) for second in window.in_recording(one, two)]

        assert all(one <= two + 1e-6 for one, two in pairwise(found))
        assert all(any(p.start - 1e-6 <= second <= p.end + 1e-6 for p in window.pieces) for second in found)


def test_a_window_is_cut_at_its_longest_inner_pause() -> None:
    """Not after the first word, though the pause there is the longest: a second of sound is too little to go by."""
    spans = [(0, 1), (3, 8), (8.5, 12), (13, 20)]
    window = Window(voiced=tuple(Span(start=start, end=end) for start, end in spans))

    first, second = halves(window)

    assert (first.voiced[-1].end, second.voiced[0].start) == (12, 13)
    assert halves(Window(voiced=window.voiced[:1])) == (Window(voiced=window.voiced[:1]),)
