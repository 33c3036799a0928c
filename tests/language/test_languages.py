"""What is listed of each language."""

from pathlib import Path

import digest.language
from digest.language.closed_classes import Language
from digest.language.languages import LANGUAGES, get_language


def test_every_file_of_a_language_is_in_the_table() -> None:
    """A language is one file, named by its code, and one row."""
    room = Path(str(digest.language.__file__)).parent

    assert {file.stem for file in room.glob("??.py")} == {language.code for language in LANGUAGES}


def test_a_language_that_nobody_listed_has_no_words() -> None:
    """What is not known of a language is not borrowed from another one."""
    assert get_language("fi") == Language("fi")
    assert not get_language("fi").function_words
