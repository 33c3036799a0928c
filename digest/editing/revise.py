"""A draft and the editors' revisions in, the Edition out: pure, and the same bytes for the same input."""

from collections.abc import Mapping, Sequence
from datetime import datetime

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
    Reopen,
    Restore,
    Revision,
    Reword,
    Strike,
)
from digest.model.event import Event, EventSpeaker
from digest.model.speech import Speaker, utterances

Changes = dict[str, str | None]  # by sentence id: the editors' text, or None where it was struck


def revise(artifacts: Artifacts, overlay: Overlay) -> Edition:
    """Return the Edition: the digest with every revision that still fits; the numbers of the others in `unfit`.

    A revision of a sentence fits while the machine's sentence has the id and the text that the editor saw.
    """
    machine = {sentence.id: sentence.text for sentence in artifacts.digest.sentences()}
    fitting, unfit = list[Revision](), list[int]()
    for revision in in_force(overlay):
        if _fits(revision, artifacts, machine):
            fitting.append(revision)
        else:
            unfit.append(revision.number)
    changes = _changes(fitting)
    speakers = _name_speakers(artifacts.speakers.speakers, fitting)
    media, transcript = artifacts.media, artifacts.transcript
    return Edition(
        event=_apply_confirmations(artifacts.event, fitting),
        digest=_settle_doubts(_correct(artifacts.digest, changes), fitting, machine),
        speakers=speakers,
        paragraphs=paragraphs(tuple(utterances(transcript, artifacts.speakers)), transcript.language),
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
        unedited_share=round(1 - len(changes) / len(machine), 4) if machine else 1.0,
        unfit=tuple(unfit),
        made_from={
            value.FILE: value.sha256()
            for value in (getattr(artifacts, name) for name in Artifacts.model_fields)
            if isinstance(value, Artifact)
        },
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


def _fits(revision: Revision, artifacts: Artifacts, machine: Mapping[str, str]) -> bool:
    match revision.change:
        case Reword(sentence=of, was=was) | Strike(sentence=of, was=was):
            return machine.get(of) == was
        case NameSpeaker(speaker=of):
            return of in {speaker.id for speaker in artifacts.speakers.speakers}
        case Dismiss() as dismissal:
            return not is_outdated(dismissal, artifacts.digest.doubts, machine)
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
    if "starts_at" in values:
        written, _, zone = values["starts_at"].removesuffix("]").partition("[")
        update |= {"starts_at": datetime.fromisoformat(written), "timezone": zone or event.timezone}
    if "speakers" in values:
        update["speakers"] = tuple(_speaker(line, event) for line in values["speakers"].splitlines() if line.strip())
    return event.model_copy(update=update)


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
