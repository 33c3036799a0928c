"""What was said and not meant so is found: numbers taken back, remarks off the record, likely traps."""

import numpy as np
import pytest

from digest.language.languages import get_language
from digest.learned.trees import load_trees
from digest.model.alignment import Alignment, Interval
from digest.writing.conversation import Conversation, conversation
from digest.writing.traps import off_record, retracted_numbers, trap_features, trap_probabilities
from tests.builders import a_deck, by_turns, spoken

TURN = 60.0  # seconds


def talked(*turns: tuple[str, str], language: str = "en") -> Conversation:
    """Return what some voices said, a turn a minute."""
    heard = spoken(*((at * TURN, text) for at, (_, text) in enumerate(turns)))
    voices = by_turns(*((at * TURN, (at + 1) * TURN, name) for at, (name, _) in enumerate(turns)))
    end = len(turns) * TURN or TURN
    shown = Alignment(intervals=(Interval(start=0, end=end, slide=1, confidence=1, known_by="picture"),))
    return conversation(heard.model_copy(update={"language": language}), voices, a_deck("Norms"), shown)


def texts(heard: Conversation, places: frozenset[int]) -> list[str]:
    """Return the sentences at some places, in order."""
    return [heard.texts[at] for at in sorted(places)]


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("en", "It is ninety dollars.", "No. It is a hundred and twenty."),
        ("en", "It is 90.", "Wait, 90 was the draft. It is 120."),
        ("en", "The fee, which is ninety, no, sorry, a hundred, is due.", ""),
        ("en", "First forty years, I mean the first twenty.", ""),
        ("en", "it is fifteen sorry fifty a month", ""),
        ("de", "Es sind vierundzwanzig, nein, neunundzwanzig Euro.", ""),
        ("fr", "C'est quarante-cinq pour cent, euh, non, pardon, trente-cinq.", ""),
        ("es", "Eso es el veintiocho, perdón, el treinta y ocho por ciento.", ""),
        ("pt", "Custa dezoito euros.", "Não, minto. São catorze."),
        ("it", "Sono sei, anzi, nove in trecento api.", ""),
        ("nl", "Het zijn twaalf, nee, dertien bakken.", ""),
    ],
)
def test_a_number_taken_back_in_the_next_breath_is_found(language: str, wrong: str, right: str) -> None:
    """The sentence with the first value is never to be quoted, whatever language, and where signs are lost."""
    heard = talked(("Ana", f"{wrong} {right}".strip()), language=language)

    assert texts(heard, retracted_numbers(heard)) == [wrong]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It is fifteen and not fifty. Under thirteen there is no goal. Three of us said no."),
        ("en", "It is four one seven. Sorry. Four one seven."),
        ("es", "Dos minutos agitando, no diez segundos."),
        ("pt", "Três coisas na pauta, não duas."),
    ],
)
def test_a_number_set_against_another_stands(language: str, text: str) -> None:
    """A contrast, and a number said twice, take nothing back."""
    assert not retracted_numbers(talked(("Ana", text), language=language))


def test_somebody_else_takes_nothing_back() -> None:
    """Only whoever said a number corrects it in the next breath: another voice may disagree."""
    assert not retracted_numbers(talked(("Ana", "It is ninety dollars."), ("Ben", "No, sorry, it is a hundred.")))


def test_what_follows_a_plea_is_off_the_record() -> None:
    """Until it ends, and what another voice says is no part of it."""
    heard = talked(
        (
            "Ana",
            "And off the record, they are chancers. They rang me fourteen times. Back on the record. It costs ten.",
        ),
        ("Ben", "I heard nothing."),
    )

    assert texts(heard, off_record(heard)) == [
        "And off the record, they are chancers.",
        "They rang me fourteen times.",
    ]


@pytest.mark.parametrize(
    ("language", "plea"),
    [
        ("en", "Don't put this in the notes."),
        ("en", "This is not for the minutes."),
        ("en", "This doesn't leave the room."),
        ("de", "Das kommt nicht ins Protokoll."),
        ("fr", "Cela reste entre nous."),
        ("es", "Esto no es para el acta."),
        ("pt", "Isto não é para a ata."),
        ("it", "Questo non va messo a verbale."),
        ("nl", "Dit blijft onder ons."),
    ],
)
def test_a_plea_that_comes_last_covers_what_was_said_before(language: str, plea: str) -> None:
    """A remark is often taken off the record once it has been made."""
    heard = talked(("Ben", "Ana?"), ("Ana", f"Halden Systems 2012. {plea}"), language=language)

    assert texts(heard, off_record(heard)) == ["Halden Systems 2012.", plea]


@pytest.mark.parametrize(
    "text",
    ["On the record, I said no.", "We had no record of it.", "Not in four minutes.", "The captions are not a record."],
)
def test_a_record_may_be_spoken_of(text: str) -> None:
    """Minutes, notes and records are things that people talk about."""
    assert not off_record(talked(("Ana", text)))


def test_every_sentence_gets_a_probability() -> None:
    """The shipped model knows the features of today, and no sentence is an empty list."""
    trees = load_trees("traps")
    heard = talked(("Ana", "They say it is wasted. It is not."), ("Ben", "Ninety. No, sorry, a hundred and twenty."))

    likely = trap_probabilities(heard, trees)

    assert set(trees.features) == set(trap_features(heard))
    assert len(likely) == len(heard.said)
    assert np.all((likely > 0) & (likely < 1))
    assert len(trap_probabilities(talked(), trees)) == 0


@pytest.mark.parametrize("code", ["en", "de", "fr", "es", "pt", "it", "nl"])
def test_a_language_has_all_its_classes(code: str) -> None:
    """No language goes without the words that take back, deny, and ask not to be quoted."""
    language = get_language(code)
    wanted = (
        *("retractions", "negations", "superseded", "plans", "emphatics", "hedges", "contrasts"),
        *("records", "towards", "discretion", "released"),
    )

    assert all(getattr(language, name) for name in wanted)
