"""What an editor's form does: fields in, a call of editing; out comes what to say, and where on the page."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from digest import editing, sandbox
from digest.desk.draft import left_questions
from digest.desk.places import arrange, placing
from digest.desk.transcript import find_passage, passages_by_key, stretch_of
from digest.editing import Draft, bringing, comments, consent
from digest.editing.replacing import replace_everywhere
from digest.editing.words import span_of, words_between
from digest.errors import DigestError, NotAllowed, Stale, count_noun, naming
from digest.intake.corrected_transcript import ENDINGS, LIMITS, read_corrected
from digest.model.artifact import Span
from digest.model.comments import HandOver
from digest.model.doubt import AtSentence
from digest.model.edition import Paragraph
from digest.model.evidence import Heard, Left, heard_between
from digest.model.overlay import SectionName
from digest.model.speech import text_of
from digest.store.queue import Queue
from digest.store.workspace import Workspace
from digest.temporary import temporary_folder
from digest.text.cleaning import clean_line
from digest.text.clock import parse_clock

Said = tuple[str, str]  # where on the page (an anchor), and what
FIELDS = dict.fromkeys(  # what a refused form shows again
    (
        "act", "do", "sentence", "passage", "field", "value", "date", "time", "zone", "text", "words", "section",
        "label", "title", "start", "end", "thread", "comment", "assignee", "blocks", "name",
    ),
    "",
)  # fmt: skip

MAX_FILE_NAME = 120  # characters shown
MAX_DIGITS = 9  # of a number in a form: none of ours has more
NO_TIME = "That is no time of the recording."


@dataclass(frozen=True)
class SentFile:
    """A file that came with a form."""

    name: str
    content: BinaryIO


@dataclass(frozen=True)
class Sent:
    """A form that an editor sent."""

    workspace: Workspace
    queue: Queue
    editor: str
    fields: dict[str, str]
    four_eyes: bool = False
    file: SentFile | None = None

    def __getitem__(self, name: str) -> str:
        """Return a field, empty where the form has none of this name."""
        return self.fields.get(name, "")

    def who_and_when(self) -> dict[str, Any]:
        """Return who decides, and when."""
        return {"by": self.editor, "at": datetime.now(UTC)}

    def who_when_and_seen(self) -> dict[str, Any]:
        """Return who revises, when, and the revision that the form was made from."""
        seen = self["revision"]
        is_number = seen.isdecimal() and len(seen) < MAX_DIGITS
        return self.who_and_when() | {"seen": int(seen) if is_number else -1}

    def number(self, name: str) -> int:
        """Return the number of a field, 0 for what is none."""
        return int(self[name]) if self[name].isdecimal() and len(self[name]) < MAX_DIGITS else 0

    def second(self, name: str) -> float:
        """Return the second of a field, written like 12:34 or 754.2. Raises NotAllowed for what is none."""
        typed = self[name].strip().replace(",", ".")
        found = parse_clock(typed)
        if found is None and re.fullmatch(r"\d{1,6}(\.\d{1,9})?", typed):
            found = float(typed)
        if found is None:
            raise NotAllowed(NO_TIME, remedy="Write it like 12:34 or 12:34.5.")
        return found

    def draft(self) -> Draft:
        """Return the draft as it stands. Raises NotAllowed where there is none."""
        draft = editing.open_draft(self.workspace)
        if draft is None:
            raise NotAllowed("There is no draft of this webinar.", remedy="Run the drop again.")
        return draft

    def passage(self) -> Paragraph:
        """Return the passage of the transcript that the form is about."""
        return find_passage(self.draft(), self["passage"])


def sentence(sent: Sent) -> Said:
    """Reword, strike or restore a sentence."""
    of = sent["sentence"]
    if sent["do"] == "strike":
        editing.strike(sent.workspace, of, **sent.who_when_and_seen())
        done = "Struck."
    elif sent["do"] == "restore":
        editing.undo(sent.workspace, f"sentence {of}", **sent.who_when_and_seen())
        done = "Restored."
    else:
        editing.reword(sent.workspace, of, sent["text"], **sent.who_when_and_seen())
        done = "Saved."
    return f"s-{of}" if not sent["page"] else "content", done


def speaker(sent: Sent) -> Said:
    """Name a voice, or take the name back."""
    editing.name_speaker(sent.workspace, sent["speaker"], sent["name"], **sent.who_when_and_seen())
    return "voices" if not sent["page"] else "content", "Saved."


def doubt(sent: Sent) -> Said:
    """Dismiss a doubt, or take that back."""
    if sent["do"] == "reopen":
        editing.undo(sent.workspace, f"doubt {sent['doubt']}", **sent.who_when_and_seen())
        return "content", "Doubted again."
    editing.dismiss(sent.workspace, sent["doubt"], **sent.who_when_and_seen())
    return "content", "Noted. It stands below, where you can take it back."


def confirm(sent: Sent) -> Said:
    """Confirm or correct a field of the event."""
    field = sent["field"]
    value = _start(sent) if field == "starts_at" else sent["value"]
    editing.confirm(sent.workspace, field, value, **sent.who_when_and_seen())
    return "content", "Saved." if sent["page"] else "Confirmed."


def add(sent: Sent) -> Said:
    """Add a sentence or a question that rests on some seconds."""
    start, end = sent.second("start"), sent.second("end")
    editing.add(
        sent.workspace,
        cast(SectionName, sent["section"]),
        sent["text"],
        [Heard(start=start, end=end)],
        label=sent["label"],
        **sent.who_when_and_seen(),
    )
    return "content", "Added to the account."


def place(sent: Sent) -> Said:
    """Move a sentence: one up, one down, or to another section."""
    of, draft = sent["sentence"], sent.draft()
    section, at, after = placing(draft, of, sent["do"], sent["section"])
    editing.move(sent.workspace, of, section, after=after, chapter=at, **sent.who_when_and_seen())
    return f"s-{of}", "Moved."


def label(sent: Sent) -> Said:
    """Say who asked a question, which term is explained, or where a resource lies."""
    editing.relabel(sent.workspace, sent["sentence"], sent["label"], **sent.who_when_and_seen())
    return f"s-{sent['sentence']}", "Saved."


def answer(sent: Sent) -> Said:
    """Say which seconds answer a question, or that it was not answered."""
    of = sent["sentence"]
    spans = [] if sent["do"] == "none" else [Span(start=sent.second("start"), end=sent.second("end"))]
    editing.answer(sent.workspace, of, spans, **sent.who_when_and_seen())
    said = "Saved. Read the answer, and reword it where it needs that." if spans else "Not answered, then."
    return "content" if sent["page"] else f"s-{of}", said


def chapter(sent: Sent) -> Said:
    """Title a chapter, move where it begins, divide one, or join it to the one before."""
    key = sent.second("chapter" if sent["chapter"] else "start")
    start = None if sent["do"] == "join" else sent.second("start")
    editing.set_chapter(sent.workspace, key, start, sent["title"], **sent.who_when_and_seen())
    return "content", "Joined to the chapter before." if start is None else "Saved."


def slide(sent: Sent) -> Said:
    """Say which slide came on, and when."""
    key = sent.second("interval" if sent["interval"] else "start")
    start = None if sent["do"] == "join" else sent.second("start")
    shown = int(sent["slide"]) if sent["slide"].isdecimal() else None
    editing.set_slide(sent.workspace, key, start, shown, **sent.who_when_and_seen())
    return "content", "Saved."


def merge(sent: Sent) -> Said:
    """Say that two voices are one."""
    editing.merge(sent.workspace, sent["voice"], sent["into"], **sent.who_when_and_seen())
    return "voices", "They are one voice now."


def words(sent: Sent) -> Said:
    """Correct a passage of the transcript."""
    span = span_of(sent.passage())
    editing.correct(sent.workspace, span.start, span.end, sent["text"], **sent.who_when_and_seen())
    return f"p-{sent['passage']}", "Saved."


def correct(sent: Sent) -> Said:
    """Correct some words of the transcript."""
    start, end, teach = sent.second("start"), sent.second("end"), sent["teach"]
    editing.correct(sent.workspace, start, end, sent["text"], teach=teach, **sent.who_when_and_seen())
    return "content", "Saved."


def withhold(sent: Sent) -> Said:
    """Keep from readers what was said off the record."""
    editing.withhold(sent.workspace, sent.second("start"), sent.second("end"), **sent.who_when_and_seen())
    return "content", "Readers get neither these words nor their sound."


def passage(sent: Sent) -> Said:
    """Say who says some words of a passage, keep them from readers, or make them a sentence of the account."""
    of = sent.passage()
    span = stretch_of(of, sent["words"])
    match sent["do"]:
        case "withhold":
            editing.withhold(sent.workspace, span.start, span.end, **sent.who_when_and_seen())
            return f"p-{sent['passage']}", "Readers get neither these words nor their sound."
        case "quote":
            section = cast(SectionName, sent["section"])
            said = text_of(words_between([of], span.start, span.end))
            evidence = [heard_between(span.start, span.end)]
            editing.add(sent.workspace, section, said, evidence, **sent.who_when_and_seen())
            return f"p-{sent['passage']}", "It stands in the account."
        case _:
            editing.assign(sent.workspace, span.start, span.end, sent["voice"], **sent.who_when_and_seen())
            return f"p-{sent['passage']}", "Saved."


def stretch(sent: Sent) -> Said:
    """Make what is said between two seconds a sentence of the account, or keep it from readers."""
    start, end = sent.second("start"), sent.second("end")
    if sent["do"] == "withhold":
        editing.withhold(sent.workspace, start, end, **sent.who_when_and_seen())
        return "content", "Readers get neither these words nor their sound."
    said = text_of(words_between(sent.draft().edition.paragraphs, start, end))
    section, evidence = cast(SectionName, sent["section"]), [Heard(start=start, end=end)]
    editing.add(sent.workspace, section, said, evidence, **sent.who_when_and_seen())
    return "content", "It stands in the account."


def typed_question(sent: Sent) -> Said:
    """Add a question that somebody typed into the platform's report."""
    found = dict(left_questions(sent.draft())).get(sent["item"])
    if found is None:
        raise NotAllowed("There is no such question, or the account has it.", remedy="Load the page again.")
    rests, by = [Left(companion="questions", item=int(sent["item"]))], found.asked_by or ""
    editing.add(sent.workspace, "questions", found.text, rests, label=by, **sent.who_when_and_seen())
    return "content", "Added to the account. Say there what answers it."


