"""The digest as a Word document, with real headings, lists and links: to be worked on."""

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from digest import theme
from digest.exports.archive import repack
from digest.exports.document import Document, DocumentBlock, Find, Run, blocks, document_version, make_document
from digest.exports.pictures import as_jpeg
from digest.model.public import PublicEdition
from digest.settings import Settings
from digest.theme.filters import direction

VERSION = document_version(1)

STYLES = {"title": "Title", "item": "List Bullet", "quote": "Quote", "figure": "Caption"}
WIDTH = 16.0  # centimetres of a line on A4
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def export(public: PublicEdition, into: Path, settings: Settings, find: Find) -> None:
    """Write digest.docx."""
    made = make_document(public, settings)
    look = theme.look(settings)
    word = _Word(made, find, look.colours)
    for block in blocks(made.body):
        word.add(block)
    word.describe(public, settings)
    word.file.save(str(into / "digest.docx"))
    repack(into / "digest.docx")


class _Word:
    """A Word file while it is written."""

    def __init__(self, made: Document, find: Find, colours: Mapping[str, str]) -> None:
        import docx

        self.file: Any = docx.Document()
        self._made, self._find, self._colours = made, find, colours
        self._is_rtl = direction(made.language) == "rtl"
        self._set_up()

    def describe(self, public: PublicEdition, settings: Settings) -> None:
        """Say what the file is: title, language, whose, when the webinar was."""
        core, held_at = self.file.core_properties, public.event.starts_at.replace(tzinfo=None)
        core.title, core.language, core.author = self._made.title, self._made.language, settings.organisation.name
        core.comments, core.keywords = "", ", ".join(public.event.tags)[:255]
        core.created = core.modified = datetime(*held_at.timetuple()[:6])  # noqa: DTZ001 - the format has no zones
        core.last_modified_by, core.revision = "", 1

    def add(self, block: DocumentBlock) -> None:
        """Append a block."""
        if block.kind == "table":
            self._add_table(block)
            return
        if block.src:
            self._add_picture(block)
        style = f"Heading {block.level - 1}" if block.kind == "heading" else STYLES.get(block.kind, "Normal")
        paragraph = self.file.add_paragraph(style=style)
        for run in block.runs:
            self._add_run(paragraph, run)
        if block.kind == "term":
            for run in paragraph.runs:
                run.bold = True
            paragraph.paragraph_format.keep_with_next = True
        if block.kind == "definition":
            from docx.shared import Cm

            paragraph.paragraph_format.left_indent = Cm(0.75)
        self._turn(paragraph)
        if not block.src:
            for line in block.words:
                item = self.file.add_paragraph(line, style="List Bullet")
                self._turn(item)

    def _set_up(self) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Cm, Pt, RGBColor

        section = self.file.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
        accent, ink = (RGBColor.from_string(self._colours[name].lstrip("#").upper()) for name in ("accent", "ink"))
        for name, size, colour, before in (
            ("Normal", 11, ink, 0), ("Title", 22, ink, 0), ("Heading 1", 15, accent, 20), ("Heading 2", 12, ink, 14),
            ("Quote", 12, ink, 0), ("Caption", 9, ink, 4), ("List Bullet", 11, ink, 0),
        ):  # fmt: skip
            style = self.file.styles[name]
            style.font.size, style.font.color.rgb = Pt(size), colour
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(6)
            self._set_font(style)
        self.file.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
        self._without_rule(self.file.styles["Title"])
        normal = self.file.styles["Normal"]
        normal.paragraph_format.line_spacing = 1.25
        self._set_language(normal.element.get_or_add_rPr(), self._made.language)

    def _set_font(self, style: Any) -> None:
        """Name no font where the theme of Word would take its own for headings: one look for all."""
        from docx.oxml.ns import qn

        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), "Calibri")

    def _without_rule(self, style: Any) -> None:
        """Take away the line that Word's template draws under a title."""
        from docx.oxml.ns import qn

        for rule in style.element.findall(f".//{qn('w:pBdr')}"):
            rule.getparent().remove(rule)

    def _add_run(self, paragraph: Any, said: Run) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        run = paragraph.add_run(said.text)
        run.bold = said.is_strong or None
        if said.is_source:
            run.font.size = Pt(9)
        if said.is_source or said.href:
            colour = "accent" if said.href else "ink-soft"
            run.font.color.rgb = RGBColor.from_string(self._colours[colour].lstrip("#").upper())
        if said.language and said.language != self._made.language:
            self._set_language(run._r.get_or_add_rPr(), said.language)  # noqa: SLF001 - python-docx has no other way
        if self._is_rtl:
            run.font.rtl = True
        if said.href:
            link = OxmlElement("w:hyperlink")
            link.set(qn("r:id"), paragraph.part.relate_to(said.href, LINKS, is_external=True))
            run.font.underline = not said.is_source
            link.append(run._r)  # noqa: SLF001
            paragraph._p.append(link)  # noqa: SLF001

    def _add_picture(self, block: DocumentBlock) -> None:
        from docx.shared import Cm

        picture = self._made.pictures[str(block.src)]
        paragraph = self.file.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        shown = paragraph.add_run().add_picture(io.BytesIO(as_jpeg(self._find(picture))), width=Cm(WIDTH * 0.7))
        shown._inline.docPr.set("descr", "; ".join(block.words) or block.text)  # noqa: SLF001
        shown._inline.docPr.set("name", block.text[:100])  # noqa: SLF001
        self._turn(paragraph)

    def _add_table(self, block: DocumentBlock) -> None:
        from docx.oxml import OxmlElement

        table = self.file.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
        for cells in block.rows:
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
                self._turn(cell.paragraphs[0])
        for cell in table.rows[0].cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True
        head = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001
        head.append(OxmlElement("w:tblHeader"))
        self.file.add_paragraph()

    def _turn(self, paragraph: Any) -> None:
        """Set a paragraph from right to left where the document is read so."""
        from docx.oxml import OxmlElement

        if self._is_rtl:
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001

    def _set_language(self, properties: Any, language: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        said = OxmlElement("w:lang")
        said.set(qn("w:bidi" if direction(language) == "rtl" else "w:val"), language)
        properties.append(said)
