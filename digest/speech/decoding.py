"""Decodes windows of sound greedily, many at a time: each in its slot, a slot taken over as soon as it is free.

The rules are openai-whisper's (decoding.py): no blank at the start, no symbols of what is not speech, no special
tokens, no timestamps, at most 224 tokens.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from digest.speech.network import Layer, Network, begin, linear, occupy, slots, step

if TYPE_CHECKING:
    from torch import Generator, Tensor
    from whisper.tokenizer import Tokenizer

MOST_TOKENS = 224  # of a window's text, as in openai-whisper

Key = TypeVar("Key")


class Encoded(NamedTuple):
    """An encoded window (T, C), how many of its frames are sound and not padding, and what its text begins with."""

    states: "Tensor"
    frames: int
    prefix: tuple[int, ...]


@dataclass
class Text:
    """The text tokens of a window and, for each and for the end, its log-probability and the heads' scores."""

    start: "Tensor"  # what follows the start of a transcript (C)
    tokens: list[int] = field(default_factory=list)
    log_probabilities: list[float] = field(default_factory=list)
    followed: list["Tensor"] = field(default_factory=list)  # (heads, frames) each


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


def prefix(tokenizer: "Tokenizer", told: str = "") -> tuple[int, ...]:
    """Return the tokens before a text: the names that the model is told, then language and task."""
    names = (tokenizer.sot_prev, *tokenizer.encode(f" {told}")) if told else ()
    return (*names, *tokenizer.sot_sequence, tokenizer.no_timestamps)


def texts(
    of: Network,
    tokenizer: "Tokenizer",
    waiting: Iterable[tuple[Key, Encoded]],
    *,
    at_once: int,
    temperature: float = 0.0,
) -> Iterator[tuple[Key, Text]]:
    """Yield the text of each window as it is finished; `waiting` is asked for the next when a slot is free.

    A window's text depends on nothing but the window: neither on its neighbours nor on its slot.
    """
    import torch

    allowed, held, queue = rules(tokenizer, of), slots(of, at_once), iter(waiting)
    latest = torch.zeros(at_once, dtype=torch.long, device=of.tokens.device)
    chance = [torch.Generator() for _ in range(at_once)]
    busy: dict[int, tuple[Key, Encoded, Text]] = {}
    while True:
        for slot in range(at_once):
            if slot not in busy and (following := next(queue, None)):
                key, encoded = following
                occupy(of, held, slot, encoded.states)
                states = begin(of, held, slot, encoded.prefix)
                text = Text(states[encoded.prefix.index(tokenizer.sot)])
                busy[slot] = (key, encoded, text)
                chance[slot].manual_seed(0)
                token, log_probability = _chosen(
                    _scores(of, states[-1:], allowed.at_start), temperature, [chance[slot]]
                )
                _note(text, int(token), float(log_probability), held.followed[slot, :, : encoded.frames])
                latest[slot] = token
        if not busy:
            return
        scores = _scores(of, step(of, held, latest), allowed.forbidden)
        latest, log_probabilities = _chosen(scores, temperature, chance)
        for slot, (token, log_probability) in enumerate(zip(latest.tolist(), log_probabilities.tolist(), strict=True)):
            if slot in busy:
                key, encoded, text = busy[slot]
                _note(text, token, log_probability, held.followed[slot, :, : encoded.frames])
                if token == tokenizer.eot or len(text.tokens) > MOST_TOKENS:
                    text.tokens.pop()
                    held.lengths[slot] = 0
                    del busy[slot]
                    yield key, text


def _note(text: Text, token: int, log_probability: float, followed: "Tensor") -> None:
    text.tokens.append(token)
    text.log_probabilities.append(log_probability)
    text.followed.append(followed.half())


def _scores(of: Network, states: "Tensor", forbidden: "Tensor") -> "Tensor":
    """Return the scores of the tokens that may follow states (rows, C), as float32 (rows, count)."""
    return linear(states, Layer(of.text_tokens, forbidden)).float()


def _chosen(scores: "Tensor", temperature: float, chance: Sequence["Generator"]) -> tuple["Tensor", "Tensor"]:
    """Return the best token of each row and its log-probability; above temperature 0 one drawn by its probability."""
    import torch

    drawn = scores
    if temperature:
        even = torch.stack([torch.rand(scores.shape[1], generator=each) for each in chance]).to(scores.device)
        drawn = scores / temperature - torch.log(-torch.log(even))  # the largest is a draw (Gumbel)
    tokens = drawn.argmax(-1)
    return tokens, scores.gather(1, tokens[:, None])[:, 0] - scores.logsumexp(-1)


def no_speech(of: Network, tokenizer: "Tokenizer", text: Text) -> float:
    """Return how probable it is that nobody speaks in a window."""
    return float((of.tokens @ text.start).float().softmax(-1)[tokenizer.no_speech])


def languages(of: Network, tokenizer: "Tokenizer", states: "Tensor") -> dict[str, float]:
    """Return the probability of each language in an encoded window."""
    held = slots(of, 1)
    occupy(of, held, 0, states)
    (state,) = begin(of, held, 0, [tokenizer.sot])
    heard = (of.tokens[list(tokenizer.all_language_tokens)] @ state).float().softmax(-1)
    return dict(zip(tokenizer.all_language_codes, heard.tolist(), strict=True))
