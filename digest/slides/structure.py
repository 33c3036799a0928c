"""What a PDF tells those who hear it: headings, lists, tables, what pictures show; from a PDF into its copy.

Tagged PDF (ISO 32000-1, 14.7 and 14.8). Nothing is taken over as it stands: each element is written anew, with its
kind, language and alternative text, and only if it marks something on a page that is in the copy. In a limited child.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from digest.slides.text import clean

MAX_DEPTH, MAX_ELEMENTS = 50, 100_000
MAX_MARKS = 20_000  # of a page
MAX_ROLES = 500  # names of a program's own for standard kinds
NAME = re.compile(r"/[\w.#&+ -]{1,80}$")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$")  # BCP 47


@dataclass(frozen=True)
class Mark:
    """A piece of the content of a page of the copy."""

    page: int
    number: int


@dataclass(frozen=True)
class Element:
    """A part of the structure; `is_whole` says that all of it is in the copy."""

    kind: str
    alt: str
    language: str
    parts: "tuple[Element | Mark, ...]"
    is_whole: bool


@dataclass(frozen=True)
class Structure:
    """The topmost elements of a PDF that are in the copy, and that PDF's catalog."""

    elements: list[Element]
    root: Any


def structure_of(root: Any, pages: Mapping[int, int]) -> list[Element]:
    """Return the topmost elements of a catalog's structure; `pages` gives an object's number its index in the copy."""
    tree, seen = _held(root, "/StructTreeRoot"), set[int]()
    found = (_element(part, pages, seen, 0) for part in _parts(tree))
    return [element for element in found if isinstance(element, Element)]


def alternatives(elements: "list[Element] | tuple[Element | Mark, ...]") -> Iterator[tuple[int, str]]:
    """Yield the page index and text of each alternative text, in the order of the structure."""
    for element in elements:
        if isinstance(element, Element):
            if element.alt and (page := _first_page(element)) is not None:
                yield page, element.alt
            yield from alternatives(element.parts)


def write_structure(structures: Sequence[Structure], writer: Any) -> None:
    """Put the elements into a writer that has the pages, with the names of each source's own for standard kinds."""
    from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, NullObject, NumberObject

    elements = [element for one in structures for element in one.elements]
    if not elements:
        return
    if len(elements) > 1:  # readers expect a single root
        elements = [Element("/Document", "", "", tuple(elements), is_whole=True)]
    catalog, tree = writer.root_object, DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")})
    at, marks = writer._add_object(tree), dict[int, dict[int, Any]]()  # noqa: SLF001
    tree[NameObject("/K")] = ArrayObject([_written(element, at, writer, marks) for element in elements])
    roots = [one.root for one in structures]
    named = [role for root in roots for role in _roles(_held(root, "/StructTreeRoot"))]
    tree[NameObject("/RoleMap")] = DictionaryObject({NameObject(own): NameObject(standard) for own, standard in named})
    numbers = ArrayObject()
    for index, of_page in sorted(marks.items()):
        writer.pages[index][NameObject("/StructParents")] = NumberObject(index)
        elements_of = ArrayObject([of_page.get(number, NullObject()) for number in range(max(of_page) + 1)])
        numbers += [NumberObject(index), writer._add_object(elements_of)]  # noqa: SLF001
    tree[NameObject("/ParentTree")] = DictionaryObject({NameObject("/Nums"): numbers})
    catalog[NameObject("/StructTreeRoot")] = at
    is_complete = all(_held(root, "/MarkInfo").get("/Marked") == BooleanObject(True) for root in roots)
    catalog[NameObject("/MarkInfo")] = DictionaryObject({NameObject("/Marked"): BooleanObject(is_complete)})
    languages = {_language(root) for root in roots}
    if len(languages) == 1 and (language := languages.pop()):
        catalog[NameObject("/Lang")] = language


