"""Captions as WebVTT, which browsers play: `<v Name>` where the speaker is known."""

from pathlib import Path

from digest.exports.captions import check, cut_cues, format_cues
from digest.model.public import PublicEdition

VERSION = 4


def export(public: PublicEdition, into: Path, *_: object) -> None:
    """Write captions.vtt, unless nobody is heard. Raises DigestError where no player could show it."""
    if cues := cut_cues(public):
        check(cues)
        (into / "captions.vtt").write_text(format_cues(cues, "vtt"), encoding="utf-8")
