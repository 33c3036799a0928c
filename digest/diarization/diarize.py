"""Who spoke when, and who they are: Media, Transcript, Companions and Event in, Speakers out.

Captions that name speakers are laid along the words; without any, voices are told apart by sound and named by all
that speaks for it.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from digest.diarization import embeddings
from digest.diarization.attribution import names_of
from digest.diarization.mentions import KnownNames
from digest.diarization.naming import ASKS, NamedVoice, NamingModels, names, shipped_models
from digest.diarization.naming_features import Person, heard_in
from digest.diarization.turns import MAX_GAP, merge_turns, turns, without_overlap
from digest.errors import MissingTool
from digest.model.companions import Companions
from digest.model.event import Event
from digest.model.media import Media
from digest.model.speech import NameCandidate, Speaker, Speakers, Transcript, Turn, Utterance, utterances
from digest.transcription.number_types import of_processor

log = logging.getLogger(__name__)

VERSION = 4
ARITHMETIC = of_processor

ROLES = {  # what readers call a voice without a name: who leads, who asks, who else speaks
    "en": ("Moderator", "Questioner", "Speaker"),
    "de": ("Moderation", "Stimme aus dem Publikum", "Stimme"),
    "fr": ("Animation", "Question du public", "Intervention"),
    "es": ("Moderación", "Pregunta del público", "Intervención"),
}
LEADS = ("moderator", "host", "chair", "facilitator")


def diarize(
    media: Media,
    transcript: Transcript,
    companions: Companions,
    event: Event,
    *,
    root: Path,
    progress: Callable[[float], None] = lambda _: None,
) -> Speakers:
    """Return voices and turns, named where a companion or the talk itself says who it is.

    Where neither captions nor the model for voices can be had, one voice without a name holds the floor throughout:
    the page then attributes nothing, and a remark says so.
    """
    remarks = list[str]()
    if captions := _by_captions(transcript, companions, media, event, remarks):
        return captions.model_copy(update={"remarks": tuple(remarks)})
    try:
        found = turns(
            transcript,
            media.levels,
            lambda stretches: embeddings.embed(root / media.sound.path, stretches, progress=progress),
        )
    except MissingTool as error:
        remarks.append(f"Voices were not told apart: {error.what}")
        found = ()
    if not found:
        turn = Turn(start=0.0, end=media.duration, speaker="s1")
        return Speakers(speakers=(Speaker(id="s1"),), turns=(turn,), remarks=tuple(remarks))
    return name_voices(found, transcript, companions, event, remarks)


def _by_captions(
    transcript: Transcript, companions: Companions, media: Media, event: Event, remarks: list[str]
) -> Speakers | None:
    """Return who spoke as the captions say, or None where they name nobody or are another recording's."""
    words = list(transcript.words())
    if not words or len({cue.speaker for cue in companions.cues} - {None}) == 0:
        return None
    if companions.cues[-1].start > media.duration + 30.0:  # as `digest check` says
        remarks.append("The captions go on after the recording ends: they are another one's and were not used.")
        return None
    named = names_of(words, companions.cues)
    if named is None:
        remarks.append("The captions say something else than the recording: they were not used.")
        return None
    announced = [speaker.name for speaker in event.speakers]
    people = [name and (_announced_name(name, announced) or name) for name in named]
    ids = {name: f"s{number}" for number, name in enumerate(dict.fromkeys(people), start=1)}
    speakers = [Speaker(id=ids[name], name=name, known_by="companions" if name else "none") for name in ids]
    said = [Turn(start=word.start, end=word.end, speaker=ids[name]) for word, name in zip(words, people, strict=True)]
    found = tuple(merge_turns(without_overlap(said), max_gap=MAX_GAP))
    log.debug("captions name %d speakers in %d turns", sum(name is not None for name in ids), len(found))
    return Speakers(speakers=tuple(_with_roles(speakers, found, transcript, event)), turns=found, known_by="companions")


def _announced_name(name: str, announced: Sequence[str]) -> str | None:
    """Return how event.toml writes a name that the platform has in another way: without a title, with a firm."""
    found = KnownNames(announced).mentions(name.split())
    return next((one.name for one in found if one.is_whole or name == one.name), None)


