"""What an editor typed, cleaned: text in, what a change may hold out; NotAllowed says what is wrong with it."""

from digest.editing.event_fields import parse_start, split_address
from digest.errors import NotAllowed
from digest.model.overlay import EventField
from digest.text.cleaning import clean_line, clean_text, is_blank
from digest.text.links import is_entrance, is_safe_link

MAX_SENTENCE = 2000  # characters
MAX_NAME = 200
MAX_TEXT = 20_000


def label_of(section: str, label: str) -> str:
    """Return who asked, a term or an address, cleaned. Raises NotAllowed for one that leads nowhere safe."""
    clean = clean_line(label)
    if section == "resources" and not is_safe_link(clean):
        raise NotAllowed("That is no address on the web.", remedy="Write it as https://example.org/page.")
    if section == "resources" and is_entrance(clean):
        raise NotAllowed(
            "That address leads into a meeting: readers would not get it.",
            remedy="Give the page to register at, or none.",
        )
    if section == "terms":
        return line(label, MAX_NAME, "The term")
    return line(label, MAX_NAME, "The name") if section == "questions" and clean else clean


def event_field(field: EventField, value: str) -> str:
    """Return a field of the event as its change holds it. Raises NotAllowed where it makes no sense."""
    match field:
        case "title":
            found = line(value, 300, "The title")
        case "starts_at":
            found = _time(value)
        case "speakers":
            found = _speaker_lines(value)
        case "description":
            found = clean_text(value)[:MAX_TEXT]
        case "organisers" | "also_of_interest":
            found = _lines_with_addresses(value)
        case "registration_url":
            found = label_of("resources", value) if value.strip() else ""
        case _:
            found = clean_line(value)[:MAX_SENTENCE]
    return found


def _lines_with_addresses(value: str) -> str:
    lines = [line(one, 2 * MAX_NAME, "A line") for one in value.splitlines() if one.strip()]
    for url in (split_address(one)[1] for one in lines):
        if url:
            label_of("resources", url)
    return "\n".join(lines)


def line(text: str, longest: int, what: str) -> str:
    """Return one line, cleaned. Raises NotAllowed where nothing or too much is left."""
    clean = clean_line(text)
    if is_blank(clean):
        raise NotAllowed(f"{what} is empty.", remedy="Write something, or strike the sentence.")
    if len(clean) > longest:
        raise NotAllowed(f"{what} is longer than {longest} characters.", remedy="Shorten it.")
    return clean


def _time(value: str) -> str:
    """Return a time with its zone as RFC 9557 writes it: 2016-11-23T14:00:00+01:00[Europe/Zurich]."""
    start = parse_start(value)
    if start is None:
        raise NotAllowed(
            "The date is not understood, or does not lie between 1990 and 2100.",
            remedy="Write them like 2016-11-23, 14:00 and Europe/Zurich.",
        )
    at, zone = start
    return f"{at.isoformat()}[{zone}]"


def _speaker_lines(value: str) -> str:
    """Return the speakers, one a line: "Name, role". Raises NotAllowed for one without a name."""
    lines = [line(one, 2 * MAX_NAME, "A speaker") for one in value.splitlines() if one.strip()]
    if any(is_blank(one.partition(",")[0]) for one in lines):
        raise NotAllowed("A speaker has no name.", remedy="Write one a line: name, role.")
    return "\n".join(lines)