def trim(sent: Sent) -> Said:
    """Say from where to where readers get the recording; an empty field is its beginning, or its end."""
    start, end = (sent.second(name) if sent[name].strip() else None for name in ("start", "end"))
    editing.trim(sent.workspace, start, end, **sent.who_when_and_seen())
    return "trimmed", "Saved. What lies outside is in no text, no file and no sound that readers get."


def poster(sent: Sent) -> Said:
    """Say what stands where the recording will play: a slide, or what it shows at a second."""
    if sent["do"] == "machine":
        editing.undo(sent.workspace, "poster", **sent.who_when_and_seen())
    elif sent["do"] == "slide":
        slide = int(sent["slide"]) if sent["slide"].isdecimal() else None
        editing.set_poster(sent.workspace, slide=slide, **sent.who_when_and_seen())
    else:
        editing.set_poster(sent.workspace, second=sent.second("start"), **sent.who_when_and_seen())
    return "poster", "Saved."


def sections(sent: Sent) -> Said:
    """Move a section up or down, leave it out, or show it again: `do` is "up quotes"."""
    how, _, name = sent["do"].partition(" ")
    editing.set_sections(sent.workspace, arrange(sent.draft(), how, name), **sent.who_when_and_seen())
    return "sections", "Saved."


def comment(sent: Sent) -> Said:
    """Say something to the other editors: about a sentence, words of a passage, or the whole draft."""
    place: AtSentence | Span | None = None
    where = "content"
    if sent["sentence"]:
        place, where = AtSentence(sentence=sent["sentence"]), f"s-{sent['sentence']}"
    elif sent["passage"]:
        place, where = stretch_of(sent.passage(), sent["words"]), f"p-{sent['passage']}"
    comments.comment(
        sent.workspace,
        sent.draft(),
        sent["comment"],
        place=place,
        blocks=sent["blocks"] == "on",
        assignee=sent["assignee"],
        **sent.who_and_when(),
    )
    return where, "The comment stands here and under Comments."


