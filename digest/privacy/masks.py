"""Names that leave this machine, or do not: who spoke and what is agreed in, texts with roles in their place out."""

import re
from collections.abc import Iterable

from digest.model.companions import Companions
from digest.model.event import Event
from digest.model.speech import Speakers
from digest.privacy.roles import any_of, published_name

SOMEBODY = "a participant"


class Names:
    """How voices are called, and which names readers will not get. A name that nobody told the machine is not known."""

    def __init__(self, speakers: Speakers, event: Event, companions: Companions) -> None:
        self._called = {speaker.id: published_name(speaker, event) or "" for speaker in speakers.speakers}
        self._people = {speaker.name for speaker in speakers.speakers if speaker.name}
        self._stand_ins = _stand_ins(speakers, event, companions)
        self._hidden = re.compile(any_of(self._stand_ins))

    def of(self, voice: str) -> str:
        """Return what readers call a voice, empty where nobody knows."""
        return self._called[voice]

    def mask(self, text: str) -> str:
        """Return a text with roles in place of the names that readers will not get."""
        return self._hidden.sub(lambda found: self._stand_ins[found[0]], text)

    def all_of(self, voices: Iterable[str]) -> set[str]:
        """Return what these voices may be called: as readers call them, and by the last word of a name."""
        called = {self._called[voice] for voice in voices} - {""}
        return called | {name.split()[-1] for name in called & self._people}

    def names_in(self, spoken: str) -> set[str]:
        """Return what those may be called whom somebody named, whole or in part."""
        words = set(re.findall(r"[\w-]+", spoken))
        whole = {name for name in self._called.values() if name in self._people and words & set(name.split())}
        return whole | {role for name, role in self._stand_ins.items() if name in words}

    def everybody(self) -> set[str]:
        """Return what all voices may be called."""
        return self.all_of(self._called)


def _stand_ins(speakers: Speakers, event: Event, companions: Companions) -> dict[str, str]:
    """Return each name that readers will not get, whole and in parts, with what stands for it."""
    announced = {speaker.name: speaker.role or SOMEBODY for speaker in event.speakers}
    is_open = set[str]() if event.chatham_house else set(announced)
    people = announced if event.chatham_house else {}
    guessed = (name for one in speakers.speakers for name in (one.suggested, *(also.name for also in one.candidates)))
    people |= {name: SOMEBODY for name in guessed if name}
    people |= {one.name: published_name(one, event) or SOMEBODY for one in speakers.speakers if one.name}
    shown = {part for name in is_open for part in name.split()}
    found = {
        part: role
        for name, role in people.items()
        if name not in is_open and name != role
        for part in (name, *(word for word in name.split() if word[0].isupper()))  # "de", "van", "bin" are words too
        if part not in shown
    }
    if event.chatham_house or not event.name_audience:
        typed = {*(one.from_ for one in companions.chat), *(one.asked_by for one in companions.questions)}
        found |= {name: SOMEBODY for name in typed - is_open if name and " " in name}
    return found
