"""All models of `digest.writing`, fitted without an author: what that author's talks are judged with."""

from collections.abc import Sequence
from dataclasses import dataclass

from digest.learned.trees import Trees
from digest.writing.conversation import conversation
from digest.writing.models import Models
from tests.talks import Talk
from tests.training import audience_names, chapters, passages, questions, traps, worth
from tests.training.boosting import Examples, Recipe, fit_without


@dataclass(frozen=True)
class Refitted:
    """The models of the two stages that write."""

    chapters: Trees
    models: Models


def refit(talks: Sequence[Talk]) -> dict[str, Refitted]:
    """Return for each author, and for real talks, models that were fitted to nothing of theirs.

    Their calibration is that of all left-out talks: two numbers a model.
    """
    said = [conversation(talk.transcript, talk.speakers, talk.deck, talk.alignment, talk.event) for talk in talks]

    def without(recipe: Recipe, examples: Sequence[Examples]) -> dict[str, Trees]:
        return fit_without(recipe, talks, examples, examples).without

    pairs = list(zip(talks, said, strict=True))
    begins = without(chapters.RECIPE, [chapters.chapter_examples(talk, chapters.as_heard(talk)) for talk in talks])
    values = without(worth.RECIPE, [worth.examples(talk, one) for talk, one in pairs])
    misleads = without(traps.RECIPE, [traps.examples(one, traps.truth(talk, one)) for talk, one in pairs])
    names = without(audience_names.RECIPE, [audience_names.examples(talk, one) for talk, one in pairs])
    asks = questions.models_without(questions.fit_models(talks, [questions.Truth(talk, one) for talk, one in pairs]))
    judged = [passages.judged_passages(talk, one, misleads[talk.author]) for talk, one in pairs]
    stands = without(passages.RECIPE, [one.examples(one.stands) for one in judged])
    keeps = without(passages.HOUSEKEEPING_RECIPE, [one.examples(one.housekeeping) for one in judged])
    return {
        author: Refitted(
            begins[author],
            Models(values[author], asks[author], misleads[author], names[author], stands[author], keeps[author]),
        )
        for author in begins
    }
