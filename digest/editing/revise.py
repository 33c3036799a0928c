"""A draft and the editors' revisions in, the Edition out: pure, and the same bytes for the same input."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from digest.editing.account import add_sentences, anchors, rearrange, reword_sentences, set_answers
from digest.editing.borders import set_chapters, set_slides
from digest.editing.dismissals import is_outdated, undismissed_doubts
from digest.editing.event_fields import parse_start, revise_event
from digest.editing.voices import Voices, attribute, revise_turns, revise_voices
from digest.editing.words import edit_paragraphs
from digest.language.sentences import paragraphs
from digest.model.artifact import Artifact, Picture, Span, StoredFile
from digest.model.deck import Pages, Slide
from digest.model.digest import Digest
from digest.model.edition import Artifacts, Edition, EditionSlide, Paragraph
from digest.model.overlay import (
    Answer,
    Confirm,
    Dismiss,
    Mask,
    Overlay,
    PageSection,
    Revision,
    Reword,
    SetPoster,
    SetSections,
    Strike,
    Trim,
    Withhold,
)
from digest.model.speech import Transcript, utterances

Changes = Sequence[Revision]


@dataclass(frozen=True)
class Revised:
    """A draft as editors left it.

    `laid_out` is its account with every sentence in its place, in the words that stood there before somebody wrote it
    anew or struck it; `anchors` says by number which sentence a revision changes.
    """

    edition: Edition
    laid_out: Digest
    anchors: dict[int, str]


def revise(artifacts: Artifacts, overlay: Overlay) -> Edition:
    """Return the Edition: the draft with every revision that still fits; the numbers of the others in `unfit`.

    A revision fits while its place is found: the words, the seconds, the voice that the editor saw.
    """
    return apply_overlay(artifacts, overlay, transcript_paragraphs(artifacts)).edition


def transcript_paragraphs(artifacts: Artifacts) -> tuple[Paragraph, ...]:
    """Return the transcript as the page shows it before anybody corrects it."""
    transcript = artifacts.transcript
    return paragraphs(tuple(utterances(transcript, artifacts.speakers)), transcript.language)


def _in_their_languages(spoken: Sequence[Paragraph], transcript: Transcript) -> Iterator[Paragraph]:
    """Yield the paragraphs, those that begin in a segment of another language with it."""
    others = [one for one in transcript.segments if one.language]
    starts = [one.start for one in others]
    for paragraph in spoken:
        at = bisect_right(starts, paragraph.start) - 1
        is_other = at >= 0 and paragraph.start < others[at].end
        yield paragraph.model_copy(update={"language": others[at].language}) if is_other else paragraph


def apply_overlay(artifacts: Artifacts, overlay: Overlay, divided: tuple[Paragraph, ...]) -> Revised:
    """Return what `revise` does, with how it came about; `divided` is what `transcript_paragraphs` returns."""
    revisions, slides = overlay.in_force(), artifacts.deck.visible()
    voices = revise_voices(artifacts.speakers, revisions)
    spoken, unfit_words = edit_paragraphs(divided, revisions, voices)
    intervals, unfit_slides = set_slides(artifacts.alignment.intervals, revisions, {slide.number for slide in slides})
    account = _revise_account(artifacts, revisions, voices, spoken)
    unfit = account.unfit | voices.unfit | unfit_words | unfit_slides
    unfit |= {r.number for r in revisions if isinstance(r.change, Confirm) and _is_no_time(r.change)}
    media, transcript, page = artifacts.media, artifacts.transcript, _revise_page(artifacts, revisions)
    originals = _original_decks(artifacts)
    edition = Edition(
        event=revise_event(artifacts.event, revisions),
        digest=account.digest,
        speakers=voices.speakers,
        paragraphs=tuple(_in_their_languages(spoken, transcript)),
        slides=_slides(slides, artifacts.pages),
        slides_pdf=artifacts.pages.pdf,
        original_deck=originals[0] if originals else None,
        more_original_decks=originals[1:],
        intervals=intervals,
        has_video=media.has_video,
        web=media.web,
        poster=page.poster,
        shown=page.shown,
        language=transcript.language,
        model=transcript.model,
        words_by=transcript.words_by,
        revision=len(overlay.revisions),
        unedited_share=account.unedited_share,
        unfit=tuple(sorted(unfit | page.unfit)),
        withheld=tuple(
            Span(start=r.change.start, end=r.change.end) for r in revisions if isinstance(r.change, Withhold)
        ),
        masked=tuple(r.change.name for r in revisions if isinstance(r.change, Mask)),
        trimmed=page.trimmed,
        sections=page.sections,
        made_from={
            value.FILE: value.sha256()
            for value in (getattr(artifacts, name) for name in Artifacts.model_fields)
            if isinstance(value, Artifact)
        },
    )
    return Revised(edition, account.laid_out, account.anchors)


@dataclass(frozen=True)
class _Account:
    digest: Digest
    laid_out: Digest
    anchors: dict[int, str]
    unfit: frozenset[int]
    unedited_share: float


def _revise_account(artifacts: Artifacts, revisions: Changes, voices: Voices, spoken: Sequence[Paragraph]) -> _Account:
    before = artifacts.speakers.turns
    theirs = attribute(artifacts.digest, revise_turns(before, revisions, voices), voices, before=before)
    divided, unfit_chapters = set_chapters(theirs, revisions)
    whole = add_sentences(divided, revisions)
    answers = [revision for revision in revisions if isinstance(revision.change, Answer)]
    asked, unasked = anchors(whole, answers)
    answered = set_answers(whole, answers, asked, spoken, artifacts.transcript.language)
    others = [revision for revision in revisions if not isinstance(revision.change, Answer)]
    found, lost = anchors(answered, others)
    laid_out = rearrange(answered, others, found)
    texts = {sentence.id: sentence.text for sentence in laid_out.sentences()}
    dismissals = {r.number: r.change for r in revisions if isinstance(r.change, Dismiss)}
    outdated = {number for number, one in dismissals.items() if is_outdated(one, laid_out.doubts, texts)}
    held = [one for number, one in dismissals.items() if number not in outdated]
    settled = laid_out.model_copy(update={"doubts": undismissed_doubts(laid_out.doubts, held, texts)})
    touched = {found[r.number] for r in others if isinstance(r.change, Reword | Strike) and r.number in found}
    touched |= texts.keys() - {sentence.id for sentence in artifacts.digest.sentences()}
    return _Account(
        digest=reword_sentences(settled, others, found),
        laid_out=laid_out,
        anchors=asked | found,
        unfit=frozenset(unfit_chapters | unasked | lost | outdated),
        unedited_share=round(1 - len(touched) / len(texts), 4) if texts else 1.0,
    )


@dataclass(frozen=True)
class _PageAsSet:
    shown: Span
    trimmed: bool = False
    poster: Picture | None = None
    sections: tuple[PageSection, ...] | None = None
    unfit: frozenset[int] = frozenset()


def _revise_page(artifacts: Artifacts, revisions: Changes) -> _PageAsSet:
    """Return what of the recording is shown, the picture before it plays and the sections, as editors set them."""
    media, images = artifacts.media, {page.number: page.image for page in artifacts.pages.pages}
    now, unfit = _PageAsSet(Span(start=0, end=media.duration), poster=media.poster), set[int]()
    shot: float | None = -1.0  # the second of the picture; of a slide None, of the machine's nobody knows it
    for revision in revisions:
        match revision.change:
            case Trim(start=start, end=end) if (start or 0) < min(end or media.duration, media.duration):
                shown = Span(start=start or 0, end=min(end or media.duration, media.duration))
                now = replace(now, shown=shown, trimmed=shown != now.shown)
            case SetPoster(slide=slide, picture=picture, second=second) if found := picture or images.get(slide or 0):
                now, shot = replace(now, poster=found), second
            case SetSections(sections=sections):
                now = replace(now, sections=sections)
            case Trim() | SetPoster():
                unfit.add(revision.number)
    if now.trimmed and shot is not None and not now.shown.start <= shot < now.shown.end:
        now = replace(now, poster=next(iter(images.values()), None))  # readers get no picture of what is cut off
    return replace(now, unfit=frozenset(unfit))


def _is_no_time(change: Confirm) -> bool:
    return change.field == "starts_at" and parse_start(change.value) is None


def _original_decks(artifacts: Artifacts) -> tuple[StoredFile, ...]:
    """Return the decks as they were dropped where readers are to have them: never under the Chatham House rule."""
    event, dropped = artifacts.event, artifacts.drop.of_role("deck")
    if not event.publish_original_deck or event.chatham_house:
        return ()
    by_path = {file.path: file for file in artifacts.drop.files}
    shown = [by_path[one.path] for one in artifacts.deck.presentations] or dropped
    return tuple(StoredFile.model_validate(file.model_dump(include=set(StoredFile.model_fields))) for file in shown)


def _slides(slides: Sequence[Slide], pages: Pages) -> tuple[EditionSlide, ...]:
    pictures = {page.number: page for page in pages.pages}
    return tuple(
        EditionSlide(
            number=slide.number,
            title=slide.title,
            body=slide.body,
            tables=slide.tables,
            links=slide.links,
            alt_texts=slide.alt_texts,
            image=page.image if (page := pictures.get(slide.number)) else None,
            thumbnail=page.thumbnail if page else None,
            parts=tuple(part for part in pages.parts if part.number == slide.number),
            deck=slide.deck,
        )
        for slide in slides
    )
