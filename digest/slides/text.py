"""Text of a slide made safe to show: strings in, clean and limited strings out."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from digest.model.deck import Line, Link, Slide
from digest.text.cleaning import clean_line
from digest.text.links import is_safe_link

MAX_TITLE, MAX_LINE, MAX_SLIDE = 300, 2_000, 20_000  # letters
ESCAPED = re.compile("_x00[01][0-9A-F]_")  # a control as Office writes it into XML (ECMA-376, 22.9.2.19)
# The sign before an item; symbol fonts have theirs in the private use area.
BULLET = re.compile("^(?:[\\s•▪◦‣●○■□►▶➢➤✓✔❖\ue000-\uf8ff]|[–—-](?=\\s))+")
REPEATED = 0.5  # of the slides: a line on more of them is a header or footer
ADDRESS = re.compile(r"https?://[^\s<>\"']{3,2000}")

# Letters as printers join and shape them, Latin, Hebrew and Arabic: read as what they stand for.
PRESENTATION_FORM = re.compile("[\ufb00-\ufdfb\ufe70-\ufefc]")
ORDINALS = frozenset(
    {"st", "nd", "rd", "th", "e", "er", "re", "ème", "o", "a", "os", "as", "tm"}
)  # raised for looks: 21st, 1er, 2a
RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")

Rows = tuple[tuple[str, ...], ...]


def clean(text: str, max_letters: int = MAX_LINE) -> str:
    """Return one line without controls, shortened where it is too long."""
    spelled = PRESENTATION_FORM.sub(lambda form: unicodedata.normalize("NFKC", form[0]), ESCAPED.sub("", text))
    line = clean_line(spelled)
    return line if len(line) <= max_letters else line[: max_letters - 1] + "…"


def bare(line: str) -> str:
    """Return a line without the number of its page."""
    return line.strip("0123456789 |/·-–")


def furniture(texts: Sequence[Sequence[str]]) -> set[str]:
    """Return the bare lines that stand on most slides: headers, footers, page numbers. No content."""
    seen = Counter(line for text in texts for line in {bare(line) for line in text})
    return {line for line, times in seen.items() if times > max(2, REPEATED * len(texts))}


def lines(found: Iterable[tuple[int, str]]) -> tuple[Line, ...]:
    """Return (level, text) as lines, without empty ones, cut where a slide has too much text."""
    kept, left = list[Line](), MAX_SLIDE
    for level, text in found:
        for part in _parts(clean(BULLET.sub("", text), MAX_SLIDE)):
            line = part[:left]
            left -= len(line)
            if line:
                kept.append(Line(level=max(0, min(level, 8)), text=line))
    return tuple(kept)


def _parts(text: str) -> Iterator[str]:
    """Yield a text in parts that a line may hold, parted between words where there are any."""
    while len(text) > MAX_LINE:
        end = text.rfind(" ", MAX_LINE // 2, MAX_LINE) + 1 or MAX_LINE
        yield text[:end].strip()
        text = text[end:]
    yield text.strip()


def split_title(title: str) -> tuple[str | None, list[tuple[int, str]]]:
    """Return a title, and where it is too long for one its whole as first line of the body."""
    whole = clean(title, MAX_SLIDE)
    return (whole or None, []) if len(whole) <= MAX_TITLE else (clean(whole, MAX_TITLE), [(0, whole)])


def superscript(text: str, before: str) -> str:
    """Return raised letters so that 10⁶ is not 106, by what stands before them: 21st stays as it is."""
    if text.strip().casefold() in ORDINALS and (before[-1:].isdigit() or len(text.strip()) > 1):
        return text
    return _with_signs(text, RAISED, "^")


def subscript(text: str) -> str:
    """Return lowered letters as such: CO₂, x_max."""
    return _with_signs(text, LOWERED, "_")


def _with_signs(text: str, signs: dict[int, int], mark: str) -> str:
    bare_text = text.strip()
    if not bare_text or all(ord(letter) in signs for letter in bare_text):
        return text.translate(signs)
    return text.replace(bare_text, mark + (bare_text if bare_text.isalnum() else f"({bare_text})"), 1)


def rows(found: Iterable[Iterable[str]]) -> Rows:
    """Return the rows of a table, as many as a slide may hold text."""
    kept, left = list[tuple[str, ...]](), MAX_SLIDE
    for row in found:
        cells = tuple(clean(cell) for cell in row)
        left -= sum(map(len, cells)) + len(cells)
        if left < 0:
            break
        kept.append(cells)
    return tuple(kept)


def remark_on_cut_text(slides: Iterable[Slide]) -> tuple[str, ...]:
    """Return a remark where a slide held more text than is kept."""
    cut = [str(slide.number) for slide in slides if _is_cut(slide)]
    return (f"Slide {', '.join(cut)} holds more text than is used: it was shortened.",) if cut else ()


def _is_cut(slide: Slide) -> bool:
    lengths = [len(line.text) for line in slide.body]
    return MAX_SLIDE in (sum(lengths), len(slide.notes))


def links(found: Iterable[tuple[str, str]]) -> tuple[Link, ...]:
    """Return (text, target) as links, each target once; whatever is not http, https or mailto is no link."""
    kept: dict[str, Link] = {}
    for text, target in found:
        if is_safe_link(target) and target not in kept:
            kept[target] = Link(text=clean(text, MAX_TITLE) or target, target=target)
    return tuple(kept.values())


def plain_links(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the web addresses that are written out in texts, as links to themselves."""
    for text in texts:
        for target in ADDRESS.findall(text):
            whole = target.rstrip(".,;:!?…")
            while whole.endswith(")") and whole.count(")") > whole.count("("):  # the bracket around the address
                whole = whole[:-1].rstrip(".,;:!?…")
            yield whole, whole
