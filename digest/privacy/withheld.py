"""Sentences without the names of people who did not agree to be named: a text in, the text for readers out."""

import re
from collections.abc import Collection

CAPITAL = r"[A-ZÀ-ÖØ-ÞĀ-Ž]"
PART = rf"{CAPITAL}(?:[^\W\d_]|[-'’](?=[^\W\d_]{{2}}))+"  # of a name: "O'Brien", not the "'s" behind it
STOPS = r"[.?!…:;]|$"


def withhold_names(
    text: str, names: Collection[str], *, honorifics: Collection[str], instead: str, has_small_nouns: bool = True
) -> str:
    """Return a text without these names: a call ("Marta, …", "…, Mr Cole?") goes, elsewhere `instead` stands for it.

    `names` are words as they are written. An honorific before one goes with it, and so do words with a capital that are
    tied to it, where nouns have none: whoever has a first name has a last one. `instead` stands in brackets.
    """
    person = _person(names, honorifics, is_tied=has_small_nouns)
    if person is None or not person.search(text):
        return text
    one = person.pattern
    called = re.sub(rf"^{one}, (\w)", lambda found: found[1].upper(), text)
    called = re.sub(rf", {one}(?=,|{STOPS})", "", called)
    return re.sub(
        rf"(^|[.?!…] |){one}", lambda found: f"{found[1]}[{_as_begins(instead, found[1], found.start())}]", called
    )


def _person(names: Collection[str], honorifics: Collection[str], *, is_tied: bool) -> re.Pattern[str] | None:
    """Return what finds one of these names with what belongs to it."""
    if not names:
        return None
    titles = "|".join(map(re.escape, sorted(honorifics, key=len, reverse=True)))
    courtesy = rf"(?:(?i:{titles})\.? )*" if titles else ""
    known = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    first, last = (rf"(?:(?<=[^\W_] ){PART} )?", rf"(?: {PART})*") if is_tied else ("", rf"(?: (?:{known})\b)*")
    return re.compile(rf"(?<![-\w]){courtesy}{first}(?:{known})(?![-\w]){last}")


def _as_begins(instead: str, before: str, start: int) -> str:
    """Return the words that stand for a name, with a capital where they begin a sentence."""
    return instead[0].upper() + instead[1:] if before or start == 0 else instead
