"""Pages that lead nowhere are found before anybody reads them."""

import pytest

from digest.errors import DigestError
from digest.site.verify import verify

FILES = {"index.html", "a/index.html", "a/film.mp4"}


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="b/index.html">', "b/index.html leads nowhere"),
        ('<a href="a/index.html#gone">', "leads to no place on that page"),
        ('<p id="x"><p id="x">', "the id x is there twice"),
        ('<img src="//foreign.example/x.png">', "would be loaded from elsewhere"),
        ('<video poster="data:image/png;base64,AA==">', "would be loaded from elsewhere"),
        ('<script src="gone.js"></script>', "gone.js is not there"),
    ],
)
def test_a_fault_is_named(body: str, fault: str) -> None:
    """Every dead link, doubled id and foreign file is named with its page."""
    with pytest.raises(DigestError, match=fault):
        verify({"index.html": body, "a/index.html": ""}, FILES, {})


def test_what_leads_somewhere_passes() -> None:
    """Links to pages, places, files, moments of a recording and other sites are fine."""
    verify(
        {
            "index.html": '<p id="é"><a href="#%C3%A9"></a><a href="a/index.html#x"></a><a href="https://a.b/"></a>',
            "a/index.html": '<p id="x"><a href="film.mp4#t=754"></a><a href="#t=754"></a><a href="../index.html"></a>',
        },
        FILES,
        {"page.css": b"a { color: red }"},
    )


def test_a_style_sheet_loads_nothing_from_elsewhere() -> None:
    """An organisation's style sheet cannot tell another host who reads."""
    with pytest.raises(DigestError, match=r"page\.css loads from elsewhere"):
        verify({"index.html": ""}, FILES, {"page.css": b'@import "https://fonts.example/css";'})
