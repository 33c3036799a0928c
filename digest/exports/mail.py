"""The digest as a mail to send on: HTML with its styles inlined, and the same words as text; small enough for Gmail."""

import copy
from email import policy
from email.message import EmailMessage
from pathlib import Path

from lxml import etree

from digest import theme
from digest.exports.document import XHTML, Document, Find, blocks, document_version, make_document
from digest.exports.plain_text import lay_out
from digest.model.public import PublicEdition
from digest.settings import Settings

VERSION = document_version(1)

MAX_BYTES = 100_000  # of the HTML: Gmail cuts off what is over 102 kB
APART = ("transcript", "slides")  # too long for a mail
BOUNDARY = "=_digest"
TEXT, UI = "Georgia,'Times New Roman',serif", "Arial,Helvetica,sans-serif"  # mail programs have no others
STYLES = {  # by element, and by class, which comes after
    "h1": f"margin:0 0 16px;font:bold 26px/1.2 {TEXT};color:{{ink}}",
    "h2": f"margin:32px 0 12px;font:bold 20px/1.25 {TEXT};color:{{accent}}",
    "h3": f"margin:24px 0 6px;font:bold 17px/1.3 {TEXT};color:{{ink}}",
    "p": "margin:0 0 12px",
    "ul": "margin:0 0 12px;padding:0 24px",
    "li": "margin:0 0 8px",
    "dt": "margin:0;font-weight:bold",
    "dd": "margin:0 0 12px 24px",
    "blockquote": "margin:0 0 16px;padding:0 16px;border-left:3px solid {accent};font-size:18px",
    "a": "color:{accent}",
    "table": f"border-collapse:collapse;font:15px/1.4 {UI}",
    "th": "padding:4px 12px 4px 0;border-bottom:1px solid {line};text-align:left",
    "td": "padding:4px 12px 4px 0;border-bottom:1px solid {line};text-align:left",
    ".kicker": f"margin:0 0 12px;font:14px/1.4 {UI};color:{{ink-soft}}",
    ".byline": f"margin:0;font:14px/1.5 {UI};color:{{ink-soft}}",
    ".address": f"margin:12px 0 0;font:14px/1.5 {UI}",
    ".asker": f"margin:0 0 6px;font:14px/1.5 {UI};color:{{ink-soft}}",
    ".source": f"font:13px/1 {UI};color:{{ink-soft}};white-space:nowrap",
}


def export(public: PublicEdition, into: Path, settings: Settings, _find: Find) -> None:
    """Write digest.eml, a draft that mail programs open to be completed and sent: the account without the transcript.

    Of an account that is longer than MAX_BYTES the last sections are left to the page.
    """
    made = make_document(public, settings)
    kept = [one for one in made.body if one.get("id") not in APART]
    html = _inline(made, kept, settings)
    while len(html) > MAX_BYTES and len(kept) > 2:  # noqa: PLR2004 - its head and a section
        del kept[-2]
        html = _inline(made, kept, settings)
    mail = EmailMessage(policy.SMTP)
    mail["Subject"] = " ".join(made.title.split())
    mail["X-Unsent"] = "1"
    mail.set_content(lay_out([block for one in kept for block in blocks(one)]), cte="quoted-printable")
    mail.add_alternative(html.decode(), subtype="html", cte="quoted-printable")
    mail.set_boundary(BOUNDARY)
    (into / "digest.eml").write_bytes(bytes(mail))


def _inline(made: Document, kept: list[etree._Element], settings: Settings) -> bytes:
    """Return these sections as HTML with a style at each element: mail programs drop style sheets."""
    colours = theme.look(settings).colours
    styles = {name: style.format(**colours) for name, style in STYLES.items()}
    html = etree.Element("html", lang=made.language, dir=str(made.html.get("dir")))
    head = etree.SubElement(html, "head")
    etree.SubElement(head, "meta", charset="utf-8")
    etree.SubElement(head, "meta", name="viewport", content="width=device-width,initial-scale=1")
    etree.SubElement(head, "title").text = made.title
    body = etree.SubElement(html, "body", style=f"margin:0;background:{colours['paper']}")
    frame = f"max-width:640px;margin:0 auto;padding:24px;font:16px/1.55 {TEXT};color:{colours['ink']}"
    content = etree.SubElement(body, "div", style=frame)
    for section in kept:
        content.append(copy.deepcopy(section))
    for one in content.iter():
        name = one.tag = str(one.tag).removeprefix(XHTML)
        style = styles.get(f".{one.get('class')}", styles.get(name))
        if name in {"span", "section", "header", "strong"} | set(styles):
            for attribute in ("class", "id", "data-start", "data-end"):
                one.attrib.pop(attribute, None)
        if style:
            one.set("style", style)
    etree.strip_tags(content, "section", "header")
    for span in [one for one in content.iter("span") if not one.attrib]:
        span.tag = "plain"
    etree.strip_tags(content, "plain")
    etree.cleanup_namespaces(html)
    return bytes(etree.tostring(html, method="html", encoding="utf-8", doctype="<!doctype html>"))
