"""BigBlueButton's shapes.svg: each slide's picture with the seconds at which it was on.

`<image in="0.0" out="40.8" xlink:href="presentation/<deck>/slide-1.png">`, in old files with several times in one
attribute, separated by spaces.
"""

import re
from collections.abc import Iterator

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.slide_views import MAX_EVENTS, MAX_TIME, SlideView, contents_of, parse_xml

PICTURE = re.compile(r"presentation/([^/]{1,200})/(?:svgs/)?slide-?(\d{1,4})\.\w{3,4}$")


def fits(file: CompanionFile) -> float:
    """Return 0.5 for XML that speaks of slides: events do too, and more clearly."""
    return 0.5 * (file.is_markup and bool(re.search(r"slide|presentation", file.head, re.IGNORECASE)))


def read(file: CompanionFile) -> Contents:
    """Return when each slide came and went."""
    views = list[SlideView]()

    def begins(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "image" and len(views) < MAX_EVENTS:
            views.extend(_views(attributes))

    parse_xml(file, begins)
    return contents_of(views)


def _views(attributes: dict[str, str]) -> Iterator[SlideView]:
    address = attributes.get("xlink:href") or attributes.get("href") or ""
    picture = PICTURE.search(address)
    begins, ends = _times(attributes.get("in", "")), _times(attributes.get("out", ""))
    if not picture and "deskshare" not in address:
        return
    for start, end in zip(begins, ends, strict=False):
        if start < end:
            deck, slide = (picture[1], int(picture[2])) if picture else ("", None)
            yield SlideView(start=start, end=end, deck=deck, slide=slide)


def _times(attribute: str) -> list[float]:
    """Return the seconds in an attribute, without what is no time."""
    numbers = [float(part) for part in attribute.split() if re.fullmatch(r"\d{1,7}(\.\d{1,9})?", part)]
    return [number for number in numbers if number <= MAX_TIME]
