"""Voices are told apart, have the right names or none, and no captions are believed that are another recording's."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.diarization import diarize, embeddings
from digest.diarization.clustering import cluster
from digest.diarization.diarize import name_voices
from digest.diarization.mentions import KnownNames
from digest.diarization.naming import NamedVoice, names, shipped_models
from digest.diarization.naming_features import Person, heard_in, share_of_broken
from digest.errors import MissingTool
from digest.learned.trees import FOLDER
from digest.media.levels import levels
from digest.model.companions import ChatMessage, CompanionCue, Companions
from digest.model.event import Event, EventSpeaker
from digest.model.media import Media
from digest.model.speech import Segment, Speakers, Transcript, Turn, Utterance, Word, utterances
from tests import truth as t
from tests.builders import a_recording, an_event, spoken
from tests.measures import diarization_error, words_with_right_speaker
from tests.talks import read_talks
from tests.training.boosting import REAL
from tests.training.naming import voices_of as voices_of_talk
from tests.transcription.sounds import DEMO, media_of

PEOPLE = ("Hannah Whitcombe", "Daniel Okafor", "Mei-Ling Castellanos")
BOTH = [Person(name) for name in PEOPLE[:2]]
EVENT = an_event(
    speakers=(
        EventSpeaker(name="Hannah Whitcombe", role="Moderator, Geneva Digital Dialogue"),
        EventSpeaker(name="Daniel Okafor", role="Halden Systems"),
    )
)
CHAT = tuple(
    ChatMessage.model_validate({"from": name, "text": "hello"}) for name in ("Priya Raman", "Tomasz Zieliński", "Ann")
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Media, Transcript]:
    """Return the demo's sound and what was said in it."""
    root = tmp_path_factory.mktemp("demo")
    media = media_of(root, "-i", DEMO, seconds=t.DEMO["duration"])
    return root, media.model_copy(update={"levels": levels(root / media.sound.path)}), t.transcript(t.DEMO)


def who_said(*said: tuple[str, str]) -> list[Utterance]:
    """Return utterances of (voice, text), one after the other."""
    found, at = list[Utterance](), 0.0
    for voice, text in said:
        words = tuple(
            Word(text=w, start=at + n * 0.4, end=at + n * 0.4 + 0.3, probability=1) for n, w in enumerate(text.split())
        )
        found.append(Utterance(start=at, end=words[-1].end, speaker=voice, words=words))
        at = words[-1].end + 0.5
    return found


def errors(found: Speakers, transcript: Transcript) -> tuple[float, float]:
    """Return the diarization error on the demo and the share of words with the right speaker."""
    true = [(said["start"], said["end"], said["speaker"]) for said in t.DEMO["utterances"]]
    words = [(w.start, w.end, said.speaker) for said in utterances(transcript, found) for w in said.words]
    turns = [(turn.start, turn.end, turn.speaker) for turn in found.turns]
    return sum(diarization_error(turns, true)), words_with_right_speaker(words, true)


def test_the_audience_is_named_where_that_is_agreed(demo: tuple[Path, Media, Transcript]) -> None:
    """All four people are told apart; who asks has a name only where event.toml says so, and none has a wrong one."""
    root, media, transcript = demo
    true = [speaker["name"] for speaker in t.DEMO["speakers"]]

    unnamed = diarize(media, transcript, Companions(chat=CHAT), EVENT, root=root)
    agreed = EVENT.model_copy(update={"name_audience": True})
    there = sorted(root.rglob("*"))
    found = diarize(media, transcript, Companions(chat=CHAT), agreed, root=root)

    error, right = errors(unnamed, transcript)
    assert error <= 0.025
    assert right >= 0.99
    assert [speaker.name for speaker in unnamed.speakers] == [*true[:2], None, None]
    assert [speaker.role for speaker in unnamed.speakers] == [None, None, "Questioner 1", "Questioner 2"]
    assert not any(speaker.suggested or speaker.candidates for speaker in unnamed.speakers)
    assert [speaker.name or speaker.suggested for speaker in found.speakers] == true
    assert sorted(root.rglob("*")) == there  # no voice is kept as numbers: neither in a file of its own
    assert not any(map(is_vector, lists_in(found.model_dump(mode="json"))))  # nor in the artifact


def lists_in(value: object) -> Iterator[Sequence[object]]:
    """Yield every list of JSON."""
    if isinstance(value, dict):
        yield from (found for inner in value.values() for found in lists_in(inner))
    elif isinstance(value, list):
        yield value
        yield from (found for inner in value for found in lists_in(inner))


def is_vector(value: Sequence[object]) -> bool:
    """Return whether a list holds numbers, as an embedding does."""
    return any(isinstance(one, int | float) for one in value)


def test_captions_give_names_though_they_are_late_and_misheard(tmp_path: Path) -> None:
    """KnownNames from captions go to the right words, whatever their times, without listening to the sound."""
    transcript = t.transcript(t.DEMO)
    cues = tuple(
        CompanionCue(
            start=said["start"] + 0.5,
            end=said["end"] + 0.5,
            speaker=said["speaker"],
            text=said["text"].replace("norms", "gnomes"),
        )
        for said in t.DEMO["utterances"]
    )

    found = diarize(a_recording(seconds=222), transcript, Companions(cues=cues), EVENT, root=tmp_path)

    error, right = errors(found, transcript)
    assert (error <= 0.02, right) == (True, 1.0)
    assert {speaker.known_by for speaker in found.speakers} == {"companions"}


