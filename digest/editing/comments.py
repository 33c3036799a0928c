"""What editors say to each other about a draft, appended to comments.jsonl: nothing of it changes the Edition.

All take who says it (`by`) and when (`at`), and raise NotAllowed where it makes no sense.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from digest.editing.draft import Draft
from digest.editing.typed import MAX_NAME, line
from digest.editing.words import words_between
from digest.errors import NotAllowed
from digest.model.artifact import Span
from digest.model.comments import Comment, CommentLine, HandOver, Reply, Settle
from digest.model.doubt import AtSentence
from digest.model.speech import text_of
from digest.store.journal import append
from digest.store.workspace import COMMENTS, Workspace
from digest.text.cleaning import clean_text, is_blank

MAX_COMMENT = 2000  # characters

Lines = tuple[CommentLine, ...]


@dataclass
class Thread:
    """A comment with what was answered to it, and who settled it, None while nobody did."""

    number: int
    by: str
    at: datetime
    comment: Comment
    replies: list[CommentLine] = field(default_factory=list)
    settled: CommentLine | None = None

    @property
    def is_open(self) -> bool:
        """Return whether something may be left to do."""
        return self.settled is None


def threads(lines: Sequence[CommentLine]) -> tuple[Thread, ...]:
    """Return the comments, in order."""
    found = dict[int, Thread]()
    for one in lines:
        match one.said:
            case Comment() as said:
                found[one.number] = Thread(one.number, one.by, one.at, said)
            case Reply(comment=of) if of in found:
                found[of].replies.append(one)
            case Settle(comment=of) if of in found:
                found[of].settled = found[of].settled or one
    return tuple(found.values())


def holding_up(lines: Sequence[CommentLine]) -> tuple[Thread, ...]:
    """Return the comments that nobody has settled and that block approval."""
    return tuple(thread for thread in threads(lines) if thread.is_open and thread.comment.blocks)


def assignee(lines: Sequence[CommentLine]) -> str:
    """Return who works on the draft, empty for nobody in particular."""
    return next((one.said.assignee for one in reversed(lines) if isinstance(one.said, HandOver)), "")


def comment(
    workspace: Workspace,
    draft: Draft,
    text: str,
    *,
    place: AtSentence | Span | None = None,
    blocks: bool = False,
    assignee: str = "",
    by: str,
    at: datetime,
) -> CommentLine:
    """Say something about a place of the draft, or about all of it."""
    said = Comment(
        place=place, about=_text_at(draft, place), text=_words(text), blocks=blocks, assignee=_person(assignee)
    )
    return _record(workspace, lambda _: said, by=by, at=at)


def reply(workspace: Workspace, comment: int, text: str, *, by: str, at: datetime) -> CommentLine:
    """Answer a comment."""
    words = _words(text)
    return _record(workspace, lambda lines: Reply(comment=_open_number(lines, comment), text=words), by=by, at=at)


def settle(workspace: Workspace, comment: int, *, by: str, at: datetime) -> CommentLine:
    """Say that nothing is left to do about a comment; once is enough."""
    return _record(workspace, lambda lines: Settle(comment=_open_number(lines, comment)), by=by, at=at)


def hand_over(workspace: Workspace, assignee: str, *, by: str, at: datetime) -> CommentLine:
    """Say who works on the draft from now on."""
    person = _person(assignee)
    return _record(workspace, lambda _: HandOver(assignee=person), by=by, at=at)


def _record(
    workspace: Workspace, say: Callable[[Lines], Comment | Reply | Settle | HandOver], *, by: str, at: datetime
) -> CommentLine:
    def line_of(lines: Lines) -> CommentLine:
        return CommentLine(number=len(lines) + 1, at=at, by=by, said=say(lines))

    return append(workspace.root / COMMENTS, CommentLine, line_of)


def _open_number(lines: Lines, number: int) -> int:
    """Return the number of a comment that is open. Raises NotAllowed for another one."""
    thread = next((one for one in threads(lines) if one.number == number), None)
    if thread is None or not thread.is_open:
        raise NotAllowed("There is no such comment, or somebody settled it.", remedy="Load the page again.")
    return number


def _text_at(draft: Draft, place: AtSentence | Span | None) -> str:
    """Return what stands at a place now. Raises NotAllowed where nothing does."""
    if place is None:
        return ""
    if isinstance(place, Span):
        text = text_of(words_between(draft.edition.paragraphs, place.start, place.end))
    else:
        everything = (*draft.edition.digest.sentences(), *draft.laid_out.sentences())
        text = next((one.text for one in everything if one.id == place.sentence), "")
    if not text:
        raise NotAllowed("Nothing is written there any more.", remedy="Load the page again.")
    return text


def _words(text: str) -> str:
    clean = clean_text(text).strip()
    if is_blank(clean):
        raise NotAllowed("The comment is empty.", remedy="Write something.")
    if len(clean) > MAX_COMMENT:
        raise NotAllowed(f"The comment is longer than {MAX_COMMENT} characters.", remedy="Shorten it.")
    return clean


def _person(name: str) -> str:
    return line(name, MAX_NAME, "The name") if name.strip() else ""
