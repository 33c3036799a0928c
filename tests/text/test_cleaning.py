"""Text is made fit to show, and nothing that people see is lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.cleaning import clean_line, clean_text, is_blank

LINE_ENDS = "\x0b\x0c\x85\u2028\u2029\r\n"
STRANGE = "\ud83c\x00\x08\x0e\x1b\x1f\x7f\x9f\xad\u200b\u202a\u202e\u2060\u2066\u2069\ufffb\ufeff\t" + LINE_ENDS
JOINERS = "\u200c\u200d\u200e\u200f\u061c\ufe0f"
texts = st.text(st.characters() | st.sampled_from(STRANGE + JOINERS + "aé \u0301"), max_size=200)


@pytest.mark.parametrize(
    "text",
    [
        "Cyber norms: “Towards an inclusive dialogue”, 23 November 2016 – online",
        "نمی\u200cخواهم",  # Persian
        "ක්\u200dෂ, ക്\u200d, র\u200d্যাব",  # Sinhala, Malayalam, Bengali
        "👩🏽\u200d💻 + 👨\u200d👩\u200d👧 ❤\ufe0f 🇺🇳 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "שלום\u200f! עברית",
        "a\u00a0non-breaking space",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    """Joiners in emoji and scripts, marks of direction and accents are part of what was written."""
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (
            "one\r\ntwo\rthree\u2028four\u2029five\x85six\x0bseven\x0ceight",
            "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight",
        ),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("cy\xadber\u200bspace\ufeff", "cyberspace"),
        ("a\x00b\x1b[0m", "ab[0m"),
        ("\ud83c half", " half"),
        ("Ge\u0301ne\u0300ve", "Génève"),
        ("a\tb", "a\tb"),
    ],
)
def test_what_nobody_sees_goes(text: str, cleaned: str) -> None:
    """Controls, hidden letters and overrides go, lines end in one way, an accent is part of its letter."""
    assert clean_text(text) == cleaned


@given(texts)
def test_clean_text_stays_as_it_is(text: str) -> None:
    """Cleaning twice changes nothing, and what is left can be stored and is of one form."""
    once = clean_text(text)

    assert clean_text(once) == once
    assert not set(once) & (set(STRANGE) - {"\n", "\t"})
    assert unicodedata.is_normalized("NFC", once)
    assert once.encode("utf-8").decode("utf-8") == once


@given(texts)
def test_a_line_is_the_words_of_the_text(text: str) -> None:
    """A line has the same words in the same order, with one space between them."""
    line = clean_line(text)

    assert line.split() == clean_text(text).split()
    assert clean_line(line) == line == line.strip()
    assert not any(space in line for space in ("\n", "\t", "  "))


@given(texts)
def test_joiners_are_never_lost(text: str) -> None:
    """As many joiners and marks of direction come out as went in."""
    assert [letter for letter in clean_text(text) if letter in JOINERS] == [
        letter for letter in text if letter in JOINERS
    ]


@pytest.mark.parametrize("text", ["", " \n\t", "\u200d\u200f", "\u00a0\u202e\x00"])
def test_a_blank_text_shows_nothing(text: str) -> None:
    """Marks without a letter are no text."""
    assert is_blank(text)


@given(texts, st.characters(categories=("L", "N", "P", "S")))
def test_a_letter_is_never_blank(text: str, letter: str) -> None:
    """Where one letter is, something is seen."""
    assert not is_blank(text + letter)
