"""Chats give their public messages, and nothing that was meant for one person."""

from pathlib import Path

import pytest

from tests.intake.formats.builders import POPCORN, companions_of


def test_direct_messages_are_left_out(tmp_path: Path) -> None:
    """What was written to one person is in no artifact, however the name is written; staff learn how many."""
    chat = (
        "14:02:11\t From  Ann to  Everyone:\n\tcall +41 79 555 01 00 at 14:30\n"
        "14:02:12\t From  Ann to  Bob(Direct Message):\n\tSECRET one\n\tSECRET more\n"
        "14:02:13\t From  A:nn to  Bob(Direct Message):\n\tSECRET two\n"
        "14:02:14 From Ann to Bob (Privately) : SECRET three\n"
        "14:02:15 From Ann to Hosts and panelists:\n\tSECRET four\n"
        "14:02:16 From Ann : hello\n"
    )

    found = companions_of(tmp_path, saved__txt=chat)

    assert [(m.clock, m.from_, m.text) for m in found.chat] == [
        ("14:02:11", "Ann", "call […] at 14:30"),
        ("14:02:16", "Ann", "hello"),
    ]
    assert b"SECRET" not in found.canonical()
    assert found.remarks == ("saved.txt: left out as damaged or not meant for everyone: 4 of the messages.",)


def test_chats_in_seconds_of_the_recording(tmp_path: Path) -> None:
    """Zoom's cloud, Meet and BigBlueButton give seconds; a bracketed time is a clock."""
    cloud = companions_of(tmp_path / "a", chat__txt="00:14:28\tAnn Smith:\thello\n00:14:30\tBob:\thi\n")
    meet = companions_of(
        tmp_path / "b", chat__sbv="00:00:05.000,00:00:08.000\nAnn: hello\n\n00:00:15.000,00:00:18.000\nBob: hi\n"
    )
    popcorn = companions_of(
        tmp_path / "c",
        slides_new__xml=f"<popcorn>{POPCORN}</popcorn>",
    )
    notes = companions_of(tmp_path / "d", public__txt="[14:02] Ann : hello\n[14:03] Bob : hi\n")

    assert [(m.at, m.from_, m.text) for m in cloud.chat] == [(868, "Ann Smith", "hello"), (870, "Bob", "hi")]
    assert [(m.at, m.text) for m in meet.chat] == [(5, "hello"), (15, "hi")]
    assert [(m.at, m.text) for m in popcorn.chat] == [(12, "a bold word")]
    assert [(m.clock, m.text) for m in notes.chat] == [("14:02", "hello"), ("14:03", "hi")]


@pytest.mark.parametrize(
    ("to_all", "to_one"),
    [
        ("Von Ann Lee an Alle:", "Von Ann Lee an Ben Roy(Direktnachricht):"),
        ("De Ann Lee para Todos:", "De Ann Lee para Ben Roy(Mensagem direta):"),
        ("From Ann to Zürich to Everyone:", "From Ann Lee to Hosts and panelists:"),
    ],
)
def test_a_chat_in_another_language(tmp_path: Path, to_all: str, to_one: str) -> None:
    """What was written to everyone is read in the languages that are known; what went to somebody is not."""
    found = companions_of(tmp_path, chat__txt=f"10:02:11 {to_all}\n\tHello\n10:03:00 {to_one}\n\tSECRET\n")

    assert [message.text for message in found.chat] == ["Hello"]


def test_an_unknown_language_is_never_guessed_to_be_public(tmp_path: Path) -> None:
    """Where it does not show who was meant, no message is used, and staff read why."""
    chat = "10:02:11 Da Ann Lee a Tutti:\n\tBuongiorno\n10:03:00 Da Ann Lee a Ben Roy(Messaggio diretto):\n\tSECRET\n"

    found = companions_of(tmp_path, chat__txt=chat)

    assert found.chat == ()
    assert "not known which messages were for everyone" in found.ignored[0].why


def test_a_name_with_a_colon_hides_no_addressee(tmp_path: Path) -> None:
    """A message to one person stays out though it ends as one to everyone does."""
    chat = "10:02:11 From A: b to Bob: tell it to Everyone:\n\tSECRET\n10:02:12 From Ann to Everyone:\n\thello\n"

    found = companions_of(tmp_path, chat__txt=chat)

    assert [message.text for message in found.chat] == ["hello"]
    assert b"SECRET" not in found.canonical()


def test_a_reply_in_any_language_is_the_reply_alone(tmp_path: Path) -> None:
    """Zoom quotes what is answered, with an empty line below; a sign under a quotation is no message."""
    chat = (
        "10:02:11 De Ann Lee à Tout le monde:\n\tBonjour\n"
        "10:02:20 De Ben à Tout le monde:\n\tRéponse à « Bonjour »\n\t\n\tQui paie ?\n"
        "10:02:30 De Cy à Tout le monde:\n\tA réagi à « Bonjour » avec 👍\n"
        "10:02:40 De Cy à Tout le monde:\n\tElle a dit « non ». Pourquoi ?\n"
    )

    found = companions_of(tmp_path, chat__txt=chat)

    assert [message.text for message in found.chat] == ["Bonjour", "Qui paie ?", "Elle a dit « non ». Pourquoi ?"]
