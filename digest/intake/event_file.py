"""What event.toml says, field by field: a path in, EventFile out; parsed in a limited child process."""

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from digest import sandbox
from digest.errors import LimitReached, UnusableDrop
from digest.intake.toml_mistakes import explain_mistake
from digest.model.artifact import Record
from digest.model.event import YEARS, AlsoOfInterest, EventSpeaker, Organiser
from digest.sandbox import Limits
from digest.text.addresses import MASK
from digest.text.cleaning import clean_text
from digest.text.links import MAX_LINK, is_entrance, is_safe_link, link_pattern

MAX_BYTES = 256_000  # bytes
LIMITS = Limits(seconds=15, megabytes=1024, file_megabytes=16)
MAX_ITEMS = 200  # of a list: speakers, tags
MAX_LINE, MAX_TEXT = 300, 20_000  # letters
MAX_MINUTES = 24 * 60
CaptionsBy = Literal["person", "machine"]
CORRECT = "Correct these lines and drop the folder again."


class EventFile(Record):
    """The fields of event.toml, cleaned; None or empty where nobody wrote one. `date` is None or has a time zone.

    `join_url` leaves this record for the mail to those who registered alone, and no other field repeats it. An address
    to register at that leads into the meeting itself is one, whatever the file calls it.
    `deck_password` leaves it for the reader of the deck alone.
    """

    title: str | None = None
    slug: str | None = None
    date: datetime | None = None
    timezone: str = "UTC"
    minutes: int | None = None
    language: str | None = None
    organisers: tuple[Organiser, ...] = ()
    speakers: tuple[EventSpeaker, ...] = ()
    description: str = ""
    tags: tuple[str, ...] = ()
    series: str | None = None
    registration_url: str | None = None
    licence: str | None = None
    also_of_interest: tuple[AlsoOfInterest, ...] = ()
    speakers_count: int | None = None
    name_audience: bool = False
    chatham_house: bool = False
    publish_recording: bool | None = None
    publish_original_deck: bool = False
    join_url: str | None = None
    deck_password: str | None = None
    captions_by: CaptionsBy | None = None
    consent: Literal["asked"] | None = None
    urgent: bool = False
    remarks: tuple[str, ...] = ()


def read_event_file(*paths: Path) -> EventFile:
    """Return what an event.toml says, or an empty record if there is none; of several the later has the last word.

    Raises UnusableDrop with every fault, each with its field and line.
    """
    if not paths:
        return EventFile()
    if any(path.stat().st_size > MAX_BYTES for path in paths):
        raise UnusableDrop(
            f"The file is larger than {MAX_BYTES // 1000} kB.",
            file="event.toml",
            remedy="Shorten it and drop it again.",
        )
    try:
        return sandbox.call(parse_event_file, LIMITS, paths)
    except LimitReached as error:
        raise UnusableDrop(
            "The file cannot be read: it is nested too deep or damaged.",
            file="event.toml",
            remedy="Write it anew, following the example in the readme.",
        ) from error


def parse_event_file(paths: tuple[Path, ...]) -> EventFile:
    """Return what the files say, in the child. Raises UnusableDrop with every fault."""
    table, text, remarks = dict[str, Any](), "", list[str]()
    for path in paths:
        text, remark = decode(path.read_bytes())
        remarks += [remark] if remark else []
        try:
            table |= tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise explain_mistake(text, error) from error
        except RecursionError as error:
            raise UnusableDrop("The file is nested too deep.", file="event.toml", remedy=CORRECT) from error
    return _Table(table, text, remarks).event_file()


