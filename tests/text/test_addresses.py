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


@pytest.mark.parametrize(
    "text",
    [
        *(
            "ann{at}example.org",
            "ann.lee (@) example.org",
            "ann at example dot co dot uk",
            "write to ann at example dot org",
            "ann (arroba) example (punto) org",
        ),
        *("+49 (0) 30 / 123 45 67", "030/1234567", "+33.1.23.45.67.89", "call +1-212-555-0188 x12", "(212) 555-0188"),
        *(
            "080-1234-5678",
            "电话：13812345678",
            "＋４１　２２　５５５　０１　２３",
            "my cell: 9123 4567",
            "555.0188 rang: call 555.0188",
        ),
        *("https://api.whatsapp.com/send?phone=41795550123", "t.me/+41795550123", "sms:+41795550123", "5550188"),
    ],
)
def test_addresses_in_any_writing_go(text: str) -> None:
    """Whatever stands for @ and the dot, whatever script the figures are of, and in links that ring somebody up."""
    assert "[…]" in mask_addresses(text)


@pytest.mark.parametrize(
    "text",
    [
        *("ISBN 978-3-16-148410-0", "9783161484100", "ISBN-10: 0-306-40615-2", "ISSN 2049-3630", "10.1000/1827364"),
        *("1999-2003", "2015–2021", "2030 2040 2050", "24-25.06.2021", "11/23/2016", "2024-05-14 09:01:02"),
        *("CHF 1'250'000", "$1,250,000.00", "EUR 1.250.000", "50 000-60 000", "1250000 people", "3.14159265"),
        *(
            "A/RES/70/237",
            "192.168.0.1",
            "CVE-2021-44228",
            "look at the dot on the map",
            "find all texts at dialogue dot example dot org slash norms",
            "5 @ 10.30",
        ),
    ],
)
def test_other_numbers_stay(text: str) -> None:
    """Books, years, prices, dates, papers and versions are nobody's number."""
    assert mask_addresses(text) == text


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
