"""What python-pptx does not read of a slide: SmartArt, equations, new charts, comments, sections."""

from collections.abc import Callable, Iterator
from typing import Any

from digest.slides.text import subscript, superscript

MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SHOWN = ("node", "asst")  # kinds of points that a reader sees (ECMA-376, 21.4.7.58)
MAX_POINTS = 2_000  # of a diagram
COUNTED = ("slidenum", "datetime")  # fields that are furniture wherever they stand


def paragraph_text(paragraph: Any) -> str:
    """Return the text of an a:p with its equations in a line; numbers and dates that count themselves left out."""
    said = list[str]()
    for part in paragraph:
        if part.tag in (f"{MAIN}r", f"{MAIN}fld"):
            if not str(part.get("type", "")).startswith(COUNTED):
                said.append(_run_text(part, said[-1] if said else ""))
        elif part.tag == f"{MAIN}br":
            said.append("\v")
        elif isinstance(part.tag, str) and part.tag.endswith("}m"):
            said += (formula(inner) for inner in part)
    return "".join(said)


def _run_text(run: Any, before: str) -> str:
    """Return the text of a run; superscript and subscript letters as such."""
    text = run.findtext(f"{MAIN}t") or ""
    properties = run.find(f"{MAIN}rPr")
    baseline = str(properties.get("baseline", "0")) if properties is not None else "0"
    if baseline.strip("-0%. "):
        return subscript(text) if baseline.startswith("-") else superscript(text, before)
    return text


def formula(node: Any) -> str:
    """Return an OMML equation on one line (ECMA-376, 22.1): a/b, x_i^2, ∑_(i=1)^n x, [1 0; 0 1]."""
    name = node.tag.removeprefix(MATH) if isinstance(node.tag, str) else ""
    if name == "t":
        return node.text or ""
    if name.endswith("Pr") or not name:  # how something looks
        return ""
    parts: dict[str, list[str]] = {}
    for child in node:
        if isinstance(child.tag, str):
            parts.setdefault(child.tag.removeprefix(MATH), []).append(formula(child))
    written = WRITTEN.get(name)
    return written(node, parts) if written else "".join(formula(child) for child in node)


def _script(parts: dict[str, list[str]], sub: str = "sub", sup: str = "sup") -> str:
    """Return what stands below and above something, each where there is any."""
    below, above = "".join(parts.get(sub, ())), "".join(parts.get(sup, ()))
    return (f"_{_grouped(below)}" if below else "") + (f"^{_grouped(above)}" if above else "")


def _sign(node: Any, name: str, usual: str) -> str:
    """Return a sign that an equation's properties name; without a value it is none."""
    for found in node.iterfind(f"{MATH}{node.tag.removeprefix(MATH)}Pr/{MATH}{name}"):
        return str(found.get(f"{MATH}val", ""))
    return usual


def _base(parts: dict[str, list[str]]) -> str:
    return "".join(parts.get("e", ()))


def _fraction(node: Any, parts: dict[str, list[str]]) -> str:
    above, below = "".join(parts.get("num", ())), "".join(parts.get("den", ()))
    return (
        f"({above} over {below})" if _sign(node, "type", "bar") == "noBar" else f"{_grouped(above)}/{_grouped(below)}"
    )


def _in_brackets(node: Any, parts: dict[str, list[str]]) -> str:
    inside = _sign(node, "sepChr", "|").join(parts.get("e", ()))
    return f"{_sign(node, 'begChr', '(')}{inside}{_sign(node, 'endChr', ')')}"


def _large_operator(node: Any, parts: dict[str, list[str]]) -> str:
    return f"{_sign(node, 'chr', '∫')}{_script(parts)} {_base(parts)}"


def _matrix(node: Any, _parts: dict[str, list[str]]) -> str:
    rows = (" ".join(formula(cell) for cell in row.iterchildren(f"{MATH}e")) for row in node.iterchildren(f"{MATH}mr"))
    return f"[{'; '.join(rows)}]"


