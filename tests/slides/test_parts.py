"""What python-pptx passes over is read all the same."""

from pathlib import Path
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.util import Inches

from digest.slides.parts import diagram_lines, formula, paragraph_text
from digest.slides.pptx import read_pptx

NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def xml(text: str) -> Any:
    """Return an element whose first tag gets the names of PowerPoint's markup."""
    tag, rest = text.split(">", 1)
    return etree.fromstring(f"{tag} {NAMES}>{rest}")


def a_deck(path: Path, *change: Any) -> Path:
    """Write a deck of one slide with a title, after each change of (presentation, slide) was made."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Risk"
    for one in change:
        one(deck, slide)
    deck.save(str(path))
    return path


def test_an_equation_stands_in_its_line() -> None:
    """Fractions, raised and lowered parts are written as people type them."""
    equation = xml(
        "<m:oMath><m:r><m:t>R=</m:t></m:r><m:f><m:num><m:r><m:t>p</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>a+b</m:t></m:r></m:den></m:f>"
        "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
    )

    assert formula(equation) == "R=p/(a+b)x^2"


def test_numbers_that_count_themselves_are_not_said() -> None:
    """The number of the slide and today's date change under the reader; the words around them stay."""
    paragraph = xml(
        '<a:p><a:r><a:t>Page </a:t></a:r><a:fld type="slidenum"><a:t>7</a:t></a:fld>'
        '<a:fld type="datetime1"><a:t>1/1/2016</a:t></a:fld><a:fld type="other"><a:t>kept</a:t></a:fld></a:p>'
    )

    assert paragraph_text(paragraph) == "Page kept"


def point(id_: str, text: str) -> str:
    """Return a point of a SmartArt."""
    return f'<dgm:pt modelId="{id_}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'


SMARTART = xml(
    f'<dgm:dataModel><dgm:ptLst><dgm:pt modelId="0" type="doc"/>{point("1", "second")}{point("2", "first")}'
    f'{point("3", "under first")}{point("4", "left alone")}<dgm:pt modelId="9" type="pres"/></dgm:ptLst><dgm:cxnLst>'
    '<dgm:cxn srcId="0" destId="1" srcOrd="1"/><dgm:cxn srcId="0" destId="2" srcOrd="0"/>'
    '<dgm:cxn srcId="2" destId="3" srcOrd="0"/><dgm:cxn srcId="3" destId="2" srcOrd="0"/>'
    '<dgm:cxn type="presOf" srcId="1" destId="9"/></dgm:cxnLst></dgm:dataModel>'
)


def test_smartart_is_read_as_a_list() -> None:
    """Children stand under their parents in their order, whatever the file's; a circle ends; nothing is lost."""
    assert list(diagram_lines(SMARTART)) == [(0, "first"), (1, "under first"), (0, "second"), (0, "left alone")]


def test_smartart_is_found_on_its_slide(tmp_path: Path) -> None:
    """Its text lies in a part of its own."""

    def with_smartart(deck: Any, slide: Any) -> None:
        blob = etree.tostring(SMARTART)
        part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", deck.part.package, blob)
        related = slide.part.relate_to(
            part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/diagramData"
        )
        slide.shapes._spTree.append(
            parse_xml(
                f'<p:graphicFrame {NAMES}><p:nvGraphicFramePr><p:cNvPr id="90" name="s"/><p:cNvGraphicFramePr/>'
                '<p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="914400" y="2743200"/>'
                '<a:ext cx="914400" cy="914400"/></p:xfrm>'
                '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram">'
                f'<dgm:relIds r:dm="{related}"/></a:graphicData></a:graphic></p:graphicFrame>'
            )
        )

    deck = read_pptx(a_deck(tmp_path / "deck.pptx", with_smartart), 10)

    assert [(line.level, line.text) for line in deck.slides[0].body][:2] == [(0, "first"), (1, "under first")]


def test_groups_give_their_text_their_order_and_their_link(tmp_path: Path) -> None:
    """What stands above is read first, whatever was drawn first; a link on the group is the group's."""

    def with_group(_: Any, slide: Any) -> None:
        group = slide.shapes.add_group_shape()
        for text, top in (("below", 5), ("above", 3)):
            group.shapes.add_textbox(Inches(1), Inches(top), Inches(4), Inches(1)).text_frame.text = text
        leads = slide.part.relate_to("https://example.org/all", LINK, is_external=True)
        group._element[0][0].append(parse_xml(f'<a:hlinkClick {NAMES} r:id="{leads}"/>'))

    slide = read_pptx(a_deck(tmp_path / "deck.pptx", with_group), 10).slides[0]

    assert [line.text for line in slide.body] == ["above", "below"]
    assert [(link.text, link.target) for link in slide.links] == [("below above", "https://example.org/all")]


LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def test_what_nobody_saw_is_not_said(tmp_path: Path) -> None:
    """A hidden shape, in a group or not, and one parked beside the slide."""

    def with_hidden(_: Any, slide: Any) -> None:
        for text, left in (("seen", 1), ("parked", -9), ("hidden", 1)):
            box = slide.shapes.add_textbox(Inches(left), Inches(3), Inches(4), Inches(1))
            box.text_frame.text = text
        box._element.nvSpPr.cNvPr.set("hidden", "1")
        box._element.nvSpPr.cNvPr.set("descr", "hidden too")

    slide = read_pptx(a_deck(tmp_path / "deck.pptx", with_hidden), 10).slides[0]

    assert [line.text for line in slide.body] == ["seen"]
    assert slide.alt_texts == ()


def test_alt_text_is_kept_and_file_names_are_none(tmp_path: Path) -> None:
    """What describes a picture is read; the name of its file says nothing. A broken line is two."""

    def with_texts(_: Any, slide: Any) -> None:
        for at, said in enumerate(("A map of the seats", "IMG_0042.JPG")):
            box = slide.shapes.add_textbox(Inches(1), Inches(3 + at), Inches(4), Inches(1))
            box.text_frame.text = f"line {at}\vbroken"
            box._element.nvSpPr.cNvPr.set("descr", said)

    slide = read_pptx(a_deck(tmp_path / "deck.pptx", with_texts), 10).slides[0]

    assert slide.alt_texts == ("A map of the seats",)
    assert [line.text for line in slide.body] == ["line 0", "broken", "line 1", "broken"]


def test_comments_and_sections_are_kept_apart(tmp_path: Path) -> None:
    """Comments are in a field that no page shows; sections name a stretch of slides."""

    def with_both(deck: Any, slide: Any) -> None:
        said = f"<p:cmLst {NAMES}><p:cm><p:text>check this number</p:text></p:cm></p:cmLst>".encode()
        part = Part(PackURI("/ppt/comments/comment1.xml"), "application/xml", deck.part.package, said)
        slide.part.relate_to(part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments")
        deck.element.append(
            parse_xml(
                f'<p:extLst {NAMES}><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}"><p14:sectionLst>'
                f'<p14:section name="Opening"><p14:sldIdLst><p14:sldId id="{slide.slide_id}"/></p14:sldIdLst>'
                "</p14:section></p14:sectionLst></p:ext></p:extLst>"
            )
        )

    slide = read_pptx(a_deck(tmp_path / "deck.pptx", with_both), 10).slides[0]

    assert (slide.comments, slide.section) == (("check this number",), "Opening")


def test_a_title_without_its_placeholder_is_recognised(tmp_path: Path) -> None:
    """The text at the top, in the largest letters."""

    def with_boxes(_: Any, slide: Any) -> None:
        slide.shapes.title._element.getparent().remove(slide.shapes.title._element)
        for text, top, size in (("body that is longer than the title", 3, 18), ("The title", 1, 32)):
            box = slide.shapes.add_textbox(Inches(1), Inches(top), Inches(6), Inches(1)).text_frame
            box.text = text
            box.paragraphs[0].runs[0].font.size = size * 12_700

    slide = read_pptx(a_deck(tmp_path / "deck.pptx", with_boxes), 10).slides[0]

    assert slide.title == "The title"
    assert [line.text for line in slide.body] == ["body that is longer than the title"]


def test_charts_are_read_as_text(tmp_path: Path) -> None:
    """Titles, those of the axes too, categories, and each series with its figures."""

    def with_chart(_: Any, slide: Any) -> None:
        make: Any = CategoryChartData
        shown = make()
        shown.categories = ["Energy", "Health"]
        shown.add_series("2016", (31, 40.5))
        place = Inches(1), Inches(2), Inches(6), Inches(4)
        chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, shown).chart
        chart.has_title = True
        chart.chart_title.text_frame.text = "Reported incidents"
        chart.value_axis.axis_title.text_frame.text = "a month"

    slide = read_pptx(a_deck(tmp_path / "deck.pptx", with_chart), 10).slides[0]

    assert [line.text for line in slide.body] == ["Reported incidents", "a month", "Energy, Health", "2016: 31, 40.5"]


def test_a_picture_that_is_not_in_the_file_is_remarked(tmp_path: Path) -> None:
    """Nobody fetches it; staff read that it is missing."""

    def with_link(_: Any, slide: Any) -> None:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
        leads = slide.part.relate_to("https://example.org/picture.png", kind, is_external=True)
        slide.shapes._spTree.append(
            parse_xml(
                f'<p:pic {NAMES}><p:nvPicPr><p:cNvPr id="91" name="p"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr>'
                f'<p:blipFill><a:blip r:link="{leads}"/></p:blipFill><p:spPr/></p:pic>'
            )
        )

    deck = read_pptx(a_deck(tmp_path / "deck.pptx", with_link), 10)

    assert deck.remarks == ("Slide 1 shows a picture that is not in the file: it is missing here.",)
