"""Whom of the audience somebody named: an Edition in, the Edition with […] for those names out."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from digest.model.artifact import Span
from digest.model.companions import Companions
from digest.model.edition import Edition
from digest.model.speech import Word
from digest.text.addresses import MASK


def without_audience(edition: Edition) -> Edition:
    """Return an Edition in whose transcript nobody of the audience is named, where editors did not allow it.

    In the account they were not named in the first place. Whom an editor named as a voice has agreed.
    """
    named = {part for one in edition.speakers if one.known_by == "editor" for part in (one.name or "").split()}
    hidden = [
        doubt.place
        for doubt in edition.digest.doubts
        if doubt.kind == "audience" and isinstance(doubt.place, Span) and not named.issuperset(doubt.compare[1].split())
    ]
    if not hidden:
        return edition
    paragraphs = tuple(
        paragraph.model_copy(update={"words": tuple(_mask(paragraph.words, hidden))})
        for paragraph in edition.paragraphs
    )
    return edition.model_copy(update={"paragraphs": paragraphs})


def audience_names(edition: Edition, companions: Companions) -> set[str]:
    """Return whom readers are not told of: who typed in chat or Q&A, and whom somebody named."""
    if edition.event.name_audience:
        return set()
    typed = {*(one.from_ for one in companions.chat), *(one.asked_by for one in companions.questions)}
    spoken = {doubt.compare[1] for doubt in edition.digest.doubts if doubt.kind == "audience"}
    known = {*(one.name for one in edition.event.speakers), *(one.name for one in edition.speakers)}
    return {name for name in typed if name and " " in name} - known | spoken


def _mask(words: Sequence[Word], hidden: Sequence[Span]) -> Iterator[Word]:
    """Yield the words, those of a name as one that is masked, with the sign behind it."""

    def name_of(word: Word) -> int | None:
        middle = (word.start + word.end) / 2
        return next((at for at, span in enumerate(hidden) if span.start <= middle <= span.end), None)

    for name, some in groupby(words, name_of):
        together = list(some)
        if name is None:
            yield from together
        else:
            sign = together[-1].text[len(together[-1].text.rstrip(".,;:?!")) :]
            yield together[0].model_copy(update={"text": f"{MASK}{sign}", "end": together[-1].end})
