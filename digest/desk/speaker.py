"""A speaker's own page: a signed link in, what the webinar says of them and what they answer out. Nobody logs in."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from digest.desk.answers import sound
from digest.desk.logins import Login
from digest.desk.rules import SPEAKER
from digest.editing import Draft, open_draft
from digest.editing.consent import answers_in_force, name_of, not_before, record_answer, words_of_answer
from digest.editing.decisions import state
from digest.editing.draft import DRAFT_FILES, Stamps, stamps
from digest.errors import NotAllowed
from digest.media import clips
from digest.model.artifact import Span
from digest.model.consent import (
    AskSpeaker,
    ConsentLine,
    FineAsItIs,
    PleaseChange,
    PublishPart,
    RatherNot,
    SpeakerAnswer,
)
from digest.model.doubt import AtSentence
from digest.privacy.own_words import OwnPassage, OwnWords, own_words
from digest.store.workspace import Workspace
from digest.text.clock import parse_clock

EMPTY = dict.fromkeys(("do", "key", "text", "from", "to", "day"), "")
Problem = str  # what is wrong with an answer, as speaker.html puts it into words


class SpeakerPages:
    """What whoever has a speaker's link gets: the page, its sounds, and a place for answers. The door has asked."""

    def __init__(self, login: Login) -> None:
        self._login, self._answers = login, login.answers

    def routes(self) -> list[Route]:
        """Return where they lie."""
        return [
            Route(f"{SPEAKER}/", self.show, methods=["GET"]),
            Route(f"{SPEAKER}/", self.take_answer, methods=["POST"]),
            Route(f"{SPEAKER}/clip", self.clip, methods=["GET"]),
        ]

    def show(self, request: Request) -> Response:
        """Show what the webinar says of the speaker, and what they have answered."""
        return self._page(request, is_sent="sent" in request.query_params)

    def clip(self, request: Request) -> Response:
        """Answer with a sound that the page offers, and with no other second of the recording."""
        workspace, _, own = self._open(request)
        try:
            asked = Span(start=float(request.query_params["start"]), end=float(request.query_params["end"]))
        except (KeyError, ValueError) as error:
            raise HTTPException(404) from error
        draft = open_draft(workspace)
        if draft is None or not any(asked in one.sounds for one in own.passages()):
            raise HTTPException(404)
        return sound(request, clips.cut(workspace.find(draft.artifacts.media.sound), asked.start, asked.end))

    async def take_answer(self, request: Request) -> Response:
        """Record an answer and lead back to the page, or show what is wrong with it, with what was typed."""
        fields = EMPTY | {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        return await run_in_threadpool(self._record, request, fields)

    def _record(self, request: Request, fields: dict[str, str]) -> Response:
        workspace, link, own = self._open(request)
        said = read_answer(fields, name_of(link), own, workspace, self._login.now)
        if isinstance(said, str):
            return self._page(request, status=422, problem=said, kept=fields)
        try:
            record_answer(workspace, link, said, at=self._login.now)
        except NotAllowed:
            return self._answers.no_link()
        where = fields["key"] if isinstance(said, PleaseChange) else "answer"
        return RedirectResponse(f"{request.url.path}?sent#{where}", 303)

    def _open(self, request: Request) -> tuple[Workspace, ConsentLine, OwnWords]:
        workspace, link = request.scope["digest.link"]
        own = _own_words(workspace.root, stamps(workspace, *DRAFT_FILES), name_of(link))
        if own is None:
            raise HTTPException(404)
        return workspace, link, own

    def _page(
        self,
        request: Request,
        *,
        status: int = 200,
        is_sent: bool = False,
        problem: Problem = "",
        kept: Mapping[str, str] = EMPTY,
    ) -> Response:
        workspace, link, own = self._open(request)
        answers = [one.said for one in answers_in_force(workspace.consent(), name_of(link))]
        wishes = [one for one in answers if isinstance(one, PleaseChange)]
        return self._answers.speaker_page(
            status,
            own=own,
            name=name_of(link),
            until=link.said.until if isinstance(link.said, AskSpeaker) else link.at,
            state=state(workspace.decisions()),
            wishes={one.place.sentence if isinstance(one.place, AtSentence) else one.place: one for one in wishes},
            answers=[one for one in answers if not isinstance(one, PleaseChange)],
            is_sent=is_sent,
            problem=problem,
            kept=kept,
        )


def read_answer(
    fields: Mapping[str, str], name: str, own: OwnWords, workspace: Workspace, now: datetime
) -> SpeakerAnswer | Problem:
    """Return what a form answers, or what is wrong with it."""
    text = words_of_answer(fields["text"])
    if text is None:
        return "long"
    found: SpeakerAnswer | Problem
    match fields["do"]:
        case "change":
            found = _wish(fields["key"], text, name, own, workspace)
        case "fine":
            found = FineAsItIs(name=name, text=text)
        case "part":
            found = _part(fields["from"].strip(), fields["to"].strip(), name, own.edition.shown, text)
        case "not before":
            found = not_before(name, fields["day"], own.edition.event.timezone, now, text) or "day"
        case "rather not":
            found = RatherNot(name=name, text=text)
        case _:
            found = "nothing"
    return found


def _part(first: str, last: str, name: str, shown: Span, text: str) -> PublishPart | Problem:
    """Return the wish for a part; its times are typed in page time, an empty one is the beginning, or the end."""
    start, end = (parse_clock(one) if one else None for one in (first, last))
    if not (first or last) or (first and start is None) or (last and end is None):
        return "time"
    begins, ends = shown.start + (start or 0), shown.end if end is None else shown.start + end
    return PublishPart(name=name, start=begins, end=ends, text=text) if begins < ends <= shown.end else "time"


def _wish(key: str, text: str, name: str, own: OwnWords, workspace: Workspace) -> SpeakerAnswer | Problem:
    """Return the wish for a sentence, or a turn; the words that stand there take it back."""
    passage: OwnPassage | None = next((one for one in own.passages() if one.key == key), None)
    if passage is None:
        return "gone"
    place = passage.place or AtSentence(sentence=key)
    text = "" if text == passage.text else text
    known = [one.said for one in answers_in_force(workspace.consent(), name)]
    if not text and not any(isinstance(one, PleaseChange) and one.place == place for one in known):
        return "same"
    return PleaseChange(name=name, place=place, was=passage.text, text=text)


@lru_cache(maxsize=8)  # a page asks for it once a sound
def _own_words(root: Path, _: Stamps, name: str) -> OwnWords | None:
    draft: Draft | None = open_draft(Workspace(root))
    return own_words(draft.edition, name) if draft else None
