"""Captions as SubRip, which video platforms take: it knows neither speakers nor markup."""

import html
from pathlib import Path

from digest.exports.captions import check, cut_cues, format_cues
from digest.model.public import PublicEdition

VERSION = 3


def export(public: PublicEdition, into: Path, *_: object) -> None:
    """Write captions.srt, unless nobody is heard. Raises DigestError where no player could show it."""
    if cues := cut_cues(public):
        check(cues)
        (into / "captions.srt").write_text(html.unescape(format_cues(cues, "srt")) + "\n", encoding="utf-8")