def _element(part: Any, pages: Mapping[int, int], seen: set[int], depth: int) -> Element | Mark | None:
    """Return an element with what it marks on pages of the copy; None where that is nothing, or it goes in circles."""
    held = part.get_object()
    if not isinstance(held, dict) or id(held) in seen or len(seen) > MAX_ELEMENTS or depth > MAX_DEPTH:
        return None
    seen.add(id(held))
    parts = list[Element | Mark]()
    is_whole = True
    for inner in _parts(held):
        kept = _marked(inner, held, pages) or _element(inner, pages, seen, depth + 1)
        is_whole &= (kept.is_whole if isinstance(kept, Element) else kept is not None) or _is_annotation(inner)
        if kept:
            parts.append(kept)
    kind = str(held.get("/S", ""))
    if not parts or not NAME.match(kind):
        return None
    alt = clean(str(held.get("/Alt", ""))) if is_whole else ""  # else it may tell of a page that is left out
    return Element(kind, alt, _language(held), tuple(parts), is_whole)


def _marked(part: Any, element: Any, pages: Mapping[int, int]) -> Mark | None:
    """Return what a part marks on a page of the copy: a number, or a reference to marked content without a stream."""
    held = part.get_object()
    holder = element
    if isinstance(held, dict):
        if held.get("/Type") != "/MCR" or "/Stm" in held:
            return None
        holder = held if "/Pg" in held else element
        held = held.get("/MCID")
    page = pages.get(getattr(holder.raw_get("/Pg") if "/Pg" in holder else None, "idnum", -1))
    return Mark(page, int(held)) if page is not None and isinstance(held, int) and 0 <= held < MAX_MARKS else None


def _is_annotation(part: Any) -> bool:
    """Say whether a part is a link or a comment, whose place in the structure is not kept."""
    held = part.get_object()
    return isinstance(held, dict) and held.get("/Type") == "/OBJR"


def _parts(held: Any) -> list[Any]:
    parts = _held(held, "/K")
    return list(parts) if isinstance(parts, list) else [parts] if parts != {} else []


def _held(holder: Any, key: str) -> Any:
    return holder[key] if key in holder else {}  # noqa: SIM401  # pypdf resolves references on [], not on get()


def _language(holder: Any) -> Any:
    from pypdf.generic import TextStringObject

    said = str(holder.get("/Lang", ""))
    return TextStringObject(said) if LANGUAGE.match(said) else ""


def _roles(tree: Any) -> Iterator[tuple[str, str]]:
    for own, standard in list(_held(tree, "/RoleMap").items())[:MAX_ROLES]:
        if NAME.match(str(own)) and NAME.match(str(standard)):
            yield str(own), str(standard)


def _first_page(element: Element) -> int | None:
    for part in element.parts:
        page = part.page if isinstance(part, Mark) else _first_page(part)
        if page is not None:
            return page
    return None


def _written(element: Element, parent: Any, writer: Any, marks: dict[int, dict[int, Any]]) -> Any:
    """Write an element under its parent, and return the reference to it; `marks` gets who marks what on each page."""
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

    named = {"/Type": NameObject("/StructElem"), "/S": NameObject(element.kind), "/P": parent}
    told = {"/Alt": element.alt, "/Lang": element.language}
    named |= {key: TextStringObject(text) for key, text in told.items() if text}
    written = DictionaryObject({NameObject(key): value for key, value in named.items()})
    at, parts = writer._add_object(written), ArrayObject()  # noqa: SLF001
    for part in element.parts:
        if isinstance(part, Mark):
            marks.setdefault(part.page, {})[part.number] = at
            reference = {
                "/Type": NameObject("/MCR"),
                "/Pg": writer.pages[part.page].indirect_reference,
                "/MCID": NumberObject(part.number),
            }
            parts.append(DictionaryObject({NameObject(key): value for key, value in reference.items()}))
        else:
            parts.append(_written(part, at, writer, marks))
    written[NameObject("/K")] = parts
    return at
