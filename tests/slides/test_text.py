"""What slides say is made safe to show, whatever was written into them."""

import string

from hypothesis import given
from hypothesis import strategies as st

from digest.slides.text import MAX_LINE, MAX_SLIDE, clean, lines, plain_links, rows
from digest.text.links import is_safe_link

STRANGE = "\ud83c\x00\x1b\x7f\xad\u200b\u202e\u2060\u2066\ufeff\t\n\v"
texts = st.text(st.characters() | st.sampled_from(STRANGE + string.ascii_letters), max_size=200)


@given(texts)
def test_a_cleaned_line_stays_as_it_is(text: str) -> None:
    """One line, nothing invisible in it, and cleaning it again changes nothing."""
    once = clean(text)

    assert clean(once) == once
    assert not set(once) & set(STRANGE)
    assert len(once) <= MAX_LINE


@given(st.lists(st.tuples(st.integers(-3, 20), texts), max_size=30))
def test_lines_are_bounded_and_never_empty(found: list[tuple[int, str]]) -> None:
    """Levels from 0 to 8, in the order they came in."""
    kept = lines(found)

    assert all(line.text and 0 <= line.level <= 8 for line in kept)
    assert sum(len(line.text) for line in kept) <= MAX_SLIDE


@given(st.lists(st.lists(texts, max_size=5), max_size=10))
def test_rows_keep_their_cells(found: list[list[str]]) -> None:
    """A table within the limit loses no cell."""
    assert [len(row) for row in rows(found)] == [len(row) for row in found]


@given(texts)
def test_links_in_a_text_can_be_followed(text: str) -> None:
    """Whatever stands around an address, what is taken for one begins as one and ends before the next space."""
    found = list(plain_links([f"{text} (see https://example.org/a_(b)?q=1). {text}"]))

    assert all(target.startswith(("http://", "https://")) and " " not in target for _, target in found)
    assert "https://example.org/a_(b)?q=1" in {target for _, target in found}
    assert is_safe_link("https://example.org/a_(b)?q=1")


def test_signs_before_items_are_no_text() -> None:
    """Bullets go, those of symbol fonts too; a minus stays with its number."""
    assert [line.text for line in lines([(0, "• one"), (0, "\uf0b7 two"), (0, "– three"), (0, "-5 °C")])] == [
        "one",
        "two",
        "three",
        "-5 °C",
    ]