@pytest.mark.parametrize(
    "cues",
    [
        (CompanionCue(start=9_000, end=9_001, speaker="Ann", text="good afternoon"),),
        (CompanionCue(start=1, end=2, speaker="Ann", text="an entirely different talk about gardens"),),
    ],
)
def test_captions_of_another_recording_are_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cues: tuple[CompanionCue, ...]
) -> None:
    """Captions that go on after the end, or say something else, name nobody; staff learn of it."""
    monkeypatch.setattr(embeddings, "find", unreachable)

    found = diarize(
        a_recording(seconds=60),
        spoken((1, "good afternoon to all of you")),
        Companions(cues=cues),
        EVENT,
        root=tmp_path,
    )

    assert [speaker.name for speaker in found.speakers] == [None]
    assert "The captions" in found.remarks[0]


def unreachable() -> Path:
    """Stand for a machine without weights and without a network."""
    raise MissingTool("The model that tells voices apart could not be fetched.", remedy="Connect to the internet.")


def test_without_weights_one_voice_without_a_name(
    demo: tuple[Path, Media, Transcript], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that cannot fetch the model still makes a draft, attributes nothing, and says why."""
    root, media, transcript = demo
    monkeypatch.setattr(embeddings, "find", unreachable)

    found = diarize(media, transcript, Companions(), EVENT, root=root)

    assert (len(found.speakers), found.speakers[0].name, found.known_by) == (1, None, "none")
    assert found.remarks[0].startswith("Voices were not told apart")


def named(*said: tuple[str, str], people: Sequence[str] = PEOPLE) -> dict[str, NamedVoice]:
    """Return who voices may be."""
    return names(heard_in(who_said(*said), "en"), [Person(name) for name in people], shipped_models())


def test_hand_over_and_answer_name_two_voices() -> None:
    """Who hands over and who is handed over to are told from each other; nobody is called by a name they say."""
    found = named(
        ("a", "Welcome. Our guest is Daniel Okafor from Halden Systems. Daniel, the floor is yours."),
        ("b", "Thank you, Hannah. So, let me start."),
        ("a", "Thank you very much, Daniel."),
        ("b", "Thanks, Hannah."),
    )

    assert {voice: one.names[0].name for voice, one in found.items()} == {"a": "Hannah Whitcombe", "b": "Daniel Okafor"}


def test_nothing_said_names_nobody() -> None:
    """Where no name is said and nobody's part shows, editors may be asked and readers are told nothing."""
    found = named(("a", "We began late."), ("b", "So we did."), ("c", "Yes."))

    assert not any(one.is_sure for one in found.values())


PANEL = (
    (
        "a",
        "Welcome. I am Hannah Whitcombe. Our guest is Daniel Okafor from Halden Systems. Daniel, the floor is yours.",
    ),
    ("b", "Thank you, Hannah. " + "Norms are what states agree on, and what they then keep to. " * 20),
    ("a", "Thank you very much, Daniel. We have a question. Priya Raman, please go ahead."),
    ("c", "Thank you, Hannah. I'm Priya Raman. Daniel, who keeps to these norms, and how would we know?"),
    ("b", "Thank you, Priya. " + "Few do, and we know it from what is reported. " * 10),
    ("a", "Thank you, Daniel. The next question is from Tomasz Zieliński."),
    ("d", "Hello, what would you change?"),
    ("b", "I would begin with the small ones. " * 8),
    ("a", "Thank you all, and goodbye."),
)


def voices_of(*said: tuple[str, str], event: Event, chat: tuple[ChatMessage, ...] = ()) -> Speakers:
    """Return the voices of what was said, with their names."""
    spoken = who_said(*said)
    turns = tuple(Turn(start=one.start, end=one.end, speaker=one.speaker) for one in spoken)
    words = tuple(word for one in spoken for word in one.words)
    segment = Segment(start=0, end=words[-1].end, text=" ".join(word.text for word in words), words=words)
    heard = Transcript(language="en", language_probability=1, model="none", voiced=(), segments=(segment,))
    return name_voices(turns, heard, Companions(chat=chat), event, [])


def test_of_the_audience_nobody_is_named_unless_agreed() -> None:
    """A name that somebody of the audience wrote, said and was called by is derived for no voice."""
    found = voices_of(*PANEL, event=EVENT, chat=CHAT)

    assert [speaker.name for speaker in found.speakers] == ["Hannah Whitcombe", "Daniel Okafor", None, None]
    assert "Priya" not in found.model_dump_json()
    assert "Tomasz" not in found.model_dump_json()


def test_whoever_asks_is_told_from_who_was_not_announced() -> None:
    """A panellist whom nobody announced is no questioner; each voice says how likely it is of the audience."""
    only_host = EVENT.model_copy(update={"speakers": EVENT.speakers[:1]})

    _, guest, *asks = voices_of(*PANEL, event=only_host).speakers

    assert guest.role == "Speaker 1"
    assert [speaker.role for speaker in asks] == ["Questioner 1", "Questioner 2"]
    assert guest.audience is not None
    assert all(guest.audience < 0.5 < (one.audience or 0) for one in asks)


def test_a_name_must_be_surer_where_voices_are_told_apart_badly() -> None:
    """Turns that begin amid a sentence show that words went to a wrong voice: then nobody's name is printed lightly."""
    whole = heard_in(who_said(*PANEL), "en")
    broken = heard_in(who_said(*((voice, text.rstrip("?. ")) for voice, text in PANEL)), "en")
    people = [Person(name) for name in PEOPLE[:2]]

    sure, unsure = (names(heard, people, shipped_models()) for heard in (whole, broken))

    assert (share_of_broken(whole), share_of_broken(broken)) == (0, 1)
    assert [sure[voice].is_sure for voice in "ab"] == [True, True]
    assert all(one.is_sure == (one.names[0].probability >= 0.98) for one in unsure.values() if one.names)


def test_a_name_must_be_surer_where_others_than_those_announced_are_on_stage() -> None:
    """Where the event names the host alone, the guest is likeliest to be taken for the host, and is not printed so."""
    ending = heard_in(who_said(*PANEL[-5:]), "en")  # in which nobody says the host's name

    whole, guest = (names(heard_in(who_said(*PANEL), "en"), some, shipped_models()) for some in (BOTH, BOTH[1:]))
    host = names(ending, BOTH[:1], shipped_models())

    assert [whole[voice].is_sure for voice in "ab"] == [True, True]
    assert [guest[voice].is_sure for voice in "ab"] == [False, True]
    assert host["b"].names[0].name == BOTH[0].name
    assert not any(one.is_sure for one in host.values())


@pytest.mark.skipif(not t.gold("talks"), reason="needs DIGEST_GOLD")
def test_no_announced_name_is_given_to_the_audience() -> None:
    """In talks that took place, which nothing was fitted to, no name is printed or suggested for a voice that asks."""
    real = [talk for talk in read_talks(t.gold("talks") or Path()) if talk.author == REAL]

    for talk in real:
        voices = voices_of_talk(talk)
        called = [one for one in talk.speakers.speakers if one.name or one.suggested]
        assert not [one for one in called if one.id in voices.audience], talk.name
        assert all(voices.names[one.id] == one.name for one in called if one.name), talk.name


def test_an_editor_hears_what_speaks_for_a_name() -> None:
    """Each name that a voice may have comes with the seconds in which it is said beside that voice."""
    found = named(("a", "We began late."), ("b", "Thank you, Daniel."))

    (place,) = next(one for voice in found.values() for one in voice.names if one.name == "Daniel Okafor").heard
    assert (round(place.start, 1), round(place.end, 1)) == (1.6, 2.7)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("and with me is May Ling Casalanos today", ["Mei-Ling Castellanos"]),
        ("Our guest is Daniel O'Kafer, director", ["Daniel Okafor"]),
        ("Denmark said so and Hannah's question", ["Hannah Whitcombe"]),
        ("the dane and a daniel of lower case", []),
    ],
)
def test_misheard_names(text: str, heard: list[str]) -> None:
    """KnownNames are known as recognisers hear them, but not every word that is like one."""
    assert [one.name for one in KnownNames(PEOPLE).mentions(text.split())] == heard