def reply(sent: Sent) -> Said:
    """Answer a comment."""
    comments.reply(sent.workspace, sent.number("thread"), sent["comment"], **sent.who_and_when())
    return "content", "Answered."


def settle(sent: Sent) -> Said:
    """Say that nothing is left to do about a comment."""
    comments.settle(sent.workspace, sent.number("thread"), **sent.who_and_when())
    return "content", "Settled."


def hand_over(sent: Sent) -> Said:
    """Say who works on the draft."""
    line = comments.hand_over(sent.workspace, sent["assignee"], **sent.who_and_when())
    to = line.said.assignee if isinstance(line.said, HandOver) else ""
    return "content", f"It is {to}’s now." if to else "It is nobody’s in particular now."


def ask_speaker(sent: Sent) -> Said:
    """Give a speaker a page of their own."""
    line = consent.ask_speaker(sent.workspace, sent["name"], **sent.who_and_when())
    return "content", f"Send {consent.name_of(line)} the mail below."


def end_link(sent: Sent) -> Said:
    """Take back a speaker's link."""
    consent.end_link(sent.workspace, sent.number("thread"), **sent.who_and_when())
    return "content", "The link opens nothing any more. What was answered stays."


def weigh(sent: Sent) -> Said:
    """Say what becomes of a speaker's answer."""
    consent.weigh(sent.workspace, sent.number("thread"), sent["text"], **sent.who_and_when())
    return "content", "It stands beside the answer."


