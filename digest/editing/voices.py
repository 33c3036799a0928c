"""The voices as editors know them: named, merged, new ones beside them; which voice is which after a re-run."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from digest.model.artifact import Span
from digest.model.digest import Digest, Sentence
from digest.model.evidence import Heard
from digest.model.overlay import Assign, Merge, NameSpeaker, Revision
from digest.model.speech import Speaker, Speakers, Turn

MOSTLY = 0.8  # of the seconds that a sentence rests on must be one voice's, for it to be theirs


@dataclass(frozen=True)
class Voices:
    """The voices of a draft as editors left them.

    `merged` maps each id to that of the voice which it is now, `assigned` the number of each assignment to its voice;
    `unfit` are the revisions of which the voice is not found.
    """

    speakers: tuple[Speaker, ...]
    merged: dict[str, str]
    assigned: dict[int, str]
    unfit: frozenset[int]


def revise_voices(speakers: Speakers, revisions: Sequence[Revision]) -> Voices:
    """Return the voices with the names that editors gave, those they merged as one, and the new ones."""
    known = {speaker.id: speaker for speaker in speakers.speakers}
    made = {r.change.speaker for r in revisions if isinstance(r.change, Assign) and is_new(r.change.speaker)}
    known |= {one: Speaker(id=one) for one in sorted(made)}
    merged, assigned, unfit = {one: one for one in known}, dict[int, str](), set[int]()

    def now(voice: str, heard: Span | None) -> str | None:
        return (voice if voice in made else None) if is_new(voice) else _speaking_in(heard, voice, speakers)

    for revision in revisions:
        match revision.change:
            case Assign(speaker=of, heard=heard) if voice := now(of, heard):
                assigned[revision.number] = voice
            case NameSpeaker(speaker=of, name=name, heard=heard) if voice := now(of, heard):
                update = {"name": name or None, "known_by": "editor" if name else "none"}
                known[voice] = known[voice].model_copy(update=update)
            case Merge(speaker=of, into=into, heard=heard, also_heard=also):
                one, other = now(of, heard), now(into, also)
                if one and other and merged[one] != merged[other]:
                    merged = {of: merged[other] if voice == merged[one] else voice for of, voice in merged.items()}
                else:
                    unfit.add(revision.number)
            case Assign() | NameSpeaker():
                unfit.add(revision.number)
    left = set(merged.values())
    return Voices(
        tuple(voice for voice in known.values() if voice.id in left),
        merged,
        {number: merged[voice] for number, voice in assigned.items()},
        frozenset(unfit),
    )


def revise_turns(turns: Sequence[Turn], revisions: Sequence[Revision], voices: Voices) -> tuple[Turn, ...]:
    """Return who spoke when as editors left it, in order and never overlapping."""
    now = [turn.model_copy(update={"speaker": voices.merged.get(turn.speaker, turn.speaker)}) for turn in turns]
    for revision in revisions:
        change = revision.change
        if isinstance(change, Assign) and revision.number in voices.assigned:
            start, end = change.start, change.end
            ends = ((max(turn.start, end), turn.end, turn.speaker) for turn in now if turn.end > end)
            begins = ((turn.start, min(turn.end, start), turn.speaker) for turn in now if turn.start < start)
            parts = [*begins, (start, end, voices.assigned[revision.number]), *ends]
            now = [Turn(start=a, end=b, speaker=voice) for a, b, voice in parts]
    return tuple(now)


def attribute(digest: Digest, turns: Sequence[Turn], voices: Voices, *, before: Sequence[Turn]) -> Digest:
    """Return the account with each sentence said by whom editors say: `before` is who the machine thought spoke when.

    What nobody was said to have said is theirs too, once they gave the voice a name.
    """
    named = {voice.id for voice in voices.speakers if voice.known_by == "editor" and voice.name}

    def one(sentence: Sentence) -> Sentence:
        then, now = _voice_of(sentence, before), _voice_of(sentence, turns)
        is_theirs = sentence.speaker is not None and sentence.speaker == then
        if now and now != sentence.speaker and (is_theirs or (sentence.speaker is None and now in named)):
            return sentence.model_copy(update={"speaker": now})
        merged = voices.merged.get(sentence.speaker or "", sentence.speaker)
        return sentence if merged == sentence.speaker else sentence.model_copy(update={"speaker": merged})

    in_brief = digest.in_brief  # says itself who spoke
    return digest.map_sentences(one).model_copy(update={"in_brief": in_brief})


def _voice_of(sentence: Sentence, turns: Sequence[Turn]) -> str | None:
    """Return the voice that speaks most of what a sentence rests on, or None."""
    seconds, whole = dict[str, float](), 0.0
    for heard in sentence.evidence:
        if isinstance(heard, Heard):
            whole += heard.end - heard.start
            first = bisect_right(turns, heard.start, key=lambda turn: turn.end)
            last = bisect_left(turns, heard.end, key=lambda turn: turn.start)
            for turn in turns[first:last]:
                inside = min(turn.end, heard.end) - max(turn.start, heard.start)
                seconds[turn.speaker] = seconds.get(turn.speaker, 0.0) + inside
    most = max(seconds, key=lambda one: seconds[one], default=None)
    return most if most is not None and seconds[most] >= MOSTLY * whole else None


def is_new(voice: str) -> bool:
    """Return whether an editor made this voice: the machine's ids begin otherwise."""
    return voice.startswith("editor-")


def _speaking_in(heard: Span | None, voice: str, speakers: Speakers) -> str | None:
    """Return the voice that speaks most of the seconds in which another run heard this one, None where none does."""
    if heard is None:
        return voice if voice in {one.id for one in speakers.speakers} else None
    seconds = dict.fromkeys((one.id for one in speakers.speakers), 0.0)
    for turn in speakers.turns:
        if turn.speaker in seconds:
            seconds[turn.speaker] += max(0.0, min(turn.end, heard.end) - max(turn.start, heard.start))
    most = max(seconds, key=lambda one: (seconds[one], one == voice), default=None)
    return most if most is not None and 2 * seconds[most] >= heard.end - heard.start > 0 else None