def name_voices(
    found: tuple[Turn, ...],
    transcript: Transcript,
    companions: Companions,
    event: Event,
    remarks: list[str],
    *,
    models: NamingModels | None = None,
) -> Speakers:
    """Return the voices with the names that are known; `models` in place of the shipped ones."""
    ids = dict.fromkeys(turn.speaker for turn in found)
    unnamed = Speakers(speakers=tuple(Speaker(id=voice) for voice in ids), turns=found)
    heard = heard_in(list(utterances(transcript, unnamed)), transcript.language)
    known = names(heard, _people(companions, event), models or shipped_models())
    merged = tuple(merge_turns(found, max_gap=MAX_GAP))
    log.debug(
        "%d voices in %d turns; how sure their names are: %s",
        len(ids),
        len(merged),
        {voice: round(one.names[0].probability, 3) for voice, one in known.items() if one.names},
    )
    if event.speakers_count and len(ids) < event.speakers_count:
        remarks.append(f"{len(ids)} voices were told apart; event.toml says {event.speakers_count} speak.")
    return Speakers(
        speakers=tuple(_with_roles([_speaker(voice, known.get(voice)) for voice in ids], merged, transcript, event)),
        turns=merged,
        known_by="sound",
        remarks=tuple(remarks),
        number_type=of_processor(),
    )


def _people(companions: Companions, event: Event) -> list[Person]:
    """Return who may speak: those announced, and who wrote in the chat or asked there if the audience may be named."""
    announced = [Person(one.name, one.role or "") for one in event.speakers]
    if not event.name_audience or event.chatham_house:
        return announced
    known = {one.name for one in announced}
    wrote = [one.from_ for one in companions.chat] + [one.asked_by or "" for one in companions.questions]
    others = [name for name in dict.fromkeys(wrote) if len(name.split()) > 1 and name not in known]
    return [*announced, *(Person(name, is_announced=False) for name in others)]


def _speaker(voice: str, known: NamedVoice | None) -> Speaker:
    """Return a voice with its name where that is sure, else with the names that it may have."""
    if known is None:
        return Speaker(id=voice)
    if known.is_sure:
        return Speaker(id=voice, name=known.names[0].name, known_by="introduction")
    return Speaker(
        id=voice,
        suggested=known.names[0].name if known.is_likely else None,
        candidates=tuple(
            NameCandidate(name=one.name, probability=round(one.probability, 3), heard=one.heard) for one in known.names
        ),
        audience=round(known.audience, 3),
    )


def _with_roles(
    speakers: Sequence[Speaker], found: Sequence[Turn], transcript: Transcript, event: Event
) -> Iterator[Speaker]:
    """Yield the speakers, each who was not announced with a role in place of a name.

    Who speaks first and again without a name leads; who is likely of the audience asks, and where nothing is known of
    that, whoever asks and does not speak for long.
    """
    leads, asks, speaks = ROLES.get(transcript.language, ROLES["en"])
    announced = {speaker.name: speaker.role or "" for speaker in event.speakers}
    spoken = list(utterances(transcript, Speakers(speakers=tuple(speakers), turns=tuple(found))))
    has_lead = any(role.casefold().startswith(LEADS) for role in announced.values())
    lead = _leader(spoken, has_lead, {s.id for s in speakers if s.name in announced})
    longest = max((u.end - u.start for u in spoken), default=0.0)
    counts = {asks: 0, speaks: 0}
    for speaker in speakers:
        if speaker.name in announced:
            yield speaker
            continue
        if speaker.id == lead:
            yield speaker.model_copy(update={"role": leads})
            continue
        mine = [u for u in spoken if u.speaker == speaker.id]
        is_asker = any(_is_asking(u) for u in mine) and sum(u.end - u.start for u in mine) < max(90.0, longest / 2)
        if speaker.audience is not None:
            is_asker = speaker.audience >= ASKS
        role = asks if is_asker else speaks
        counts[role] += 1
        yield speaker.model_copy(update={"role": f"{role} {counts[role]}"})


def _leader(spoken: Sequence[Utterance], has_lead: bool, named: set[str]) -> str | None:
    """Return the unnamed voice that opens, speaks again and again, and never long at a time."""
    if not spoken or spoken[0].speaker in named or (has_lead and named):
        return None
    return spoken[0].speaker if sum(u.speaker == spoken[0].speaker for u in spoken) > 1 else None


def _is_asking(utterance: Utterance) -> bool:
    return any(word.text.endswith("?") for word in utterance.words) or "question" in " ".join(
        word.text.casefold() for word in utterance.words
    )
