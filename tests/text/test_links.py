"""Which addresses readers may be led to."""

from urllib.parse import urlsplit

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from digest.text.links import MAX_LINK, is_entrance, is_safe_link, link_pattern
from digest.theme import filters

HARM = ' \t\n\r\x00\x0b\x1f\x7f\x85"<>\\`{}\u00a0\u00ad\u061c\u200b\u200e\u200f\u2028\u202e\u2066\ufeff\ud800'


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a?b=c#d",
        "http://example.org:8080/",
        "HTTPS://EXAMPLE.ORG",
        "https://example.org/a_(b)?q=1,2;3|4&e=ann@example.org",
        "https://[2001:db8::1]/",
        "https://münchen.example/straße",
        "https://مثال\u200cها.example/",
        "https://example.org/wiki/O'Neill",
        "mailto:info@example.org",
        "mailto:info@example.org?subject=Cyber%20norms",
    ],
)
def test_pages_and_mail_addresses_are_followed(address: str) -> None:
    """Readers get to web pages and mail addresses, whatever the script of their names."""
    assert is_safe_link(address)


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "example.org",
        "//example.org",
        "/digest/",
        "#t=754",
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org/",
        "https:",
        "http://",
        "https:///path",
        "https://:443/",
        "https://[",
        "https://user:password@example.org/",
        "https://bank.example@evil.example/",
        "https://@example.org/",
        "https://example.org:port/",
        "https://example.org:0/",
        "https://example.org:65536/",
        "https://exa mple.org",
        "https://example.org\\@evil.example/",
        "mailto:",
        "mailto:info",
        "mailto:@example.org",
        "mailto://info@example.org",
        "https://example.org/" + "a" * MAX_LINK,
    ],
)
def test_all_else_leads_nowhere(address: str | None) -> None:
    """No script, no file, no password, no page without a host."""
    assert not is_safe_link(address)


@given(st.text(max_size=20), st.sampled_from(HARM), st.text(max_size=20))
def test_what_breaks_a_page_makes_no_link(before: str, harm: str, after: str) -> None:
    """Spaces, quotes, controls and marks that turn writing round are nowhere in a link that is shown."""
    assert not is_safe_link(f"https://example.org/{before}{harm}{after}")


@given(st.text() | st.from_regex(r"\A(?:https?|mailto|javascript):/{0,3}[\w.@:\[\]/?#-]{0,40}\Z"))
def test_a_safe_link_is_what_it_seems(address: str) -> None:
    """Whatever is tried, a link that is followed has one of three schemes, and nobody's name before its host."""
    if is_safe_link(address):
        parts = urlsplit(address)
        assert address.lower().startswith(("http://", "https://", "mailto:"))
        assert parts.username is parts.password is None
        assert len(address) <= MAX_LINK
        assert not set(address) & set(HARM)


@pytest.mark.parametrize("address", ["https://user:pw@example.org/", "https://example.org:99999/", "javascript:x"])
def test_descriptions_and_templates_ask_this_rule(address: str) -> None:
    """Neither a template nor the Markdown of a description links where readers may not be led."""
    assert not filters.in_language(Locale.parse("en"))["is_link"](address)
    assert "href" not in filters.markdown(f"[here]({address}) and <{address}>")


@pytest.mark.parametrize(
    ("link", "text", "left"),
    [
        ("https://live.example.org/r/12", "at https://live.example.org/r/12.", "at […]."),
        ("https://live.example.org/r/12", "LIVE.example.org/r/12/?a=b&c=d, then", "[…], then"),
        ("https://live.example.org/r/12?k=1&l=2", "(http://www.live.example.org/r/12?k=1&amp;l=2)", "([…])"),
        ("live.example.org/r/12/", "[here](https://live.example.org/r/12#now)", "[here]([…])"),
        ("https://live.example.org/r/12", "live.example.org/r/123 and live.example.org/r", None),
        ("https://live.example.org", "https://live.example.org/?x=1 or live.example.org/register", "[…] or {}"),
        ("https://live.example.org", "see notlive.example.org and live.example.org.uk", None),
    ],
)
def test_a_link_is_found_however_it_is_copied(link: str, text: str, left: str | None) -> None:
    """With or without scheme, with more at its end, in any case; another address of the same host is none."""
    expected = text if left is None else left.format("live.example.org/register")

    assert link_pattern(link).sub("[…]", text) == expected


@pytest.mark.parametrize(
    "address",
    [
        *("https://zoom.us/j/81230001111", "us02web.zoom.us/w/812?tk=x", "https://un.zoomgov.com/my/room"),
        "zoom.us/wc/join/8",
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%7d",
        *("https://teams.microsoft.com/meet/3911?p=x", "https://teams.live.com/meet/93", "https://meet.google.com/abc-defg-hij"),
        *("https://forum.webex.com/meet/ana", "https://forum.webex.com/forum/j.php?MTID=m0a", "https://meet.goto.com/812"),
        *("https://global.gotomeeting.com/join/812", "https://attendee.gotowebinar.com/join/812", "https://bbb2.example.org/x"),
        *("https://conf.example.org/b/ana-x1y-z2w", "https://conf.example.org/b/ana-x1y-z2w-q9r"),
        *("https://conf.example.org/rooms/ana-x1y/join", "https://conf.example.org/bigbluebutton/api/join?meetingID=1"),
        *("https://meet.jit.si/forum", "https://8x8.vc/forum", "https://whereby.com/forum", "https://join.skype.com/xyz"),
        *("https://live.example.org/room?token=x", "https://live.example.org/room#pwd=x", "https://zoom.us/rec/share/x"),
        "https://zoom.us/my/registrar",
    ],
)  # fmt: skip
def test_ways_into_a_meeting(address: str) -> None:
    """Whatever invitations of the platforms lead to; a password opens something wherever it stands."""
    assert is_entrance(address)


@pytest.mark.parametrize(
    "address",
    [
        *("https://zoom.us/webinar/register/WN_x", "https://us02web.zoom.us/meeting/register/tJ", "https://events.zoom.us/ev/Ax"),
        *("https://teams.microsoft.com/registration/x", "https://events.teams.microsoft.com/event/0a1b@2c3d"),
        *("https://attendee.gotowebinar.com/register/812", "https://forum.webex.com/weblink/register/r0a"),
        *("https://www.meetup.com/forum/events/812/", "https://meetings.example.org/norms", "https://forms.gle/x"),
        *("https://example.org/?p=812", "https://example.org/join", "https://example.org/b/norms", "https://example.org/rooms/"),
        *("mailto:info@example.org", "https://[", ""),
    ],
)  # fmt: skip
def test_pages_that_anybody_may_see(address: str) -> None:
    """Where one registers, on the platforms' hosts too, and pages that only sound like a meeting."""
    assert not is_entrance(address)