def waive(sent: Sent) -> Said:
    """Say why nobody waits for a speaker's answer."""
    consent.waive(sent.workspace, sent["name"], sent["text"], **sent.who_and_when())
    return "content", f"Nobody waits for an answer of {sent['name']}."


def mask(sent: Sent) -> Said:
    """Keep a name, or an address that slides show, from readers."""
    editing.mask(sent.workspace, sent["value"], **sent.who_when_and_seen())
    if sent["from"] == "shown-by-slides":
        return "shown-by-slides", f"“{sent['value']}” is on no page and in no file for readers."
    return "masked" if sent["page"] == "event" else "content", "Readers do not get this name."


def undo(sent: Sent) -> Said:
    """Take back what was done to a thing, or at once."""
    if sent["group"].isdecimal():
        editing.undo_group(sent.workspace, int(sent["group"][:MAX_DIGITS]), **sent.who_when_and_seen())
    else:
        editing.undo(sent.workspace, sent["thing"], **sent.who_when_and_seen())
    return "content", "Taken back."


def replace(sent: Sent) -> Said:
    """Write a word anew at all the places that were chosen."""
    chosen = [value for name, value in sent.fields.items() if name.startswith("hit-")]
    find, put, teach = sent["find"], sent["put"], sent["teach"]
    replace_everywhere(sent.workspace, sent.draft(), find, put, chosen, teach=teach, **sent.who_when_and_seen())
    told = " The next webinars are told." if teach else ""
    return (
        "content",
        f"Written as “{put}” at {count_noun(len(chosen), 'place')}.{told} One press takes it back: see History.",
    )


