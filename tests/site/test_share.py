"""What staff copy into a video platform, a mail and a post."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from digest.model.digest import DigestChapter
from digest.settings import Settings
from digest.site import share
from tests.site.editions import an_edition, published


@pytest.mark.parametrize("base_url", ["", "https://digests.example.org/"])
def test_chapters_are_as_video_platforms_read_them(tmp_path: Path, settings: Settings, base_url: str) -> None:
    """The first begins at 0:00, they are in order, ten seconds long; no link where nobody said where the site lives."""
    edition = an_edition(tmp_path)
    there = settings.organisation.model_copy(update={"base_url": base_url})

    text = share.render(published(edition), settings.model_copy(update={"organisation": there}))

    found = [(int(m) * 60 + int(s), title) for m, s, title in re.findall(r"^(\d+):(\d\d) (.+)$", text, re.MULTILINE)]
    starts = [start for start, _ in found]
    assert starts[0] == 0
    assert len(found) >= 3
    assert all(after - before >= 10 for before, after in pairwise(starts))
    assert [title for _, title in found][1:] == [chapter.title for chapter in edition.digest.chapters][1:]
    assert all(sentence.text in text for sentence in edition.digest.in_brief)
    assert ("https://digests.example.org/cyber-norms/digest/" in text) == bool(base_url)


def test_what_a_platform_would_refuse_is_left_out(tmp_path: Path, settings: Settings) -> None:
    """Two chapters are none, nor is a flash of three seconds among others; a title ends with a word."""
    edition, seconds = an_edition(tmp_path), [(0, 60), (60, 63), (63, 120), (120, 200)]
    chapters = tuple(DigestChapter(start=a, end=b, title=f"From {a}") for a, b in seconds)
    few = edition.model_copy(update={"digest": edition.digest.model_copy(update={"chapters": chapters[:2]})})
    some = edition.model_copy(update={"digest": edition.digest.model_copy(update={"chapters": chapters})})
    long = some.model_copy(update={"event": some.event.model_copy(update={"title": "Norms " * 30})})

    assert share.chapters(published(few).edition) == ()
    assert [start for start, _ in share.chapters(published(some).edition)] == [0, 60, 120]
    title = share.render(published(long), settings).splitlines()[1]
    assert len(title) <= 100
    assert title.endswith("Norms…")
