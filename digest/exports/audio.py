"""The sound of the recording alone, with chapters and a cover: for podcast players and for the road."""

from pathlib import Path

from digest.exports.cover import SQUARE, draw_cover
from digest.exports.document import Find
from digest.media.sound_only import ChapterMark, extract_sound
from digest.model.public import PublicEdition
from digest.settings import Settings

VERSION = 1


def export(public: PublicEdition, into: Path, settings: Settings, find: Find) -> None:
    """Write audio.m4a, unless there is no recording. Raises DigestError if ffmpeg cannot do it."""
    if public.web is None:
        return
    cover = into / "cover.jpg"
    cover.write_bytes(draw_cover(public, settings, find, size=SQUARE))
    extract_sound(
        public.web,
        into / "audio.m4a",
        find=find,
        seconds_limit=settings.media.seconds_limit,
        title=public.event.title,
        artist=settings.organisation.name or ", ".join(speaker.name for speaker in public.event.speakers),
        chapters=[
            ChapterMark(public.page_time(one.start), public.page_time(one.end), one.title)
            for one in public.digest.chapters
        ],
        cover=cover,
    )
    cover.unlink()
