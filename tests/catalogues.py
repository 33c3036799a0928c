"""The readers' words in other languages: `python -m tests.catalogues` brings templates/locale/ to what templates say.

New words come in untranslated, which `tests/theme/test_catalogues.py` names; those that no template says any more go.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from digest.exports import EXPORTS
from digest.site.digest_page import SLIDES_LABELS
from digest.site.index import WAYS

TEMPLATES = Path(__file__).parents[1] / "templates"
LANGUAGES = ("ar", "de", "es", "fr", "pt")
JINJA = [
    ("desk/**", "ignore"),
    ("mail/notice.txt", "ignore"),
    ("**.html", "jinja2.ext:babel_extract"),
    ("**.txt", "jinja2.ext:babel_extract"),
    ("exports/**.xhtml", "jinja2.ext:babel_extract"),
    ("exports/**.opf", "jinja2.ext:babel_extract"),
]
AS_MADE = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}  # as digest.theme sets them

HEADER = 'msgid ""\nmsgstr ""\n"Language: {}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def readers_words() -> Iterator[str]:
    """Yield all that templates say to readers, in English; the desk and notices to staff speak English alone."""
    for _, _, said, _, _ in extract_from_dir(TEMPLATES, JINJA, {pattern: AS_MADE for pattern, _ in JINJA}):
        yield str(said)
    yield from (*SLIDES_LABELS.values(), *(export.label for export in EXPORTS))
    yield from (label for way in WAYS for label in (way.label, way.labels))


def path_of(language: str) -> Path:
    """Return where the words of a language stand."""
    return TEMPLATES / "locale" / language / "LC_MESSAGES" / "digest.po"


def read_catalogue(language: str) -> Catalog:
    """Return the words of a language."""
    with path_of(language).open("rb") as lines:
        return read_po(lines, locale=language)


def main() -> None:
    """Write each catalogue anew."""
    for language in LANGUAGES:
        before, catalogue = read_catalogue(language), Catalog(locale=language)
        for said in dict.fromkeys(readers_words()):
            known = before.get(said)
            catalogue.add(said, known.string if known else "")
        entries = BytesIO()
        write_po(entries, catalogue, width=0, omit_header=True)
        path_of(language).write_bytes(HEADER.format(language).encode() + entries.getvalue())


if __name__ == "__main__":
    main()
