"""Whether a sentence that a language model wrote may stand: its text and what it rests on in, faults out.

The gate of all writers is asked, and more: a model has its own ways to be wrong. It quotes what nobody said, lets one
person say what another one did, copies an "I", adds an address, and hides an invention behind words that are true.
"""

import re
from collections.abc import Iterator, Sequence

from digest.faithfulness.credits import REPORTING
from digest.faithfulness.doubts import doubts
from digest.language.sentences import SpokenSentence
from digest.privacy.masks import Names
from digest.privacy.roles import any_of

MAX_EVIDENCE = 6  # sentences that one may rest on: with more, anything is supported
MAX_WORDS = 60  # words
PIECE = 3  # words from which a part of a sentence is compared by itself

FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|me|us|[Mm]y|[Oo]urs?|[Yy]ou|[Yy]ours?)\b")
QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
SECOND = re.compile(r"(?<!\b[A-Z])(?<!\b(?:Dr|Mr|Ms|St))(?<!\b(?:Mrs))(?<!Prof)[.!?][”\")]* +[“\"(]*[A-Z]")
ADDRESS = re.compile(r"\S*(?:://|@|\w\.[a-z]{2,})\S*\w")
CLAIMED = re.compile(
    r"(?<!\bI )(?<!\bwe )\b(?:say|claim|believe|think|write|report|pretend|suggest|hope)(?:s|ed)?(?: \w+ly)? that\b",
    re.IGNORECASE,
)
CLAIMING = re.compile(
    r"\b(?:say|said|claim|belie|th(?:ink|ought)|writ|wrote|report|stated|pretend|suggest|hope|declare|accord)"
)
UNSURE = re.compile(r"\b(?:may|might|could|should(?:n['’]t)?|perhaps|maybe|possibly|probably|likely|hopefully)\b")
LESS_SURE = re.compile(
    rf"{UNSURE.pattern}|\b(?:would|can|ought|need|if|whether|propos|recommend|suggest|hope|plan|possib)"
)
PIECES = re.compile(
    r"(?<!hundred)(?<!thousand),? (?:and|but|while|which|because|although|so that|after|before|with) |[,;:] "
)


def faults(text: str, said: Sequence[SpokenSentence], names: Names) -> tuple[str, ...]:
    """Return why a sentence may not stand, in words for an editor and for the model; nothing where it may.

    Whoever is said to have said something must be who said it; a name stands for all that the same person is called.
    """
    spoken = " ".join(one.text for one in said)
    own = names.all_of({one.speaker for one in said})
    credited = any_of(own | names.names_in(spoken))
    bare = re.sub(rf"(?:\b[Aa]ccording to )?{credited}(?: (?:{REPORTING})\b(?: that\b)?)?", "", text)
    found = [*_form(text, len(said)), *_inventions(text, spoken)]
    nearest = max(said, key=lambda one: len({*_words(one.text)} & {*_words(bare)}))
    if CLAIMED.search(nearest.text) and not CLAIMING.search(bare):
        found.append("it leaves out that this is only claimed")
    if UNSURE.search(nearest.text) and not LESS_SURE.search(bare):
        found.append("surer than what was said")
    strangers = any_of(names.everybody() - own)
    if re.search(rf"{strangers}(?:\W+\w+){{0,4}}?\W+(?:{REPORTING})\b|according to {strangers}", text):
        found.append("somebody else said this")
    if names.mask(bare) != bare:
        found.append("it names somebody whose name is not published")
    found += doubts(bare, None, said)
    for piece in PIECES.split(bare):  # what is added to a true sentence hides behind its other words
        if piece != bare and len(re.findall(r"\w+", piece)) >= PIECE:
            found += doubts(piece, None, said)
    return tuple(dict.fromkeys(found))


def _form(text: str, rests: int) -> Iterator[str]:
    """Yield why a text is not one sentence in the third person."""
    if rests > MAX_EVIDENCE:
        yield f"it rests on more than {MAX_EVIDENCE} sentences"
    if len(text.split()) > MAX_WORDS or SECOND.search(text):
        yield "it is more than one sentence"
    if FIRST_PERSON.search(QUOTED.sub("", text)):
        yield "it is not in the third person"


def _inventions(text: str, spoken: str) -> Iterator[str]:
    """Yield quotations and addresses that nobody spoke."""
    if any(_plain(quote) not in _plain(spoken) for quote in QUOTED.findall(text)):
        yield "a quotation that is not verbatim"
    if strange := [address for address in ADDRESS.findall(text) if address.lower() not in spoken.lower()]:
        yield f"not said: {', '.join(strange)}"


def _plain(text: str) -> str:
    return " ".join(_words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())
