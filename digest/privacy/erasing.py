"""What is kept of a webinar, without a person: the JSON of any artifact, Edition or line in, the same without it out.

The rules go by the shape of a record and not by the file that holds it: a voice is a voice in speakers.json, in an
Edition and in what an earlier run left in kept/. Words are looked at together, as a name is spoken in several.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from digest.model.artifact import Span
from digest.model.speech import Word, text_of
from digest.privacy.person import MASKED, NAME, DataSubject
from digest.privacy.places import spoken_text
from digest.privacy.roles import replace_words
from digest.text.addresses import MASK

Json = Any
Item = Mapping[str, Any]

WORD = {"text", "start", "end", "probability"}
ADDRESSES = ("url", "target", "registration_url")
NOTHING = {"do": "undo", "thing": "(erased)"}  # takes nothing back: the other revisions keep their numbers
# What stays without the words: a comment, and a speaker's wish. Lines of those files know no "undo".
MASKED_THERE = {"comment": {"about": MASK}, "change": {"was": MASK, "text": MASK}}
STAY = (
    "withhold",
    "trim",
    "name",
    "merge",
    "poster",
    "part",
)  # changes of seconds that say nothing of what is said there
DOUBTS = ("name", "voice", "audience")  # that are about who somebody is


@dataclass(frozen=True)
class Erasure:
    """What goes: the person's name, and what is said in `stretches`, none where the words stay.

    `files` are those that are written anew, by their old SHA-256, with the fields that change, None for what goes.
    `hashes` are those of artifacts and Editions, the old one with the new one; `slug` is the new one, if it changes.
    `sentences` are the ids of those that go, `alone` the words, in small letters, that nobody else said or showed.
    Where it `is_quiet`, what the person typed goes too.
    """

    person: DataSubject
    stretches: tuple[Span, ...] = ()
    files: Mapping[str, Item | None] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    slug: str | None = None
    sentences: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    is_quiet: bool = False

    def is_heard(self, value: Item) -> bool:
        """Return whether a record lies in a stretch that goes."""
        start, end = value.get("start"), value.get("end")
        return start is not None and end is not None and any(s.start < end and start < s.end for s in self.stretches)

    def is_theirs(self, title: str) -> bool:
        """Return whether a title has a word that nobody else said."""
        return not self.alone.isdisjoint(word.lower() for word in NAME.findall(title))

    def is_said(self, word: Item) -> bool:
        """Return whether a word is said in a stretch that goes: its middle lies there."""
        middle = (word["start"] + word["end"]) / 2
        return any(one.start <= middle <= one.end for one in self.stretches)


def erase(value: Json, of: Erasure) -> Json:
    """Return JSON without a person."""
    if isinstance(value, str):
        return of.hashes.get(value) or of.person.replace(value)
    if isinstance(value, list):
        if _are_words(value):
            return _words(value, of)
        return [erase(one, of) for one in value if not (isinstance(one, dict) and goes(one, of))]
    return _record(value, of) if isinstance(value, dict) else value


def goes(value: Item, of: Erasure) -> bool:
    """Return whether a record of a list goes as a whole."""
    for keys, decide in OF_LISTS:
        if keys <= value.keys():
            return decide(value, of)
    return is_gone(value, of)


def is_gone(value: Item, of: Erasure) -> bool:
    """Return whether a record names a file that is no more."""
    return value.get("sha256", "") in of.files and of.files[value["sha256"]] is None


def _is_doubt_gone(doubt: Item, of: Erasure) -> bool:
    is_about = doubt["kind"] in DOUBTS and any(map(of.person.is_named, doubt["compare"]))
    return is_about or of.is_heard(doubt["place"]) or any(map(of.is_heard, doubt.get("evidence", ())))


def _is_sentence_gone(value: Item, of: Erasure) -> bool:
    return any(map(of.is_heard, value["evidence"]))


def _is_term_gone(term: Item, of: Erasure) -> bool:
    return any(map(of.person.is_named, (term["term"], term.get("spoken"), *term.get("heard", ()))))


def _are_words_gone(value: Item, of: Erasure) -> bool:
    return bool(of.stretches and value["words"]) and all(map(of.is_said, value["words"]))


# What of a list goes as a whole, by the fields that tell what it is: the first row that fits decides.
OF_LISTS: tuple[tuple[frozenset[str], Callable[[Item, Erasure], bool]], ...] = (
    (frozenset({"name", "role", "url"}), lambda announced, of: of.person.is_named(announced["name"])),
    (frozenset({"name", "probability"}), lambda candidate, of: of.person.is_named(candidate["name"])),
    (frozenset({"term", "known_by"}), _is_term_gone),
    (
        frozenset({"term", "sentence"}),
        lambda entry, of: of.person.is_named(entry["term"]) or _is_sentence_gone(entry["sentence"], of),
    ),
    (
        frozenset({"url", "sentence"}),
        lambda resource, of: of.person.is_named(resource["url"]) or _is_sentence_gone(resource["sentence"], of),
    ),
    (frozenset({"text", "target"}), lambda link, of: of.person.is_named(link["target"])),
    (frozenset({"compare", "place"}), _is_doubt_gone),
    (frozenset({"start", "words"}), _are_words_gone),
    (frozenset({"text", "evidence"}), _is_sentence_gone),
    (frozenset({"question", "answer_start"}), lambda asked, of: _is_sentence_gone(asked["question"], of)),
    (frozenset({"image", "body"}), lambda _slide, _of: False),  # it is set as text
    (frozenset({"image", "thumbnail"}), lambda page, of: is_gone(page["image"], of)),
)


def _are_words(value: Sequence[Json]) -> bool:
    return bool(value) and isinstance(value[0], dict) and value[0].keys() - {"spaced"} == WORD


def _words(value: Sequence[Item], of: Erasure) -> list[Item]:
    words = [Word.model_validate(one) for one in value if not of.is_said(one)]
    places = [(*place, MASKED) for place in of.person.places(text_of(words))]
    return [word.model_dump() for word in replace_words(words, places)] if places else [w.model_dump() for w in words]


def _record(value: Item, of: Erasure) -> Item:
    """Return a record without the person, by what it is."""
    if "do" in value:
        value = _change(value, of)
    elif value.keys() >= {"id", "known_by", "name"}:
        value = _voice(value, of)
    elif value.keys() >= {"from", "text"} or "asked_by" in value or value.keys() >= {"speaker", "text", "start"}:
        value = _message(value, of)
    elif value.keys() >= {"title", "start", "end"}:
        value = _chapter(value, of)
    elif value.get("sha256") in of.files:
        value = {key: (of.files[value["sha256"]] or {}).get(key, inner) for key, inner in value.items()}
    left = {key: _field(key, inner, of) for key, inner in value.items()}
    if "words" in left and left["words"] != value["words"]:
        left |= _span(left, of)
    return left


def _field(key: str, value: Json, of: Erasure) -> Json:
    if key == "slug" and of.slug and isinstance(value, str):
        return of.slug
    if key in ("masked", "tags") and isinstance(value, list):
        return [one for one in value if not of.person.is_named(one)]
    if key in ADDRESSES and isinstance(value, str) and of.person.is_named(value):
        return None
    return None if isinstance(value, dict) and is_gone(value, of) else erase(value, of)


def _span(value: Item, of: Erasure) -> Item:
    """Return the fields of a segment or paragraph that its words give."""
    words = value["words"]
    text = {"text": spoken_text(words)} if "text" in value else {}
    return text | ({"start": words[0]["start"], "end": words[-1]["end"]} if words and of.stretches else {})


def _voice(value: Item, of: Erasure) -> Item:
    named = of.person.is_named
    nobody = {"name": None, "known_by": "none", "role": None} if named(value["name"]) else {}
    return {**value, **nobody, **({"suggested": None} if named(value.get("suggested")) else {})}


def _message(value: Item, of: Erasure) -> Item:
    """Return a message, a question or a cue; its place in the list stays, as sentences rest on it by its number."""
    is_theirs = any(of.person.is_named(value.get(by)) for by in ("from", "asked_by", "speaker"))
    unnamed = {by: None for by in ("asked_by", "speaker") if of.person.is_named(value.get(by))}
    is_silent = of.is_quiet and isinstance(value.get("text"), str) and (is_theirs or of.is_heard(value))
    return {**value, **unnamed, **({"text": MASK} if is_silent and "evidence" not in value else {})}


def _chapter(value: Item, of: Erasure) -> Item:
    """Return a chapter, without its title where a word of that is the person's own."""
    return {**value, "title": MASK} if of.is_theirs(value["title"]) else value


