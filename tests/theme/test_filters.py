"""How values are written."""

from datetime import UTC, datetime

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from digest.theme import filters

ENGLISH = filters.in_language(Locale.parse("en_001"))
START = datetime(2016, 11, 23, 13, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "written"), [(0, "0:00"), (754, "12:34"), (754.99, "12:34"), (3723, "1:02:03")])
def test_times_read_as_on_a_player(seconds: float, written: str) -> None:
    """A time on the page looks as it does on the player."""
    assert ENGLISH["clock"](seconds) == written


def test_a_date_is_the_date_of_the_place() -> None:
    """Date and time are those of the event's own zone, which is named."""
    assert ENGLISH["day"](START, "Pacific/Auckland") == "24 November 2016"
    assert ENGLISH["hour"](START, "Europe/Zurich") == "14:00 (Central European Standard Time)"


@pytest.mark.parametrize(("count", "written"), [(10, "1 kB"), (47_100, "47 kB"), (2_130_000, "2.1 MB")])
def test_sizes(count: int, written: str) -> None:
    """A reader sees what a download costs."""
    assert ENGLISH["size"](count) == written


@pytest.mark.parametrize(("share", "written"), [(0, "0 %"), (0.001, "1 %"), (0.999, "99 %"), (1, "100 %")])
def test_a_share_is_never_rounded_to_all_or_nothing(share: float, written: str) -> None:
    """The page says 100 % only where not a single sentence was edited."""
    assert ENGLISH["percent"](share) == written


@pytest.mark.parametrize(("seconds", "written"), [(0, "PT0S"), (754, "PT12M34S"), (3600, "PT1H")])
def test_durations_for_machines(seconds: float, written: str) -> None:
    """Durations are ISO 8601."""
    assert filters.duration(seconds) == written


def test_markdown_keeps_to_its_subset() -> None:
    """Emphasis, lists and links work; HTML and pictures stay text, and no link runs a script."""
    html = filters.markdown("*a* <img src=x> ![p](https://a.b/c.png)\n\n- [x](https://a.b/)\n- [y](javascript:alert)")

    assert "<em>a</em>" in html
    assert '<a href="https://a.b/" rel="noopener">x</a>' in html
    assert "<img" not in html
    assert 'href="javascript' not in html


@given(st.text())
def test_no_text_gets_an_element_past_the_subset(text: str) -> None:
    """Whatever staff paste into a description, only the subset's elements come out."""
    allowed = ("p", "/p", "em", "/em", "strong", "/strong", "ul", "/ul", "ol", "/ol", "li", "/li", "br", "a", "/a")

    tags = [part.split(">")[0].split(" ")[0] for part in filters.markdown(text).split("<")[1:]]

    assert set(tags) <= set(allowed)
