"""Office files without a person's name: a .docx, .pptx, .xlsx or OpenDocument file in, another out.

A paragraph is looked at as a whole: programs cut a name into runs where the spelling was checked, or a letter is bold.
"""

import zipfile
from pathlib import Path

from digest.errors import UnusableDrop
from digest.privacy.person import DataSubject

MAX_BYTES = 200_000_000  # of all parts: more is made to do harm
PARAGRAPHS = frozenset({"p", "h", "si"})  # of DrawingML, WordprocessingML, OpenDocument; a text of a sheet
TEXTS = frozenset({"t", "span"})


def without_person(path: Path, spellings: list[str], to: Path) -> int:
    """Write a copy without the name and return in how many parts of the file it stood.

    Raises UnusableDrop where it is no such file, or made to do harm.
    """
    person, changed = DataSubject(*spellings), 0
    try:
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as copy:
            if sum(entry.file_size for entry in source.infolist()) > MAX_BYTES:
                raise UnusableDrop("It unpacks to too much.", file=path, remedy="Save it anew.")
            for entry in source.infolist():
                content = source.read(entry)
                if entry.filename.endswith((".xml", ".rels")):
                    reworded = _reword(content, person)
                    changed += reworded != content
                    content = reworded
                copy.writestr(entry, content)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, SyntaxError) as error:
        raise UnusableDrop("It is damaged, or under a password.", file=path, remedy="Save it anew.") from error
    return changed


def _reword(content: bytes, person: DataSubject) -> bytes:
    from lxml import etree

    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    was = etree.tostring(root)
    for element in root.iter(etree.Element):
        if etree.QName(element).localname in PARAGRAPHS:
            _reword_paragraph(element, person)
    for element in root.iter(etree.Element):
        if element.text:
            element.text = person.replace(element.text)
        if element.tail:
            element.tail = person.replace(element.tail)
        for name, value in element.attrib.items():
            element.set(name, person.replace(value))
    reworded = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return content if etree.tostring(root) == was else bytes(reworded)


def _reword_paragraph(paragraph: object, person: DataSubject) -> None:
    """Reword a paragraph in whose text the name stands across runs: all of it then stands in the first."""
    from lxml import etree

    texts = [one for one in paragraph.iter(etree.Element) if etree.QName(one).localname in TEXTS]  # type: ignore[attr-defined]
    whole = "".join(one.text or "" for one in texts)
    if person.replace(whole) == "".join(person.replace(one.text or "") for one in texts):
        return
    for one in texts:
        one.text = ""
    texts[0].text = person.replace(whole)
