"""The languages whose closed classes are listed, one file and one row each: a code in, a Language out."""

from digest.language.closed_classes import Language
from digest.language.de import GERMAN
from digest.language.en import ENGLISH
from digest.language.es import SPANISH
from digest.language.fr import FRENCH
from digest.language.it import ITALIAN
from digest.language.lb import LUXEMBOURGISH
from digest.language.nl import DUTCH
from digest.language.pt import PORTUGUESE

LANGUAGES = (ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, DUTCH, LUXEMBOURGISH)
_BY_CODE = {language.code: language for language in LANGUAGES}


def get_language(code: str) -> Language:
    """Return what is listed of a language, with nothing in it where nobody has listed any."""
    return _BY_CODE.get(code, Language(code))
