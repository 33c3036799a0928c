"""What editors teach: the terms that they spelled right in one webinar, told to the transcriber of the next."""

import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from digest.editing.draft import Draft
from digest.editing.history import word_changes
from digest.errors import DigestError
from digest.model.overlay import Learn, Revision
from digest.model.speech import Glossary, Term
from digest.store.workspace import Workspace, workspaces_in

log = logging.getLogger(__name__)

MAX_WORDS = 6  # of a term
EDGES = re.compile(r"^\W+|\W+$")


def glossary(workspaces: Path, series: str | None, *, without: str) -> Glossary:
    """Return what was taught for all webinars, and for a series: the latest first, its own before all others.

    A webinar's own (`without`, a slug) is not told again: its transcript is corrected already. One whose corrections
    cannot be read teaches nothing, and is no other's problem.
    """
    taught = [one for workspace in workspaces_in(workspaces) if workspace.slug != without for one in _of(workspace)]
    by_term = dict[str, list[Learn]]()
    for revision in sorted(taught, key=lambda one: one.at, reverse=True):
        change = revision.change
        if isinstance(change, Learn) and (change.series is None or _is_same(change.series, series)):
            by_term.setdefault(change.term, []).append(change)
    terms = sorted(by_term.values(), key=lambda some: some[0].series is None)
    return Glossary(terms=tuple(_term(some) for some in terms))


def lesson(draft: Draft, term: str, heard: Sequence[str], scope: str) -> Learn | None:
    """Return what the next transcriber is to be told, None where there is nothing to tell.

    `scope` is "series" or "organisation", else nothing; `heard` is what the machine wrote in place of the term.
    """
    term = EDGES.sub("", term)
    if scope not in ("series", "organisation") or not term or len(term.split()) > MAX_WORDS:
        return None
    before = [r.change for r in draft.overlay.in_force() if isinstance(r.change, Learn) and r.change.term == term]
    known = (*(text for one in before for text in one.heard), *(EDGES.sub("", text) for text in heard))
    series = draft.edition.event.series if scope == "series" else None
    return Learn(term=term, heard=tuple(dict.fromkeys(text for text in known if text and text != term)), series=series)


def lessons(draft: Draft, before: str, after: str, scope: str) -> tuple[Learn, ...]:
    """Return what a correction of some words teaches: each name or acronym that came in the place of other words.

    A numeral written out, or a number put right, is none.
    """
    found, gone = list[Learn](), ""
    for change in word_changes(before, after):
        if change.kind == "new" and any(map(str.isupper, change.text)) and any(map(str.isalpha, gone)):
            taught = lesson(draft, change.text, (gone,), scope)
            found += [taught] if taught else []
        gone = change.text if change.kind == "gone" else ""
    return tuple(found)


def _of(workspace: Workspace) -> Iterator[Revision]:
    try:
        yield from (one for one in workspace.overlay().in_force() if isinstance(one.change, Learn))
    except DigestError as error:
        log.warning("What %s teaches cannot be read: %s", workspace.slug, error)


def _is_same(one: str, other: str | None) -> bool:
    return other is not None and one.casefold().split() == other.casefold().split()


def _term(some: Sequence[Learn]) -> Term:
    heard = dict.fromkeys(text for one in some for text in one.heard)
    return Term(term=some[0].term, known_by="glossary", heard=tuple(heard))
