"""How values are written on a page. Times are page time, in seconds; nothing here computes with them."""

import contextlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import format_decimal, format_percent
from markdown_it import MarkdownIt
from markupsafe import Markup

from digest.text.clock import clock, hours_minutes_seconds
from digest.text.links import is_safe_link
from digest.text.scripts import is_right_to_left, whole_words

MEGABYTE, KILOBYTE = 1_000_000, 1_000


def in_language(locale: Locale) -> dict[str, Callable[..., object]]:
    """Return all filters by name, those that write words or numbers in this language."""

    def day(at: datetime, timezone: str, length: str = "long") -> str:
        """Return the date in the zone: 23 November 2016; `full` has the weekday too."""
        return str(format_date(at.astimezone(ZoneInfo(timezone)).date(), length, locale=locale))

    def hour(at: datetime, timezone: str, minutes: int | None = None) -> str:
        """Return the time in the zone, to its end where that is known: 14:00–15:30 (Central European Standard Time)."""
        there = at.astimezone(ZoneInfo(timezone))
        zone = get_timezone_name(there, "long", locale=locale)
        ends = (at + timedelta(minutes=minutes)).astimezone(there.tzinfo) if minutes else None
        hours = "–".join(format_time(time, "HH:mm", locale=locale) for time in (there, ends) if time)
        return f"{hours} ({zone})"

    def size(count: int) -> str:
        """Return a number of bytes as kB or MB."""
        if count >= MEGABYTE:
            return f"{format_decimal(round(count / MEGABYTE, 1), locale=locale)} MB"
        return f"{format_decimal(max(1, round(count / KILOBYTE)), locale=locale)} kB"

    def percent(share: float) -> str:
        """Return a share between 0 and 1 as whole percent; neither 0 % nor 100 % unless it is exactly that."""
        if 0 < share < 1:
            share = min(max(share, 0.01), 0.99)
        return str(format_percent(share, "#,##0 %", locale=locale))

    def language_name(code: str) -> str:
        """Return what a language is called: French for `fr`; a code that nobody knows stays as it is."""
        with contextlib.suppress(UnknownLocaleError, ValueError):
            return Locale.parse(code, sep="-").get_display_name(locale) or code
        return code

    return {
        "clock": clock,
        "day": day,
        "direction": direction,
        "duration": duration,
        "hour": hour,
        "is_link": is_safe_link,
        "language_name": language_name,
        "lang_dir": lang_dir,
        "markdown": markdown,
        "percent": percent,
        "mark": mark,
        "plain": plain_text,
        "rfc_2822": format_datetime,
        "size": size,
    }


def mark(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """Return a text in parts, in order, each with whether it is one of the words."""
    if not words:
        return [(text, False)]
    longest_first = sorted(words, key=len, reverse=True)
    parts = re.split(f"({'|'.join(whole_words(re.escape(word), word) for word in longest_first)})", text)
    return [(part, bool(at % 2)) for at, part in enumerate(parts) if part]


def direction(language: str) -> str:
    """Return the way in which a language is written, as HTML has it: rtl or ltr."""
    return "rtl" if is_right_to_left(language) else "ltr"


def lang_dir(language: str) -> Markup:
    """Return the attributes of an element in this language: lang="ar" dir="rtl"."""
    return Markup('lang="{}" dir="{}"').format(language, direction(language))


def duration(seconds: float) -> str:
    """Return 754 as ISO 8601 has it: PT12M34S."""
    hours, minutes, rest = hours_minutes_seconds(seconds)
    written = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if count)
    return f"PT{written or '0S'}"


def markdown(text: str) -> Markup:
    """Return a small Markdown subset as HTML: paragraphs, emphasis, lists, links. HTML and pictures stay text."""
    return Markup(_markdown().render(text))  # noqa: S704 - html is off: all of the text is escaped


def plain_text(text: str) -> str:
    """Return the same subset as plain text, for calendars and mail: paragraphs apart, links with their address."""
    said, target = list[str](), ""
    for token in (inner for block in _markdown().parse(text) for inner in (block.children or [block])):
        match token.type:
            case "text":
                said.append(token.content)
            case "softbreak" | "hardbreak":
                said.append("\n")
            case "link_open":
                target = str(token.attrGet("href"))
            case "link_close" if not (said and said[-1] == target):
                said.append(f" ({target})")
            case "bullet_list_close" | "ordered_list_close":
                said.append("\n")
            case "list_item_open":
                said.append("– ")
            case "paragraph_close":
                said.append("\n" if token.hidden else "\n\n")
    return "".join(said).strip()


def _markdown() -> MarkdownIt:
    made = MarkdownIt("zero", {"html": False})
    made.enable(["emphasis", "link", "autolink", "list", "newline", "escape", "entity"])
    made.validateLink = is_safe_link  # type: ignore[method-assign,assignment]
    made.add_render_rule("link_open", _link_open)
    return made


def _link_open(renderer: object, tokens: list[object], at: int, options: object, env: object) -> str:
    tokens[at].attrSet("rel", "noopener")  # type: ignore[attr-defined]
    return str(renderer.renderToken(tokens, at, options, env))  # type: ignore[attr-defined]