def _change(value: Item, of: Erasure) -> Item:
    """Return a change that an editor made; one that is about the person alone takes nothing back."""
    named, changed = of.person.is_named, value
    match value["do"]:
        case "name" if named(value["name"]):
            changed = {**value, "name": ""}
        case "relabel" if named(value["label"]):
            changed = {**value, "label": ""}
        case "confirm" if value["field"] in ("speakers", "organisers"):
            lines = [line for line in value["value"].splitlines() if not named(line)]
            changed = {**value, "value": "\n".join(lines)}
        case "learn" if _is_term_gone(value, of):
            changed = NOTHING
        case "mask" if named(value["name"]):
            changed = NOTHING
        case "poster" if is_gone(value["picture"] or {}, of):
            changed = NOTHING
        case "chapter" if of.is_theirs(value["title"]):
            changed = NOTHING
    if _is_at_what_goes(value, of) and value["do"] not in STAY:
        changed = {**value, **MASKED_THERE[value["do"]]} if value["do"] in MASKED_THERE else NOTHING
    return changed


def _is_at_what_goes(value: Item, of: Erasure) -> bool:
    """Return whether a change or a comment is of seconds, or of a sentence, that go."""
    place = value.get("place") or value
    rests_on = (*value.get("rests_on", ()), *value.get("evidence", ()))
    return of.is_heard(place) or place.get("sentence") in of.sentences or any(map(of.is_heard, rests_on))
