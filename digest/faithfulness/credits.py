"""Whether those said what they are said to have said: an English sentence and what it rests on in, a share out."""

import re
from collections.abc import Iterator, Mapping, Sequence

from digest.faithfulness.doubts import FUNCTION_WORDS, in_digits, stem
from digest.language.sentences import SpokenSentence

CREDITED = 0.8  # share of the words below which an editor is asked to compare: docs/decisions/0029
PREFIX = 5  # letters by which two forms of a word are alike
REPORTING = (  # ways to say that somebody said something
    "said|says|say|noted|asked|argued|explained|stated|added|underscored|stressed|emphasi[sz]ed|warned|proposed|suggested"
    "|recommended|called|claimed|answered|replied|responded|described|told|mentioned|pointed|observed|reported|believed"
    "|thought|maintained|insisted|concluded|acknowledged|agreed|announced|urged|promised|admitted|confirmed|reckoned"
    "|expected|wants|wanted"
)


def own_share(text: str, said: Sequence[SpokenSentence], called: Mapping[str, str]) -> float:
    """Return how many content words of what somebody is said to have said are their own: of the worst, as a share.

    `said` is what the text rests on, `called` how readers know each voice. 1 where nobody is credited with anything.
    """
    shares = [1.0]
    for voice, credited in _credits(text, _voice_of(called)):
        words = _content(credited)
        own = set[str]().union(*(_content(one.text) for one in said if one.speaker == voice))
        shares.append(len(words & own) / max(1, len(words)))
    return min(shares)


def _voice_of(called: Mapping[str, str]) -> dict[str, str]:
    """Return the voice that each name stands for: whole names, and their first and last words."""
    found = dict[str, str]()
    for voice, name in called.items():
        parts = [part for part in name.split() if (part[0].isupper() and part.isalpha()) or "-" in part]
        found |= dict.fromkeys((name, *parts[:1], *parts[-1:]), voice)
    return found


def _credits(text: str, voice_of: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each voice that is named with "said that" or the like, and the words up to the next one."""
    names = "|".join(re.escape(name) for name in sorted(voice_of, key=len, reverse=True)) or r"(?!)"
    credit = re.compile(
        rf"\b({names})\b(?: (?:also|then|further|later))? (?:{REPORTING})\b(?: (?:that|if|whether))?"
        rf"|\b[Aa]ccording to ({names}),?"
    )
    places = list(credit.finditer(text))
    ends = [*(place.start() for place in places[1:]), len(text)]
    for place, end in zip(places, ends, strict=False):
        yield voice_of[place[1] or place[2]], text[place.end() : end]


def _content(text: str) -> set[str]:
    """Return the stems that carry meaning, figures among them."""
    words = in_digits(text.replace("...", ", ")).split()
    return {
        word if word[0].isdigit() else stem(word)[:PREFIX]
        for word in words
        if word != "|" and word not in FUNCTION_WORDS
    }
