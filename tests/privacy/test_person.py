"""A person as people write the name, and what of JSON and files goes with them."""

import zipfile
from pathlib import Path

import pytest

from digest.errors import NotAllowed
from digest.model.artifact import Span
from digest.model.speech import Word
from digest.privacy import DataSubject
from digest.privacy.erasing import Erasure, erase
from digest.privacy.office import without_person
from digest.privacy.places import name_moments, reword_text, texts_of

PERSON = DataSubject("Renée O'Brien")


@pytest.mark.parametrize(
    "text",
    [
        "Renée O'Brien",
        "RENEE O’BRIEN",
        "renee.o-brien@example.org",
        "O'Brien, Renée",
        "Rene\u0301e O'Brien",
        "so renee_obrien said",
        "Renée\u00a0O'Brien’s",
    ],
)
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    """Case, accents, apostrophes, the order and what parts the words make no difference."""
    assert PERSON.is_named(text)
    assert not PERSON.is_named(PERSON.replace(text))


@pytest.mark.parametrize("text", ["Renée Obrienne", "Irenee O'Brien", "Renée said to O'Brien", "Ren O'Brien", ""])
def test_others_are_left_alone(text: str) -> None:
    """A part of a longer name is another one."""
    assert PERSON.replace(text) == text


def test_what_may_be_the_same_is_told_apart() -> None:
    """A last name alone, and a misspelling; the name itself, and words that are no names, are not."""
    said = "Renée O'Brien came. Ms O'Brien's talk, Renee; renee in the chat, O'Briens, Obama."

    assert list(PERSON.near(said)) == ["O'Brien's", "Renee", "O'Briens"]


def test_a_spelling_that_is_everywhere_is_refused() -> None:
    """Two letters would take half of all words along; two signs may be a whole name."""
    with pytest.raises(NotAllowed, match="too short"):
        DataSubject("Renée O'Brien", "Al")
    assert DataSubject("王伟").replace("主持人 王伟 说") == "主持人 [a participant] 说"


def test_what_rests_on_a_voice_goes_with_it() -> None:
    """Its words, the sentence that rests on them and the question that does; its place in a chat stays."""
    said = Erasure(PERSON, stretches=(Span(start=10, end=20),), is_quiet=True)
    words = [
        {"text": text, "start": at, "end": at + 1.0, "probability": 1.0}
        for text, at in (("Hello", 8.0), ("secret", 12.0), ("thanks", 21.0))
    ]

    left = erase(
        {
            "segments": [{"text": "Hello secret thanks", "start": 8.0, "end": 22.0, "words": words}],
            "quotes": [
                {"id": "a", "text": "Secret.", "speaker": "s1", "evidence": [{"start": 12.0, "end": 13.0}]},
                {"id": "b", "text": "Thanks.", "speaker": "s1", "evidence": [{"start": 21.0, "end": 22.0}]},
            ],
            "chat": [{"from": "Renée O'Brien", "text": "secret"}, {"from": "Bo", "text": "Hi Renee O'Brien"}],
        },
        said,
    )

    assert list(texts_of(left)) == [
        "Hello thanks",
        "b",
        "Thanks.",
        "s1",
        "[a participant]",
        "[…]",
        "Bo",
        "Hi [a participant]",
    ]
    assert left["segments"][0]["text"] == "Hello thanks"


def test_a_name_that_runs_over_several_runs_is_found(tmp_path: Path) -> None:
    """Word and PowerPoint cut a name where its spelling was checked."""
    xml = b'<w:p xmlns:w="w"><w:r><w:t>By Ren\xc3\xa9e O</w:t></w:r><w:r><w:t>\'Brien.</w:t></w:r></w:p>'
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as file:
        file.writestr("word/document.xml", xml)

    assert without_person(tmp_path / "a.docx", list(PERSON.spellings), tmp_path / "b.docx") == 1
    with zipfile.ZipFile(tmp_path / "b.docx") as file:
        assert b">By [a participant].<" in file.read("word/document.xml")


def test_who_was_announced_goes_from_the_event_file() -> None:
    """Her table goes, the others stay; so a later run announces nobody called “a participant”."""
    speakers = '[[speakers]]\nname = "Renée O\'Brien"\nrole = "x"\n[[speakers]]\nname = "Bo"\n'
    toml = f'title = "With Renée O\'Brien"\n{speakers}'.encode()

    assert reword_text(toml, PERSON) == b'title = "With [a participant]"\n[[speakers]]\nname = "Bo"\n'
    assert reword_text(b"\x00\x01\xff", PERSON) is None


def test_a_name_is_found_where_nothing_parts_words() -> None:
    """In a script without spaces a name stands amid others' letters, and in several words of a recogniser's."""
    subject = DataSubject("田中太郎")
    words = tuple(
        Word(text=text, start=at, end=at + 1, probability=1, spaced=False)
        for at, text in enumerate(["今日", "は田", "中", "太郎", "さん", "です。"])
    )

    left = erase({"words": [word.model_dump() for word in words]}, Erasure(subject))

    assert [(one.start, one.end) for one in name_moments(words, subject)] == [(1, 4)]
    assert [one["text"] for one in left["words"]] == ["今日", "は[a participant]", "さん", "です。"]
