"""A draft and the editors' revisions in, the Edition out: pure, and the same bytes for the same input."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digest.editing.dismissals import is_outdated, undismissed_doubts
from digest.language.sentences import paragraphs
from digest.model.artifact import Artifact, Span, StoredFile
from digest.model.deck import Pages, Slide
from digest.model.digest import Digest, Sentence
from digest.model.edition import (
    Artifacts,
    Confirm,
    Dismiss,
    Edition,
    EditionSlide,
    NameSpeaker,
    Overlay,
    Paragraph,
    Reopen,
    Restore,
    Revision,
    Reword,
    Strike,
)
from digest.model.event import YEARS, Event, EventSpeaker
from digest.model.speech import Speaker, Speakers, utterances


@dataclass(frozen=True)
class Corrected:
    """A draft's event, voices and account as editors left them; `unfit` are the revisions that no longer fit."""

    event: Event
    digest: Digest
    speakers: tuple[Speaker, ...]
    unedited_share: float
    unfit: tuple[int, ...]


Changes = dict[str, str | None]  # by sentence id: the editors' text, or None where it was struck


def revise(artifacts: Artifacts, overlay: Overlay, divided: tuple[Paragraph, ...] | None = None) -> Edition:
    """Return the Edition: the digest with every revision that still fits; the numbers of the others in `unfit`.

    A revision of a sentence fits while the machine's sentence has the id and the text that the editor saw. `divided` is
    what `transcript_paragraphs` returns, where that is known already.
    """
    draft = correct(artifacts.event, artifacts.speakers, artifacts.digest, overlay)
    media, transcript = artifacts.media, artifacts.transcript
    return Edition(
        event=draft.event,
        digest=draft.digest,
        speakers=draft.speakers,
        paragraphs=transcript_paragraphs(artifacts) if divided is None else divided,
        slides=_slides(artifacts.deck.visible(), artifacts.pages),
        slides_pdf=artifacts.pages.pdf,
        original_deck=_original_deck(artifacts),
        intervals=artifacts.alignment.intervals,
        has_video=media.has_video,
        web=media.web,
        poster=media.poster,
        shown=Span(start=0, end=media.duration),
        language=transcript.language,
        model=transcript.model,
        words_by=transcript.words_by,
        revision=len(overlay.revisions),
        unedited_share=draft.unedited_share,
        unfit=draft.unfit,
        made_from={
            value.FILE: value.sha256()
            for value in (getattr(artifacts, name) for name in Artifacts.model_fields)
            if isinstance(value, Artifact)
        },
    )


def transcript_paragraphs(artifacts: Artifacts) -> tuple[Paragraph, ...]:
    """Return the transcript as the page shows it."""
    transcript = artifacts.transcript
    return paragraphs(tuple(utterances(transcript, artifacts.speakers)), transcript.language)


def correct(event: Event, speakers: Speakers, digest: Digest, overlay: Overlay) -> Corrected:
    """Return what revisions change of a draft: its event, voices and account."""
    machine = {sentence.id: sentence.text for sentence in digest.sentences()}
    fitting, unfit = list[Revision](), list[int]()
    for revision in in_force(overlay):
        if _fits(revision, speakers, digest, machine):
            fitting.append(revision)
        else:
            unfit.append(revision.number)
    changes = _changes(fitting)
    return Corrected(
        event=_apply_confirmations(event, fitting),
        digest=_settle_doubts(_correct(digest, changes), fitting, machine),
        speakers=_name_speakers(speakers.speakers, fitting),
        unedited_share=round(1 - len(changes) / len(machine), 4) if machine else 1.0,
        unfit=tuple(unfit),
    )


def _original_deck(artifacts: Artifacts) -> StoredFile | None:
    """Return the deck as it was dropped where readers are to have it: never under the Chatham House rule."""
    event, dropped = artifacts.event, artifacts.drop.of_role("deck")
    if not (dropped and event.publish_original_deck) or event.chatham_house:
        return None
    return StoredFile.model_validate(dropped[0].model_dump(include=set(StoredFile.model_fields)))


