"""What people write to each other and readers never see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.addresses import mask_addresses

NAME = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ring 022 555 01 00 or +41 (0)22 555 01 00", "ring […] or […]"),
        ("my number is 555-0100.", "my number is […]."),
        ("a.b+c@mail.example.org wrote", "[…] wrote"),
        ("192.0.2.0/24, 2016-11-23, 2016-2020, 1 300 000", "192.0.2.0/24, 2016-11-23, 2016-2020, 1 300 000"),
        ("https://example.org/2016/1234567890", "https://example.org/2016/1234567890"),
        ("Resolution 70/237, 12:34:56, page 1–20", "Resolution 70/237, 12:34:56, page 1–20"),
    ],
)  # fmt: skip
def test_addresses_and_numbers(text: str, masked: str) -> None:
    """Telephone numbers and mail addresses go, dates, amounts, network addresses and links stay."""
    assert mask_addresses(text) == masked


@given(st.text(max_size=40), NAME, NAME, st.text(max_size=40))
def test_no_mail_address_is_left(before: str, name: str, host: str, after: str) -> None:
    """Whatever stands around an address, it goes."""
    assert f"{name}@{host}.example" not in mask_addresses(f"{before} {name}@{host}.example {after}")


@given(st.from_regex(r"\A\+[1-9]\d( \d\d\d){3}\Z"))
def test_no_international_number_is_left(number: str) -> None:
    """A number with the sign of another country is a telephone's."""
    assert mask_addresses(f"ring {number}, please") == "ring […], please"


@given(st.text())
def test_masking_twice_changes_nothing(text: str) -> None:
    """What was masked once is masked."""
    once = mask_addresses(text)

    assert mask_addresses(once) == once
