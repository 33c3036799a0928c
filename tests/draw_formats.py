"""Draws the table of formats in docs/companions.md from the registry that the readers use.

python -m tests.draw_formats
"""

from pathlib import Path

from digest.intake.formats.table import FORMATS
from digest.intake.formats.zoom_chat import LANGUAGES

PAGE = Path(__file__).parent.parent / "docs" / "companions.md"
BEGIN, END = "<!-- formats: python -m tests.draw_formats -->\n", "<!-- end -->\n"


def table() -> str:
    """Return a row for each format, and the words that Zoom writes in each language."""
    head = "| format | used as | endings | known from | sample |\n|---|---|---|---|---|\n"
    rows = (
        f"| {row.name} | {row.role.replace('_', ' ')} | {', '.join(row.endings)} | {row.source} | {row.sample} |\n"
        for row in FORMATS
    )
    words = (
        "\nZoom writes its chat in the language of who saves it:\n\n"
        "| language | a message to everyone | known from |\n|---|---|---|\n"
    )
    heads = (
        f"| {one.language} | 10:02:11 {one.by} Ann Lee {one.to} {' / '.join(one.everyone)}: | {one.source} |\n"
        for one in LANGUAGES
    )
    return head + "".join(rows) + words + "".join(heads)


def with_table(page: str) -> str:
    """Return the page with the table between its two marks."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
