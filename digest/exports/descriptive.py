"""The descriptive transcript: speech, slides and silences in one reading, for whoever neither sees nor hears (WCAG)."""

from pathlib import Path

from digest.exports.document import Find, blocks, document_version, make_document
from digest.exports.plain_text import lay_out
from digest.model.public import PublicEdition
from digest.settings import Settings

VERSION = document_version(1)


def export(public: PublicEdition, into: Path, settings: Settings, _find: Find) -> None:
    """Write descriptive-transcript.txt, unless nobody is heard."""
    document = make_document(public, settings)
    if (transcript := document.section("transcript")) is not None:
        written = [*blocks(document.body[0]), *blocks(transcript)]
        (into / "descriptive-transcript.txt").write_text(lay_out(written), encoding="utf-8")
