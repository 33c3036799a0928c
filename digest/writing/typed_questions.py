"""Questions that were typed and answered in writing: the platform's report in, those that nobody spoke out."""

import re
from collections.abc import Iterator, Sequence

from digest.model.companions import TypedQuestion

SAME = 0.6  # share of a typed question's longer words that one which was spoken has, if it is the same
LONGER = 4  # letters


def answered_in_writing(
    typed: Sequence[TypedQuestion], asked: Sequence[str]
) -> Iterator[tuple[int, TypedQuestion, str]]:
    """Yield (place in the report, question, answer) of those with a written answer that were not asked aloud as well.

    `asked` are the texts of those that were.

    One without an answer may have been answered aloud in other words: the page does not say that nobody did.
    """
    spoken = [_words(text) for text in asked]
    for place, question in enumerate(typed):
        words = _words(question.text)
        is_spoken = any(len(words & others) >= SAME * len(words) for others in spoken)
        if question.answer and not is_spoken:
            yield place, question, question.answer


def _words(text: str) -> set[str]:
    return set(re.findall(rf"[^\W_]{{{LONGER},}}", text.casefold()))
