"""Readers find the page's own words in their language: none is missing, none has lost what is filled in."""

import re

import pytest

from digest import theme
from digest.settings import Organisation, Settings
from tests.catalogues import LANGUAGES, read_catalogue, readers_words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_there(language: str) -> None:
    """What a template says is translated, with the same places to fill and the same markup."""
    catalogue, said = read_catalogue(language), set(readers_words())

    translated = {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}

    assert said - translated.keys() == set(), "run `python -m tests.catalogues`, then translate what it adds"
    filled = re.compile(r"%(?:\(\w+\)s|%d)|<[^>]+>")
    assert {id_: sorted(filled.findall(text)) for id_, text in translated.items()} == {
        id_: sorted(filled.findall(id_)) for id_ in translated
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Comment cette page a été faite"),
        ("es-MX", "Cómo se hizo esta página"),
        ("de", "Wie diese Seite entstand"),
        ("pt-BR", "Como esta página foi feita"),
        ("ar", "كيف أُعدَّت هذه الصفحة"),
        ("it", "How this page was made"),
    ],
)
def test_a_page_speaks_the_language_of_the_house(language: str, words: str) -> None:
    """A region's pages speak its language; in one that nobody has translated they speak English."""
    environment = theme.environment(Settings(organisation=Organisation(language=language)))

    assert environment.from_string("{% trans %}How this page was made{% endtrans %}").render() == words
