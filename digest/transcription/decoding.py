"""Decodes windows of sound, many at a time: each in its slots, taken over by the next window as soon as they are free.

The rules are openai-whisper's (decoding.py): no blank at the start, no symbols of what is not speech, no special
tokens, no timestamps, at most 224 tokens. A text is sought with one beam, which is greedy, or with several.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from digest.transcription.network import Linear, Network, begin, linear, occupy, reorder_beams, slots, step

if TYPE_CHECKING:
    from torch import Generator, Tensor
    from whisper.tokenizer import Tokenizer

MAX_TOKENS = 224  # of a window's text, as in openai-whisper

Key = TypeVar("Key")
Candidates = list[tuple[int, float]]  # tokens that may come next, and the log-probability of each


class EncodedWindow(NamedTuple):
    """An encoded window (T, C), how many of its frames are sound and not padding, and what its text begins with."""

    states: "Tensor"
    frames: int
    prefix: tuple[int, ...]


@dataclass(frozen=True)
class Text:
    """The text tokens of a window and, for each and for the end, its log-probability and the heads' scores."""

    start: "Tensor"  # what follows the start of a transcript (C)
    heard: str | None = None  # the language that is most likely spoken, None where the model knows one only
    certain: float = 0.0  # its probability
    tokens: tuple[int, ...] = ()
    log_probabilities: tuple[float, ...] = ()
    followed: tuple["Tensor", ...] = ()  # (heads, frames) each

    @property
    def log_probability(self) -> float:
        """Return that of all tokens together."""
        return sum(self.log_probabilities)


@dataclass
class Search(Generic[Key]):
    """The search for a window's text: its beams, the best beginnings so far, each in a slot; and texts that ended."""

    key: Key
    frames: int
    beams: list[Text]
    ended: list[Text] = field(default_factory=list)

    @property
    def best(self) -> Text:
        """Return the text whose tokens are the most probable in the mean, as openai-whisper counts."""
        return max(self.ended, key=lambda text: text.log_probability / max(1, len(text.tokens)))


class Rules(NamedTuple):
    """What is added to the scores of the tokens that may be chosen, from the first on: -inf where one may not."""

    forbidden: "Tensor"  # (tokens)
    at_start: "Tensor"  # the same for the first token of a text


def rules(tokenizer: "Tokenizer", of: Network) -> Rules:
    """Return the rules for a language's tokenizer; the last token that may be chosen is the end of the text."""
    import torch

    count = tokenizer.eot + 1
    forbidden = of.tokens.new_zeros(count)
    forbidden[[token for token in tokenizer.non_speech_tokens if token < count]] = -torch.inf
    at_start = forbidden.clone()
    at_start[[*tokenizer.encode(" "), tokenizer.eot]] = -torch.inf
    return Rules(forbidden, at_start)


def prefix(tokenizer: "Tokenizer", prompt: str = "") -> tuple[int, ...]:
    """Return the tokens before a text: the prompt with names, then language and task."""
    before = (tokenizer.sot_prev, *tokenizer.encode(f" {prompt}")) if prompt else ()
    return (*before, *tokenizer.sot_sequence, tokenizer.no_timestamps)


def decode_texts(
    of: Network,
    tokenizer: "Tokenizer",
    waiting: Iterable[tuple[Key, EncodedWindow]],
    *,
    at_once: int,
    beam_size: int = 1,
    temperature: float = 0.0,
    look: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Key, Text]]:
    """Yield the text of each window as it is finished; `waiting` is asked for the next when there is room.

    A window's text depends on nothing but the window: neither on its neighbours nor on its slots. Above temperature 0
    there can be one beam only. `look` is called before every step: what it raises ends the work.
    """
    batch: _Batch[Key] = _Batch(of, tokenizer, at_once=at_once, beam_size=beam_size, temperature=temperature)
    queue = iter(waiting)
    while True:
        for first in batch.free_slots():
            if following := next(queue, None):
                batch.add(first, *following)
        if not batch.searches:
            return
        look()
        yield from batch.step()


