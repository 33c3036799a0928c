"""What the machine is unsure of: for editors, who choose; readers get none of it."""

from typing import Literal

from pydantic import Field

from digest.model.artifact import Record, Span
from digest.model.evidence import Evidence

Kind = Literal[
    "trap",
    "correction",
    "off the record",
    "question",
    "answer",
    "sentence",
    "name",
    "voice",
    "audience",
    "words",
    "slide",
]


class AtSentence(Record):
    """A sentence of the Digest, by its id. A question and its answer are found by the id of the question's sentence."""

    sentence: str


class Doubted(Record):
    """What is doubted: a kind of mistake at a sentence of the Digest, or in a stretch that it has no sentence of."""

    place: AtSentence | Span
    kind: Kind

    @property
    def name(self) -> str:
        """Return what tells it from all others of a draft: "trap at 0a1b2c3d4e", "question from 12.0 to 15.5"."""
        where = self.place
        at = f"at {where.sentence}" if isinstance(where, AtSentence) else f"from {where.start} to {where.end}"
        return f"{self.kind} {at}"


class Doubt(Doubted):
    """Something that may be wrong, or missing, in what the machine made.

    `probability` is how likely something is wrong there; what is calibrated is comparable between kinds, so that a
    list in its order puts first what is most worth an editor's minute. `compare` are the readings to choose between,
    that of the draft first; `evidence` is what to listen to or look at.

    | kind | what may be wrong | compare |
    |---|---|---|
    | trap | what was said was not meant so: irony, a view quoted to be refuted, a plan since dropped | what was said |
    | correction | the number was taken back in the next breath | what was said first, what was said then |
    | off the record | the remark is not for readers, who get neither words nor sound | what was said |
    | question | somebody of the audience may ask something here that the Digest does not have | the question |
    | answer | what stands under a question may belong to another, or an answer is missing | likely answers, or none |
    | sentence | the sentence may not say what was said | the sentence, what was said |
    | name | a voice has no name and may be somebody announced | likely names |
    | voice | the voice has a name that nobody heard it by | the name |
    | audience | somebody of the audience is named, and is not for readers | what was said, the name |
    | words | these words may have been misheard | the words |
    | slide | another slide may have come on here, or at another second | the slide |
    """

    probability: float = Field(ge=0, le=1)
    compare: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
