"""The chat of a BigBlueButton recording (slides_new.xml, made for Popcorn), in seconds of the recording."""

import html
import re

from digest.errors import UnusableDrop
from digest.intake.formats.chats import chat_message, contents_of
from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.polls import PUBLISHED, poll_of_message

SECONDS = re.compile(r"\d{1,6}(?:\.\d{1,9})?")


def fits(file: CompanionFile) -> float:
    """Return 1.0 for XML with lines of a chat."""
    return float(file.is_markup and "<chattimeline" in file.head.casefold())


def read(file: CompanionFile) -> Contents:
    """Return the public messages, and the polls whose counts stand among them."""
    from lxml import etree

    _, remarks = file.text()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(file.content(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnusableDrop("It is no chat that can be read.", remedy="Save the chat again.") from error
    public = [line for line in root.iter("chattimeline") if line.get("target", "chat") == "chat"]
    polls = [poll for line in public if (poll := poll_of_message(line.get("message", "")))]
    found = [
        chat_message(_words(line.get("name", "")), _words(text), at=float(at))
        for line in public
        if PUBLISHED not in (text := line.get("message", "")) and SECONDS.fullmatch(at := line.get("in", ""))
    ]
    return contents_of(found, polls, remarks)


def _words(markup: str) -> str:
    """Return the words of HTML: names and messages are such, in XML once more (BigBlueButton's chat escapes both)."""
    return html.unescape(re.sub(r"<[^<>]{0,2000}>", "", markup))
