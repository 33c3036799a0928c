"""The language of a text shows in its small words, or in its letters."""

import json

import pytest

from digest.language.identify import identify_language
from tests import truth as t

ENGLISH = "We speak about the norms that are in the report, and of what states do. Who pays for it, and when?"
GERMAN = "Wir sprechen über die Normen, die in dem Bericht stehen, und darüber, was Staaten tun. Wer zahlt, und wann?"
SPANISH = (
    "Hablamos de las normas que están en el informe y de lo que hacen los Estados con ellas. ¿Quién paga, y cuándo?"
)
CZECH = "Vážení účastníci, děkuji že jste přišli na seminář o normách a o tom, co s nimi dál. A kdo to platí a do kdy?"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN + " Das ist die Frage.", "de"),
        (SPANISH, "es"),
        ("今日は皆さん、お集まりいただきありがとうございます", "ja"),
        ("欢迎大家参加今天的网络研讨会", "zh"),
        ("أهلا بكم في هذه الندوة", "ar"),
        ("Hello", None),
        (CZECH, None),
        ("Уважаемые участники", None),
        ("", None),
        ("12 34 56", None),
    ],
)
def test_a_language_is_known_or_nothing_is_claimed(text: str, language: str | None) -> None:
    """A language that is not listed, or shares its letters with others, is not taken for a neighbour."""
    assert identify_language(text) == language


def test_webinars_in_seven_languages_are_told_apart() -> None:
    """Of each talk the first sixty words show its language."""
    folder = t.gold("talks")
    if folder is None:
        pytest.skip("needs the gold files: set DIGEST_GOLD")
    talks = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    begun = [
        (talk["language"], " ".join(" ".join(said["text"] for said in talk["utterances"]).split()[:60]))
        for talk in talks
        if "utterances" in talk
    ]

    assert len(begun) > 80
    assert [(language, text) for language, text in begun if identify_language(text) != language] == []
