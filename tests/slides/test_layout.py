"""Text is read in the order in which people read it, and its title is found."""

from hypothesis import given
from hypothesis import strategies as st

from digest.slides.layout import Piece, lines_of, reading_order, title_among


def piece(text: str, left: float, top: float, size: float = 10) -> Piece:
    """Return a text in a box as wide as its letters."""
    return Piece(text=text, size=size, box=(left, top, left + 0.5 * size * len(text), top + size))


LEFT = ["States agreed on eleven norms", "of responsible behaviour"]
RIGHT = ["Companies have their own list", "of things they will not do"]


def test_columns_are_read_one_after_the_other() -> None:
    """Also where the file draws them line by line across."""
    rows = [
        piece(text, left, 100 + 12 * row) for row in range(2) for text, left in ((LEFT[row], 50.0), (RIGHT[row], 400.0))
    ]

    said = lines_of([piece("Two views of one thing", 50, 20, 24), *rows])

    assert " ".join(line.text for line in said) == " ".join(["Two views of one thing", *LEFT, *RIGHT])


def test_a_table_is_read_by_rows() -> None:
    """Cells are short, and the file's own order goes along the rows."""
    cells = [piece(text, 100 * (at % 3), 40 * (at // 3)) for at, text in enumerate("abcdefghi")]

    assert [line.text for line in lines_of(cells)] == list("abcdefghi")


def test_headings_stay_over_their_columns() -> None:
    """Four boxes in a square follow the file, which goes down the columns."""
    square = [(0.0, 0.0, 40.0, 10.0), (0.0, 20.0, 40.0, 60.0), (50.0, 0.0, 90.0, 10.0), (50.0, 20.0, 90.0, 60.0)]

    assert reading_order(square) == [0, 1, 2, 3]


def test_a_bullet_belongs_to_its_line() -> None:
    """However far it stands before the text."""
    assert [line.text for line in lines_of([piece("•", 10, 10), piece("Define terms", 40, 10)])] == ["• Define terms"]


def test_a_broken_line_is_joined() -> None:
    """It was broken because the next word had no room; a list of short items is not."""
    broken = [piece("What counts as trade that is", 0, 0), piece("digital, and who decides", 0, 12)]
    listed = [piece("Governments", 0, 0), piece("Users", 0, 12)]

    assert [line.text for line in lines_of(broken)] == ["What counts as trade that is digital, and who decides"]
    assert [line.text for line in lines_of(listed)] == ["Governments", "Users"]


def test_the_title_is_large_and_at_the_top() -> None:
    """A larger figure further down is none; without larger letters a line that stands apart is."""
    page = [piece("Where states stand", 0, 20, 24), piece("of all states agree", 0, 300), piece("87 %", 0, 350, 60)]
    flat = [piece("Agenda", 0, 20), piece("One", 0, 100), piece("Two", 0, 120)]

    assert title_among(page, 540) == range(1)
    assert title_among(flat, 540) == range(1)
    assert title_among([piece(text, 0, 20 + 12 * at) for at, text in enumerate(LEFT)], 540) == range(0)


coordinates = st.floats(-1e6, 1e6)
boxes = st.tuples(coordinates, coordinates, coordinates, coordinates).map(
    lambda b: (min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3]))
)


@given(st.lists(boxes, max_size=40))
def test_nothing_is_lost_or_doubled(found: list[tuple[float, float, float, float]]) -> None:
    """Whatever the boxes, each is read once."""
    assert sorted(reading_order(found)) == list(range(len(found)))


@given(st.lists(st.builds(Piece, text=st.text("ab •", min_size=1), size=st.floats(1, 99), box=boxes), max_size=20))
def test_lines_hold_all_letters(found: list[Piece]) -> None:
    """Joining moves text and adds spaces, and changes nothing else."""
    said = "".join(line.text for line in lines_of(found))

    assert sorted(said.replace(" ", "")) == sorted("".join(one.text for one in found).replace(" ", ""))
    assert len(title_among(found, 540)) <= 3
