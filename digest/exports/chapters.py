"""Chapters as podcast players read them: JSON Chapters 1.2 (Podcasting 2.0), in seconds of the page."""

import json
from pathlib import Path

from digest.model.public import PublicEdition

VERSION = 1


def export(public: PublicEdition, into: Path, *_: object) -> None:
    """Write chapters.json, unless there is no recording or no chapter."""
    if public.web and public.digest.chapters:
        chapters = [
            {"startTime": round(public.page_time(one.start), 2), "title": one.title} for one in public.digest.chapters
        ]
        text = json.dumps({"version": "1.2.0", "chapters": chapters}, ensure_ascii=False, indent=1)
        (into / "chapters.json").write_text(text + "\n", encoding="utf-8")