@pytest.mark.parametrize("name", ['Mark "Murch" Erhardt', "Mark “Murch” Erhardt", "Mark Erhardt (Murch)"])
def test_who_is_called_by_a_nickname_is_known_by_it(name: str) -> None:
    """A name in quotation marks or brackets is one by which a person is called."""
    assert [one.name for one in KnownNames([name]).mentions(["Thanks,", "Murch."])] == [name]


def test_names_shared_by_two_are_nobodys() -> None:
    """A first name that two people have names neither."""
    assert list(KnownNames(("Anna Berg", "Anna Lind")).mentions(["over", "to", "you", "Anna"])) == []


@given(st.integers(2, 24), st.integers(1, 4), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_far_voices_stay_apart_and_near_ones_join(count: int, people: int, seed: int) -> None:
    """However many windows there are, each group of near vectors is one voice and far ones are others."""
    random = np.random.default_rng(seed)
    true = random.integers(0, people, count)
    vectors = np.eye(8, dtype=np.float32)[true] + random.normal(0, 0.02, (count, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    labels = cluster(vectors, apart=0.5)

    assert all((labels[a] == labels[b]) == (true[a] == true[b]) for a in range(count) for b in range(count))


def test_what_is_shipped_says_how_far_it_can_be_trusted() -> None:
    """The weights carry what left-out authors gave: hardly a wrong name, and none for a voice of the audience."""
    found = json.loads((FOLDER / "certain_names.json").read_text(encoding="utf-8"))["fitted"]["left out"]

    assert found["printed"] > 0.85
    assert (found["wrong"] <= 0.005, found["confused, wrong"] <= 0.01) == (True, True)
    assert found["audience"] == 0