def decode(content: bytes) -> tuple[str, str | None]:
    """Return the text whatever Notepad saved it as, with a remark where that was guessed."""
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    for name in (encoding, "cp1252"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            guessed = f"event.toml is not saved as UTF-8 and was read as {name}: look at accented letters."
            return text.replace("\r\n", "\n"), None if name == "utf-8-sig" else guessed
    raise UnusableDrop(
        "This is not a text file.", file="event.toml", remedy="Save it as plain text (UTF-8) and drop it again."
    )


class _Table:
    """Reads a table field by field and keeps every fault, so that staff learn of all at once."""

    def __init__(self, table: Mapping[str, Any], text: str, remarks: list[str]) -> None:
        self.table = table
        self.lines = text.split("\n")
        self.remarks = remarks
        self.faults: list[str] = []

    def event_file(self) -> EventFile:
        zone = self.timezone()
        fields: dict[str, Any] = {
            "title": self.line(self.table, "title"),
            "slug": self.line(self.table, "slug"),
            "date": self.date(zone),
            "timezone": zone.key,
            "minutes": self.count("minutes", MAX_MINUTES),
            "language": self.language(),
            "description": self.text(self.table, "description", MAX_TEXT) or "",
            "tags": self.items("tags", self.tag),
            "series": self.line(self.table, "series"),
            "registration_url": self.link(self.table, "registration_url"),
            "licence": self.line(self.table, "licence"),
            "organisers": self.items("organisers", self.organiser),
            "speakers": self.items("speakers", self.speaker),
            "also_of_interest": self.items("also_of_interest", self.item_of_interest),
            "speakers_count": self.count("speakers_count", MAX_ITEMS),
            "name_audience": self.truth("name_audience") or False,
            "chatham_house": self.truth("chatham_house") or False,
            "publish_recording": self.truth("publish_recording"),
            "publish_original_deck": self.truth("publish_original_deck") or False,
            "deck_password": self.password(),
            "captions_by": self.captions_by(),
            "consent": self.consent(),
            "urgent": self.truth("urgent") or False,
        }
        register, join_url = fields["registration_url"], self.line(self.table, "join_url")
        if register and is_entrance(register):
            fields, join_url = self.without_link(register, fields), join_url or register
        if join_url:
            fields = self.without_link(join_url, fields) | {"join_url": join_url}
        unknown = sorted(set(self.table) - set(fields) - {"join_url"})
        if unknown:
            names = ", ".join(clean_text(name)[:40] for name in unknown[:20])
            self.remarks.append(f"event.toml: nobody reads {names}.")
        if self.faults:
            raise UnusableDrop("; ".join(self.faults) + ".", file="event.toml", remedy=CORRECT)
        return EventFile(**fields, remarks=tuple(self.remarks))

    def fault(self, key: str, wanted: str) -> None:
        at = next(
            (n for n, line in enumerate(self.lines, 1) if re.match(rf"\s*(\[\[?)?\s*{re.escape(key)}\b", line)), 0
        )
        self.faults.append(f"{key}{f' (line {at})' if at else ''} must be {wanted}")

    def text(self, table: Mapping[str, Any], key: str, max_length: int) -> str | None:
        """Return cleaned text of at most `max_length` letters, or None."""
        said = table.get(key)
        if said is None:
            return None
        if not isinstance(said, str):
            self.fault(key, "text in quotation marks")
            return None
        text = clean_text(said).strip()
        if len(text) > max_length:
            self.remarks.append(f"event.toml: {key} was shortened to {max_length} letters.")
            text = text[:max_length].rstrip()
        return text or None

    def line(self, table: Mapping[str, Any], key: str) -> str | None:
        text = self.text(table, key, MAX_LINE)
        return " ".join(text.split()) if text else None

    def link(self, table: Mapping[str, Any], key: str) -> str | None:
        text = self.text(table, key, MAX_LINK + 1)
        if text is None or is_safe_link(text):
            return text
        self.remarks.append(f"event.toml: {key} is no web or mail address and was left out.")
        return None

    def without_link(self, link: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Return the fields without the link to join where they repeat it: addresses go, in text […] stands for it."""
        found = link_pattern(link)

        def without(value: Any, name: str) -> Any:
            if isinstance(value, str) and name.endswith("url") and found.search(value):
                self.remarks.append(f"event.toml: {name} leads into the meeting, goes on no page and was left out.")
                return None
            if isinstance(value, str) and not name.endswith("url"):
                return found.sub(MASK, value)
            if isinstance(value, Record):
                within = type(value).model_fields
                return value.model_copy(update={inner: without(getattr(value, inner), inner) for inner in within})
            return tuple(without(one, name) for one in value) if isinstance(value, tuple) else value

        return {name: without(value, name) for name, value in fields.items()}

    def password(self) -> str | None:
        said = self.table.get("deck_password")
        if said is not None and not isinstance(said, str):
            self.fault("deck_password", "text in quotation marks")
            return None
        return said

    def captions_by(self) -> str | None:
        said = self.table.get("captions_by")
        if said is not None and said not in get_args(CaptionsBy):
            self.fault("captions_by", "“person” or “machine”")
            return None
        return said

    def consent(self) -> str | None:
        said = self.table.get("consent")
        if said not in (None, "asked"):
            self.fault("consent", "“asked”, or not there")
            return None
        return said

    def truth(self, key: str) -> bool | None:
        said = self.table.get(key)
        if said is not None and not isinstance(said, bool):
            self.fault(key, "true or false")
            return None
        return said

    def count(self, key: str, most: int) -> int | None:
        said = self.table.get(key)
        if said is None:
            return None
        if not isinstance(said, int) or isinstance(said, bool) or not 1 <= said <= most:
            self.fault(key, f"a number from 1 to {most}")
            return None
        return said

    def items(self, key: str, item: "Callable[[Any], Any]") -> tuple[Any, ...]:
        said = self.table.get(key, [])
        if not isinstance(said, list):
            self.fault(key, "a list")
            return ()
        if len(said) > MAX_ITEMS:
            self.remarks.append(f"event.toml: only the first {MAX_ITEMS} of {key} were read.")
        return tuple(filter(None, map(item, said[:MAX_ITEMS])))

    def tag(self, said: object) -> str | None:
        return self.line({"tags": said}, "tags")

    def tables(self, said: object, key: str, *, needs: str) -> Mapping[str, Any] | None:
        if not isinstance(said, dict) or not isinstance(said.get(needs), str):
            self.fault(key, f"written as [[{key}]], each with a {needs}")
            return None
        return said

    def organiser(self, said: object) -> Organiser | None:
        table = self.tables(said, "organisers", needs="name")
        name = self.line(table, "name") if table else None
        return Organiser(name=name, url=self.link(table, "url")) if table and name else None

    def speaker(self, said: object) -> EventSpeaker | None:
        table = self.tables(said, "speakers", needs="name")
        name = self.line(table, "name") if table else None
        if not (table and name):
            return None
        return EventSpeaker(name=name, role=self.line(table, "role"), url=self.link(table, "url"))

    def item_of_interest(self, said: object) -> AlsoOfInterest | None:
        table = self.tables(said, "also_of_interest", needs="title")
        title = self.line(table, "title") if table else None
        if not (table and title):
            return None
        return AlsoOfInterest(
            title=title,
            url=self.link(table, "url"),
            when=self.when(table),
            where=self.line(table, "where"),
            text=self.text(table, "text", MAX_TEXT),
        )

    def when(self, table: Mapping[str, Any]) -> str | None:
        said = table.get("when")
        return said.isoformat() if isinstance(said, date | time) else self.line(table, "when")

    def language(self) -> str | None:
        said = self.line(self.table, "language")
        if said is None or re.fullmatch(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*", said):
            return said.lower() if said else None
        self.fault("language", "a language code such as “en”")
        return None

    def timezone(self) -> ZoneInfo:
        name = self.line(self.table, "timezone")
        try:
            return ZoneInfo(name or "UTC")
        except (ValueError, OSError, LookupError):  # a path, a folder, no such zone
            self.fault("timezone", "the name of a zone such as “Europe/Zurich”")
            return ZoneInfo("UTC")

    def date(self, zone: ZoneInfo) -> datetime | None:
        said = self.table.get("date")
        if isinstance(said, str):
            try:
                said = datetime.fromisoformat(said.strip())
            except ValueError:
                said = math.nan
        if said is None:
            return None
        if not isinstance(said, date) or said.year not in YEARS:
            self.fault("date", "a date and time such as 2016-11-23T14:00:00")
            return None
        if not isinstance(said, datetime):
            self.remarks.append("event.toml: date has no time of day; midnight was taken.")
            said = datetime.combine(said, time())
        return said if said.tzinfo else said.replace(tzinfo=zone)
