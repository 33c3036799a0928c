"""Zoom's chat as a participant saves it: "14:02:11 From  Ann to  Everyone:", then the text; older ones on a line.

Zoom writes these words in the language of who saves: `LANGUAGES` has those that are known. In any other it
does not show which messages were for everyone, and none is used.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from digest.errors import UnusableDrop
from digest.intake.formats.chats import CLOCK, DATE, PRIVATE, read_messages, share_of_heads
from digest.intake.formats.companion_file import CompanionFile, Contents


@dataclass(frozen=True)
class ChatLanguage:
    """How Zoom writes the head of a message in one language: by whom, to whom, that it is for everyone; seen where."""

    language: str
    by: str
    to: str
    everyone: tuple[str, ...]
    source: str


LANGUAGES = (
    ChatLanguage(
        "English",
        by="From",
        to="to",
        everyone=("everyone", "everybody", "all", "all panelists and attendees", "meeting group chat"),
        source="chats of twelve projects",
    ),
    ChatLanguage("French", by="De", to="à", everyone=("tout le monde",), source="a case"),
    ChatLanguage("German", by="Von", to="an", everyone=("alle",), source="a line in a public repository"),
    ChatLanguage("Spanish", by="De", to="a", everyone=("todos",), source="a case"),
    ChatLanguage("Portuguese", by="De", to="para", everyone=("todos",), source="no file; the words of Zoom's windows"),
    ChatLanguage(
        "Japanese", by="開始", to="に", everyone=("全員",), source="a case, and shotaminato/Test, ZOOM_chat.py"
    ),
)
WHERE = r"(?: \(?in meeting\)?)?"
BY = "|".join(dict.fromkeys(wording.by for wording in LANGUAGES))
BEGINNING = re.compile(rf"[ \t]*{DATE}\d{{1,2}}:\d\d:\d\d[ \t]+(?:{BY})(?![^\W_])", re.IGNORECASE)
HEAD = re.compile(rf"^{DATE}{CLOCK}[ \t]+(?P<by>{BY})[ \t]+(?P<rest>.*)$", re.IGNORECASE)
# One in a language that was not seen: a clock, words, a colon at the end of the line, and an indented text.
UNKNOWN = re.compile(
    rf"^{DATE}\d{{1,2}}:\d\d:\d\d[ \t]+(?P<by>[^\W\d]{{1,20}})[ \t]+[^\n]{{3,200}}[:：][ \t]*\n\t", re.MULTILINE
)
REPLY = re.compile(r"^replying to [\"“].*[\"”]$", re.IGNORECASE)
REACTION = re.compile(
    r"^(?:reacted to [\"“].*[\"”] with \S+|removed an? \S+ reaction from [\"“].*[\"”])$", re.IGNORECASE
)
QUOTED = re.compile(r"[\"“«「].*[\"”»」]", re.DOTALL)
MAX_REACTION = 60  # letters beside what is quoted


def fits(file: CompanionFile) -> float:
    """Return the share of lines that say from whom."""
    return share_of_heads(file, BEGINNING) or _share_of_unknown(file)


def read(file: CompanionFile) -> Contents:
    """Return the messages to everyone, with the time of the day.

    Raises UnusableDrop in a language that was not seen.
    """
    if _share_of_unknown(file):
        raise UnusableDrop(
            "Zoom wrote this chat in a language in which it is not known which messages were for everyone.",
            remedy="Save it with Zoom in English, or leave it out.",
        )
    return read_messages(file, HEAD, _author, is_recording_time=False)


def _share_of_unknown(file: CompanionFile) -> float:
    """Return the share of lines that look like a head in a language that was not seen; none where one was."""
    if file.name.endswith((".csv", ".tsv")) or not file.is_plain or file.share_of_lines(BEGINNING):
        return 0.0
    words = [found["by"] for found in UNKNOWN.finditer(file.head)]
    filled = sum(bool(line.strip()) for line in file.head_lines)
    return words.count(words[0]) / filled if words else 0.0


def _author(head: re.Match[str], following: Sequence[str]) -> tuple[str, str] | None:
    """Return who wrote what to everyone; an empty text for what a program wrote."""
    if PRIVATE.search(head.string):
        return None
    for wording in LANGUAGES:
        if wording.by.casefold() == head["by"].casefold() and (by := _public(wording, head["rest"])):
            name, text = by
            return name, _own_words([text, *following])
    return None


def _public(wording: ChatLanguage, rest: str) -> tuple[str, str] | None:
    """Return name and beginning of the text of a head whose addressee is everyone, or None.

    English heads may lack an addressee: those of before 2020 do where a message was for everyone.
    """
    to = rf"[ \t]+{wording.to}[ \t]+"
    for parted in (
        rf"(?P<name>[^:：\n]{{1,200}}?){to}(?P<to>[^:：\n]{{1,200}}?)[ \t]*[:：](?P<text>.*)",
        rf"(?P<name>[^\n]{{1,200}}?){to}(?P<to>[^:：\n]{{1,200}}?)[ \t]*[:：][ \t]*(?P<text>)",
    ):
        if found := re.fullmatch(parted, rest, re.IGNORECASE):
            *more, last = re.split(to, found["to"], flags=re.IGNORECASE)  # a name may hold such a word
            everyone = "|".join(map(re.escape, wording.everyone))
            is_unclear = re.search(rf"{to}[^\n]*[:：]", found["name"], re.IGNORECASE)  # perhaps to somebody, then words
            if is_unclear or not re.fullmatch(rf"(?:{everyone}){WHERE}", last.strip(), re.IGNORECASE):
                return None
            return f" {wording.to} ".join([found["name"].strip(), *more]), found["text"]
    alone = re.fullmatch(r"(?P<name>[^:\n]{1,200}?)[ \t]*:(?P<text>.*)", rest)
    return (alone["name"], alone["text"]) if alone and wording.language == "English" else None


def _own_words(lines: Sequence[str]) -> str:
    """Return what somebody said: without the message that is answered, nothing where it is only a reaction."""
    filled = [line.strip() for line in lines if line.strip()]
    if len(filled) > 1 and (REPLY.match(filled[0]) or _is_answered(lines)):
        filled = filled[1:]
    text = " ".join(filled)
    return "" if REACTION.match(text) or _is_reaction(text) else text


def _is_answered(lines: Sequence[str]) -> bool:
    """Say whether the first line quotes the message that is answered: Zoom leaves an empty line after it."""
    texts = [line.strip() for line in lines]
    while texts and not texts[0]:
        texts.pop(0)
    quote = QUOTED.search(texts[0]) if len(texts) > 2 and not texts[1] else None  # noqa: PLR2004
    return quote is not None and (quote.start() == 0) != (quote.end() == len(texts[0]))


def _is_reaction(text: str) -> bool:
    """Say whether there are a quotation, a picture sign and few words: a reaction in any language."""
    around = QUOTED.sub("", text, count=1)
    pictures = [letter for letter in around if unicodedata.category(letter) == "So"]
    return around != text and bool(pictures) and len(around) <= MAX_REACTION and not re.search(r"[.!?]", around)
