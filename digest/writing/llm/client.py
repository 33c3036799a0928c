"""Asks a language model and keeps to a budget: instructions and material in, an answer of the wanted shape out.

Any endpoint that speaks OpenAI's chat completions will do: Ollama, vLLM, llama.cpp's server, a service. The answer is
asked for by JSON schema and is no more trusted for that. Nothing else in the project sends a word of a transcript.
"""

import contextlib
import hashlib
import json
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, NonNegativeInt, ValidationError

from digest.settings import LlmSettings, llm_key
from digest.store.files import write_atomically

if TYPE_CHECKING:
    import httpx

ATTEMPTS = 3
WAITS = (1.0, 5.0)  # seconds before the second and third attempt, where the endpoint names none itself
MAX_WAIT = 60.0  # seconds, whatever the endpoint asks for
CONNECTING = 10.0  # seconds
PASSING = {408, 429, 500, 502, 503, 504}  # statuses after which trying again may help
ANOTHER = 0.5  # temperature of a second attempt: at 0 another seed gives the same answer
MAX_ANSWER_TOKENS = 4000  # tokens
MAX_ANSWER_BYTES = 1_000_000  # bytes of an answer, with whatever is around it
AROUND = 500  # tokens that a server's own template and the schema may add to what is sent

Answer = TypeVar("Answer", bound=BaseModel)


class Unanswered(Exception):
    """There is no usable answer. Says why, in words for an editor; never what was sent, nor the key."""


class _Trouble(Exception):
    """An attempt failed, and another may not; `wait` are the seconds that the endpoint asks for."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Usage(BaseModel):
    prompt_tokens: NonNegativeInt
    completion_tokens: NonNegativeInt


class _Completion(BaseModel):
    choices: tuple[_Choice, ...]
    usage: _Usage | None = None


@dataclass
class Endpoint:
    """Where the model is asked. `scratch` keeps the answers, so that a run that was killed asks nothing twice.

    `tokens_in` and `tokens_out` were spent; where the endpoint does not count them, they are what was at most.
    """

    settings: LlmSettings
    scratch: Path | None = None
    tokens_in: int = 0
    tokens_out: int = 0

    def ask(self, instructions: str, material: object, shape: type[Answer]) -> Answer:
        """Return the model's answer. Raises Unanswered when there is none after the last attempt, or no budget left."""
        body = {
            "model": self.settings.model,
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": json.dumps(material, ensure_ascii=False)},
            ],
            "max_tokens": MAX_ANSWER_TOKENS,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": shape.__name__, "strict": True, "schema": shape.model_json_schema()},
            },
        }
        key = json.dumps([self.settings.url, body], sort_keys=True)
        kept = self.scratch / f"{hashlib.sha256(key.encode()).hexdigest()[:20]}.json" if self.scratch else None
        for attempt in range(ATTEMPTS):
            try:
                again = kept is not None and kept.exists() and not attempt
                content = (
                    kept.read_bytes()
                    if kept and again
                    else self._sent(body | {"seed": attempt, "temperature": ANOTHER if attempt else 0})
                )
                answer = self._counted(content, self._bound(body), shape)
            except _Trouble as trouble:
                why, wait = str(trouble), trouble.wait
            else:
                if kept:
                    write_atomically(kept, content)
                return answer
            if attempt + 1 < ATTEMPTS:
                time.sleep(min(WAITS[attempt] if wait is None else wait, MAX_WAIT))
        raise Unanswered(why)

    @property
    def spent(self) -> str:
        """Return in words what was spent, of how much."""
        price = (self.tokens_in * self.settings.price_in + self.tokens_out * self.settings.price_out) / 1e6
        cost = f", {price:.3f} at your prices" if price else ""
        return f"Spent: {self.tokens_in + self.tokens_out:,} tokens{cost}, of at most {self.settings.max_in_words}."

    def _bound(self, body: dict[str, object]) -> int:
        """Return how many tokens a request has at most: none is shorter than a byte."""
        return len(json.dumps(body["messages"], ensure_ascii=False).encode()) + AROUND

    def _sent(self, body: dict[str, object]) -> bytes:
        """Return what the endpoint answers, of whatever shape."""
        import httpx

        bound = self._bound(body)
        if self.tokens_in + self.tokens_out + bound + MAX_ANSWER_TOKENS > self.settings.most_tokens:
            raise Unanswered(f"its budget of {self.settings.most_tokens:,} tokens is used up")
        try:
            with _client(self.settings.seconds_limit) as client:
                return b"".join(self._read(client, body))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL) as error:
            raise _Trouble("it cannot be reached") from error
        except httpx.HTTPError as error:
            self._spend(bound, MAX_ANSWER_TOKENS)  # what it did before is not known
            slow = isinstance(error, httpx.TimeoutException)
            raise _Trouble(self._late() if slow else "it broke off the connection") from error

    def _read(self, client: "httpx.Client", body: dict[str, object]) -> Iterator[bytes]:
        """Yield the answer as it comes: in time, not too much of it, and only where the status is good."""
        ends = time.monotonic() + self.settings.seconds_limit
        with client.stream("POST", f"{self.settings.url}/chat/completions", json=body) as response:
            if response.status_code in PASSING:
                raise _Trouble(f"it answered with status {response.status_code}", _asked_to_wait(response))
            if response.status_code != 200:  # noqa: PLR2004
                raise Unanswered(f"it answered with status {response.status_code}")
            size = 0
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > MAX_ANSWER_BYTES or time.monotonic() > ends:
                    self._spend(self._bound(body), MAX_ANSWER_TOKENS)
                    raise _Trouble(self._late() if size <= MAX_ANSWER_BYTES else "its answer has no end")
                yield chunk

    def _counted(self, content: bytes, bound: int, shape: type[Answer]) -> Answer:
        """Return what was answered, and count its tokens. Raises _Trouble where it is not of the wanted shape."""
        usage = None
        try:
            completion = _Completion.model_validate_json(content)
            usage = completion.usage
            return shape.model_validate_json(completion.choices[0].message.content)
        except (ValidationError, IndexError) as error:
            raise _Trouble("its answers are not of the shape that was asked for") from error
        finally:
            self._spend(*(usage.prompt_tokens, usage.completion_tokens) if usage else (bound, MAX_ANSWER_TOKENS))

    def _spend(self, tokens_in: int, tokens_out: int) -> None:
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out

    def _late(self) -> str:
        return f"it did not answer within {self.settings.seconds_limit:g} seconds"


def answers(settings: LlmSettings) -> bool:
    """Return whether the endpoint is there and lets us in; sends nothing but the key."""
    import httpx

    try:
        with _client(CONNECTING) as client:
            return client.get(f"{settings.url}/models").is_success
    except (httpx.HTTPError, httpx.InvalidURL):
        return False


def _client(seconds: float) -> "httpx.Client":
    """Return a client that waits so long for an answer and follows nobody elsewhere."""
    import httpx

    key = llm_key()
    return httpx.Client(
        headers={"Authorization": f"Bearer {key}"} if key else {},
        timeout=httpx.Timeout(seconds, connect=CONNECTING),
        follow_redirects=False,
        verify=_certificates(),
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Return whom to trust: reading it takes longer than a request."""
    import httpx

    return httpx.create_ssl_context()


def _asked_to_wait(response: "httpx.Response") -> float | None:
    """Return the seconds of a Retry-After; a date is not read."""
    with contextlib.suppress(ValueError):
        return max(0.0, float(response.headers.get("Retry-After", "")))
    return None