# How each structure is written on a line; all others are what is in them, one after the other.
WRITTEN: dict[str, Callable[[Any, dict[str, list[str]]], str]] = {
    "f": _fraction,
    "d": _in_brackets,
    "nary": _large_operator,
    "m": _matrix,
    "sSup": lambda _, parts: _base(parts) + _script(parts),
    "sSub": lambda _, parts: _base(parts) + _script(parts),
    "sSubSup": lambda _, parts: _base(parts) + _script(parts),
    "sPre": lambda _, parts: f"{_script(parts)} {_base(parts)}",
    "limLow": lambda _, parts: _base(parts) + _script(parts, sub="lim"),
    "limUpp": lambda _, parts: _base(parts) + _script(parts, sup="lim"),
    "func": lambda _, parts: f"{''.join(parts.get('fName', ()))} {_base(parts)}",
    "acc": lambda node, parts: _base(parts) + _sign(node, "chr", "\u0302"),
    "bar": lambda node, parts: _base(parts) + ("\u0305" if _sign(node, "pos", "bot") == "top" else "\u0332"),
    "rad": lambda _, parts: f"{''.join(parts.get('deg', ()))}√{_grouped(_base(parts))}",
    "eqArr": lambda _, parts: "; ".join(parts.get("e", ())),
}


def _grouped(part: str) -> str:
    return f"({part})" if any(not c.isalnum() for c in part) else part


def related_parts(part: Any, kind: str) -> Iterator[Any]:
    """Yield (part, parsed XML) of each related part whose relationship's type ends so."""
    for relation in part.rels.values():
        if not relation.is_external and relation.reltype.endswith(kind):
            yield relation.target_part, parse_part(relation.target_part)


def parse_part(part: Any) -> Any:
    """Return the XML of a part, read without entities or network."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(part.blob, parser)


def diagram_lines(model: Any) -> Iterator[tuple[int, str]]:
    """Yield (level, text) of a SmartArt's points: children under their parents, in their order."""
    points = {point.get("modelId"): point for point in list(model.iter(f"{DIAGRAM}pt"))[:MAX_POINTS]}
    under: dict[str, list[tuple[int, str]]] = {}
    for link in model.iter(f"{DIAGRAM}cxn"):
        if link.get("type", "parOf") == "parOf":
            order = link.get("srcOrd", "0")
            under.setdefault(link.get("srcId"), []).append((int(order) if order.isdecimal() else 0, link.get("destId")))
    roots = [id_ for id_, point in points.items() if point.get("type") == "doc"]
    waiting, seen = [(-1, id_) for id_ in roots][::-1], set[str]()
    while waiting:
        level, id_ = waiting.pop()
        if id_ in points and id_ not in seen:
            seen.add(id_)
            yield from _point(points[id_], level)
            waiting += [(level + 1, child) for _, child in sorted(under.get(id_, ()))][::-1]
    for id_, point in points.items():
        if id_ not in seen:  # nothing leads to it: still said
            yield from _point(point, 0)


def _point(point: Any, level: int) -> Iterator[tuple[int, str]]:
    if point.get("type", "node") in SHOWN:
        for text in point.iterchildren(f"{DIAGRAM}t"):
            for paragraph in text.iter(f"{MAIN}p"):
                yield max(0, level), paragraph_text(paragraph)


def comments(slide: Any) -> Iterator[str]:
    """Yield the text of each comment on a slide, of the old kind and of the new."""
    for _, listed in related_parts(slide.part, "/comments"):
        for comment in listed:
            old = [node.text or "" for node in comment if isinstance(node.tag, str) and node.tag.endswith("}text")]
            yield " ".join(old or [node.text or "" for node in comment.iter(f"{MAIN}t")])


def sections(presentation: Any) -> dict[int, str]:
    """Return the name of the section of each slide that is in one, by slide id."""
    found: dict[int, str] = {}
    for section in presentation.element.iter("{http://schemas.microsoft.com/office/powerpoint/2010/main}section"):
        for entry in section.iter("{http://schemas.microsoft.com/office/powerpoint/2010/main}sldId"):
            found[int(entry.get("id", "0"))] = section.get("name", "")
    return found


def new_chart_lines(chart: Any) -> Iterator[tuple[int, str]]:
    """Yield titles, series and categories of a chart of the kinds that came in 2016 (waterfall, funnel, map …)."""
    for node in chart.iter("{*}tx", "{*}strDim"):
        if node.tag.endswith("}tx"):
            written = list(node.iter(f"{MAIN}t")) or list(node.iter("{*}v"))
            yield 0, " ".join(part.text or "" for part in written)
        else:
            yield 0, ", ".join(part.text or "" for part in node.iter("{*}pt"))
