"""The first mistake in an event.toml is shown with its line and how to mend it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import UnusableDrop
from digest.intake.event_file import parse_event_file


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        ("title = Cyber norms", 'Put the text in straight quotes: title = "Cyber norms".'),
        ("title = “Cyber norms”", 'Put the text in straight quotes: title = "Cyber norms".'),
        ('title = "Cyber norms', 'Put a straight quote at the end of the text too: title = "Cyber norms".'),
        ('series = "C:\\Users\\new"', 'Write / for each backslash: series = "C:/Users/new".'),
        ("title: Cyber norms", 'Write “=” behind the name, and the text in straight quotes: title = "Cyber norms".'),
        ("date = 23.11.2016", "Write a date and time as 2016-11-23T14:00:00."),
        ("chatham_house = Yes", "Write chatham_house = true."),
        ("title =", 'Write something behind “=”, or take the line out: title = "…".'),
        ("[[speakers]", "Write a heading as [[speakers]], with as many brackets behind it."),
        ('language = "en"', "language stands there twice: leave one of the two."),
        ("see the programme", 'Write it as name = "text", a line each, or begin it with # where it is a note.'),
    ],
)
def test_a_mistake_is_shown_with_its_line_and_the_mend(tmp_path: Path, line: str, mend: str) -> None:
    """Staff read which line it is, what stands there, and what to write instead; what they then write is read."""
    (path := tmp_path / "event.toml").write_text(f'language = "en"\n# a note\n{line}\ntags = ["a"]\n', encoding="utf-8")

    with pytest.raises(UnusableDrop) as refused:
        parse_event_file((path,))

    assert refused.value.what == f"Line 3 cannot be read: {line}"
    assert refused.value.remedy == f"{mend} Then drop the folder again."


@pytest.mark.parametrize(
    "line", ["deck_password = sesame", 'deck_password = "sesame', "deck_password: sesame", "join_url = “sesame”"]
)
def test_a_secret_is_not_repeated(tmp_path: Path, line: str) -> None:
    """The mistake is told, the password is not: others read PROBLEM.txt too."""
    (path := tmp_path / "event.toml").write_text(f"{line}\n", encoding="utf-8")

    with pytest.raises(UnusableDrop, match="Line 1 cannot be read") as refused:
        parse_event_file((path,))

    assert "sesame" not in str(refused.value)


@given(st.text(max_size=200))
def test_any_text_is_read_or_explained(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Whatever was typed, there is a line and a sentence on what to do."""
    (path := tmp_path_factory.mktemp("any") / "event.toml").write_bytes(text.encode("utf-8", "surrogatepass"))

    refused = None
    try:
        parse_event_file((path,))
    except UnusableDrop as error:
        refused = error

    assert refused is None or (refused.what and refused.remedy)
