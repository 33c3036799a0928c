"""Sentences without the names of the audience."""

import pytest

from digest.privacy.withheld import withhold_names

NAMES = {"Marta", "Olu", "Adeyemi", "Cole", "Kühnel", "Tyler"}


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Thank you, Marta.", "Thank you."),
        ("Thank you, Marta, and good evening.", "Thank you, and good evening."),
        ("Marta, can you hear us?", "Can you hear us?"),
        ("Could you ask again, Mr Cole?", "Could you ask again?"),
        ("Marta asks whether it holds.", "[A participant] asks whether it holds."),
        ("It holds. Marta asks why.", "It holds. [A participant] asks why."),
        ("A question from Olu Adeyemi in the chat.", "A question from [a participant] in the chat."),
        ("Our next question comes from Kate Tyler.", "Our next question comes from [a participant]."),
        ("A question from Olu Brown: who pays?", "A question from [a participant]: who pays?"),
        ("Marta's question is a good one.", "[A participant]'s question is a good one."),
        ("I'm Marta, from Lisbon.", "I'm [a participant], from Lisbon."),
        ("Dr. Cole and Mrs Adeyemi agreed.", "[A participant] and [a participant] agreed."),
        ("The Marta-class ferry sails, and Colerain is far.", "The Marta-class ferry sails, and Colerain is far."),
        ("Marta.", "[A participant]."),
    ],
)
def test_a_call_goes_and_elsewhere_somebody_stands_for_the_name(text: str, printed: str) -> None:
    """Nobody reads the name, and the sentence is still one."""
    assert withhold_names(text, NAMES, honorifics={"mr", "mrs", "dr"}, instead="a participant") == printed


def test_where_nouns_have_capitals_only_names_go() -> None:
    """In German the word after a name is as likely a noun."""
    found = withhold_names(
        "Da hat Frau Kühnel Fragen.", NAMES, honorifics={"frau"}, instead="jemand", has_small_nouns=False
    )

    assert found == "Da hat [jemand] Fragen."


def test_without_names_a_text_stays() -> None:
    """Nothing is taken out where nobody is named."""
    assert withhold_names("Thank you, Marta.", (), honorifics=(), instead="a participant") == "Thank you, Marta."