def in_force(overlay: Overlay) -> tuple[Revision, ...]:
    """Return the last revision of each thing, in order; one that was taken back later is gone."""
    last: dict[tuple[str, str], Revision] = {}
    for revision in overlay.revisions:
        match revision.change:
            case Reword(sentence=of) | Strike(sentence=of):
                last["sentence", of] = revision
            case Restore(sentence=of):
                last.pop(("sentence", of), None)
            case NameSpeaker(speaker=of):
                last["speaker", of] = revision
            case Confirm(field=of):
                last["field", of] = revision
            case Dismiss(name=of):
                last["doubt", of] = revision
            case Reopen(name=of):
                last.pop(("doubt", of), None)
    return tuple(sorted(last.values(), key=lambda revision: revision.number))


def _fits(revision: Revision, speakers: Speakers, digest: Digest, machine: Mapping[str, str]) -> bool:
    match revision.change:
        case Reword(sentence=of, was=was) | Strike(sentence=of, was=was):
            return machine.get(of) == was
        case NameSpeaker(speaker=of):
            return of in {speaker.id for speaker in speakers.speakers}
        case Dismiss() as dismissal:
            return not is_outdated(dismissal, digest.doubts, machine)
        case Confirm(field="starts_at", value=value):
            return parse_start(value) is not None
        case _:
            return True


def _changes(revisions: Sequence[Revision]) -> Changes:
    found: Changes = {}
    for revision in revisions:
        match revision.change:
            case Reword(sentence=of, text=text):
                found[of] = text
            case Strike(sentence=of):
                found[of] = None
    return found


def _correct(digest: Digest, changes: Changes) -> Digest:
    """Return the digest with the editors' texts; a question whose sentence was struck goes with its answer."""

    def one(sentence: Sentence) -> Sentence | None:
        text = changes.get(sentence.id, sentence.text)
        return None if text is None else sentence.model_copy(update={"text": text})

    return digest.map_sentences(one)


def _settle_doubts(digest: Digest, revisions: Sequence[Revision], machine: Mapping[str, str]) -> Digest:
    """Return the digest without the doubts that an editor dismissed."""
    dismissals = [r.change for r in revisions if isinstance(r.change, Dismiss)]
    return digest.model_copy(update={"doubts": undismissed_doubts(digest.doubts, dismissals, machine)})


def _name_speakers(speakers: Sequence[Speaker], revisions: Sequence[Revision]) -> tuple[Speaker, ...]:
    names = {r.change.speaker: r.change.name for r in revisions if isinstance(r.change, NameSpeaker)}
    return tuple(
        speaker.model_copy(update={"name": name or None, "known_by": "editor" if name else "none"})
        if (name := names.get(speaker.id)) is not None
        else speaker
        for speaker in speakers
    )


def _apply_confirmations(event: Event, revisions: Sequence[Revision]) -> Event:
    values = {r.change.field: r.change.value for r in revisions if isinstance(r.change, Confirm)}
    update: dict[str, object] = {"guessed": tuple(field for field in event.guessed if field not in values)}
    if "title" in values:
        update["title"] = values["title"]
    if start := parse_start(values.get("starts_at", "")):
        update["starts_at"], update["timezone"] = start
    if "speakers" in values:
        update["speakers"] = tuple(_speaker(line, event) for line in values["speakers"].splitlines() if line.strip())
    return event.model_copy(update=update)


def parse_start(value: str) -> tuple[datetime, str] | None:
    """Return when an event starts and the name of its zone, or None for what is no time between 1990 and 2100.

    `value` is as RFC 9557 writes it: 2016-11-23T14:00:00+01:00[Europe/Zurich]. The offset is the zone's.
    """
    written, _, zone = value.removesuffix("]").partition("[")
    try:
        at = datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))
        return (at, zone) if at.year in YEARS and at.utcoffset() is not None else None
    except (ValueError, OverflowError, ZoneInfoNotFoundError, OSError):
        return None


def _speaker(line: str, event: Event) -> EventSpeaker:
    """Return the speaker of a line "Name, role", with the link that event.toml had for the name."""
    name, _, role = (part.strip() for part in line.partition(","))
    known = next((speaker for speaker in event.speakers if speaker.name == name), None)
    return EventSpeaker(name=name, role=role or None, url=known.url if known else None)


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
        )
        for slide in slides
    )