class _Batch(Generic[Key]):
    """The windows that are decoded together: the search for each, by the first of the slots that its beams lie in."""

    def __init__(
        self, of: Network, tokenizer: "Tokenizer", *, at_once: int, beam_size: int, temperature: float
    ) -> None:
        import torch

        self.of, self.beam_size, self.temperature = of, beam_size, temperature
        self.start, self.end = tokenizer.sot, tokenizer.eot
        self.rules = rules(tokenizer, of)
        self.languages = partial(_languages, of, tokenizer) if of.is_multilingual else None
        self.slots = slots(of, at_once * beam_size)
        self.latest = torch.zeros(at_once * beam_size, dtype=torch.long, device=of.tokens.device)
        self.chance = [torch.Generator() for _ in range(at_once)]
        self.searches: dict[int, Search[Key]] = {}

    def free_slots(self) -> Iterator[int]:
        """Yield the first of the slots of each window that may be added."""
        return (first for first in range(0, len(self.latest), self.beam_size) if first not in self.searches)

    def add(self, first: int, key: Key, encoded: EncodedWindow) -> None:
        """Put a window into free slots, with the first token of each of its beams."""
        occupy(self.of, self.slots, slice(first, first + self.beam_size), encoded.states)
        heard, certain = self._hear_language(first)
        states = begin(self.of, self.slots, first, encoded.prefix)
        text = Text(states[encoded.prefix.index(self.start)], heard, certain)
        self.searches[first] = Search(key, encoded.frames, [text])
        chance = self.chance[first // self.beam_size :]
        chance[0].manual_seed(0)
        scores = _scores(self.of, states[-1:], self.rules.at_start)
        self._extend(first, _choose(scores, self.beam_size, self.temperature, chance))

    def step(self) -> Iterator[tuple[Key, Text]]:
        """Lengthen all texts by a token; yield those that are finished, whose slots are free from then on."""
        scores = _scores(self.of, step(self.of, self.slots, self.latest), self.rules.forbidden)
        chosen = _choose(scores, self.beam_size, self.temperature, self.chance)
        for first, search in list(self.searches.items()):
            self._extend(first, chosen[first : first + self.beam_size])
            if len(search.ended) >= self.beam_size:
                self.slots.lengths[first : first + self.beam_size] = 0
                del self.searches[first]
                yield search.key, search.best

    def _hear_language(self, slot: int) -> tuple[str | None, float]:
        if not self.languages:
            return None, 0.0
        (state,) = begin(self.of, self.slots, slot, [self.start])
        return max(self.languages(state).items(), key=itemgetter(1))

    def _extend(self, first: int, chosen: Sequence[Candidates]) -> None:
        """Lengthen the beams that lie in slots from the first on."""
        search = self.searches[first]
        followed = self.slots.followed[first : first + self.beam_size, :, : search.frames]
        sources = _extend_beams(search, chosen, followed, end=self.end, beam_size=self.beam_size)
        reorder_beams(self.slots, first, sources)
        for slot, text in enumerate(search.beams, start=first):
            self.latest[slot] = text.tokens[-1]


def _scores(of: Network, states: "Tensor", forbidden: "Tensor") -> "Tensor":
    """Return the scores of the tokens that may follow states (rows, C), as float32 (rows, count)."""
    return linear(states, Linear(of.text_tokens, forbidden)).float()


def _choose(
    scores: "Tensor", beam_size: int, temperature: float, chance: Sequence["Generator"]
) -> Sequence[Candidates]:
    """Return the best tokens of each row with their log-probabilities; above temperature 0 one drawn by these.

    For one beam one token is enough; for several one more than there are beams, as one of them may be the end.
    """
    import torch

    drawn = scores
    if temperature:
        even = torch.stack([torch.rand(scores.shape[1], generator=each) for each in chance[: len(scores)]])
        drawn = scores / temperature - torch.log(-torch.log(even)).to(scores.device)  # the largest is a draw (Gumbel)
    tokens = drawn.argmax(-1, keepdim=True) if beam_size == 1 else drawn.topk(beam_size + 1).indices
    log_probabilities = scores.gather(1, tokens) - scores.logsumexp(-1, keepdim=True)
    return [list(zip(*row, strict=True)) for row in zip(tokens.tolist(), log_probabilities.tolist(), strict=True)]


def _extend_beams(
    search: Search[Key], chosen: Sequence[Candidates], followed: "Tensor", *, end: int, beam_size: int
) -> list[int]:
    """Lengthen the beams of a search by a token, or end them; return which of the old ones each goes on from.

    `chosen` and `followed` hold, for each beam, what may follow it and the heads' scores (beams, heads, frames).
    """
    found = [
        (text.log_probability + log_probability, source, token, log_probability)
        for source, (text, row) in enumerate(zip(search.beams, chosen, strict=False))
        for token, log_probability in row
    ]
    beams, sources = list[Text](), list[int]()
    for _, source, token, log_probability in sorted(found, key=itemgetter(0), reverse=True):
        before = search.beams[source]
        text = replace(
            before,
            log_probabilities=(*before.log_probabilities, log_probability),
            followed=(*before.followed, followed[source].half()),
        )
        if token != end and len(text.tokens) < MAX_TOKENS:
            beams.append(replace(text, tokens=(*text.tokens, token)))
            sources.append(source)
        elif len(search.ended) < beam_size:
            search.ended.append(text)
        if len(beams) == beam_size:
            break
    search.beams = beams
    return sources


def no_speech(of: Network, tokenizer: "Tokenizer", text: Text) -> float:
    """Return how probable it is that nobody speaks in a window."""
    return float((of.tokens @ text.start).float().softmax(-1)[tokenizer.no_speech])


def languages(of: Network, tokenizer: "Tokenizer", states: "Tensor") -> dict[str, float]:
    """Return the probability of each language in an encoded window."""
    held = slots(of, 1)
    occupy(of, held, slice(1), states)
    (state,) = begin(of, held, 0, [tokenizer.sot])
    return _languages(of, tokenizer, state)


def _languages(of: Network, tokenizer: "Tokenizer", state: "Tensor") -> dict[str, float]:
    """Return the probability of each language by what follows the start of a transcript (C)."""
    heard = (of.tokens[list(tokenizer.all_language_tokens)] @ state).float().softmax(-1)
    return dict(zip(tokenizer.all_language_codes, heard.tolist(), strict=True))