def bring(sent: Sent) -> Said:
    """Read a transcript that was corrected elsewhere, where no parser can do harm, and keep its words."""
    if sent.file is None:
        raise NotAllowed("No file was chosen.", remedy="Choose one, or drop it onto the field.")
    name = clean_line(sent.file.name)[-MAX_FILE_NAME:]
    ending = next((one for one in ENDINGS if name.casefold().endswith(one)), "")
    with temporary_folder() as folder, naming(name):
        path = folder / f"brought{ending}"
        with path.open("wb") as copy:
            shutil.copyfileobj(sent.file.content, copy)
        read = sandbox.call(read_corrected, LIMITS, path)
    differing = bringing.compare(sent.draft(), read.lines).passages
    bringing.keep_words(sent.workspace, bringing.BroughtWords(name=name, transcript=read, **sent.who_and_when()))
    return "content", f"{count_noun(len(differing), 'passage')} of the transcript read otherwise in “{name}”."


def take_over(sent: Sent) -> Said:
    """Correct the chosen passages, or the one whose button was pressed, as what was brought has them."""
    chosen = [value for name, value in sent.fields.items() if name.startswith("passage-")]
    chosen = [sent["only"]] if sent["only"] else chosen
    bringing.take_over(sent.workspace, sent.draft(), sent["brought"], chosen, **sent.who_when_and_seen())
    return "content", f"{count_noun(len(chosen), 'passage')} corrected. One press takes it back: see History."


def put_away(sent: Sent) -> Said:
    """Forget what was brought."""
    bringing.put_away(sent.workspace)
    return "content", "Put away. What was taken over of it stays."


def approve(sent: Sent) -> Said:
    """Approve the Edition that the form names, and ask for its publication."""
    decision = editing.approve(sent.workspace, sent["edition"], **sent.who_and_when(), four_eyes=sent.four_eyes)
    sent.queue.ask("publish", slug=sent.workspace.slug, edition=decision.edition, by=sent.editor)
    return "approval", "Approved. Publication is asked for."


def retract(sent: Sent) -> Said:
    """Retract the digest and ask for its pages to be taken off."""
    decision = editing.retract(sent.workspace, **sent.who_and_when())
    sent.queue.ask("retract", slug=sent.workspace.slug, edition=decision.edition, by=sent.editor)
    return "approval", "Retracted. The pages are being taken off the site."


def refusal(workspace: Workspace, error: DigestError, fields: dict[str, str]) -> dict[str, object]:
    """Return what a script tells an editor whose text was not saved: why, what stands there now, and as of when."""
    draft, now = editing.open_draft(workspace), None
    if draft and isinstance(error, Stale):
        known = {one.id: one.text for one in draft.edition.digest.sentences()}
        spoken = passages_by_key(draft).get(fields.get("passage", ""))
        now = spoken.text if spoken else known.get(fields.get("sentence", ""))
    return {"problem": str(error), "now": now, "revision": draft.edition.revision if draft else 0}


ACTS: dict[str, Callable[[Sent], Said]] = {
    act.__name__: act
    for act in (
        sentence,
        speaker,
        doubt,
        confirm,
        approve,
        retract,
        add,
        place,
        label,
        answer,
        chapter,
        slide,
        merge,
        words,
        correct,
        withhold,
        passage,
        stretch,
        typed_question,
        comment,
        reply,
        settle,
        hand_over,
        ask_speaker,
        end_link,
        weigh,
        waive,
        trim,
        poster,
        sections,
        mask,
        undo,
        replace,
        bring,
        take_over,
        put_away,
    )
}


def _start(sent: Sent) -> str:
    """Return date, time and zone as RFC 9557 writes them, the offset left to whoever reads it."""
    return f"{sent['date']}T{sent['time']}[{sent['zone']}]"
