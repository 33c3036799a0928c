"""What the audience answered to polls: a report or a chat's message in, counts without names out; in a limited child.

Zoom's report has a row for whoever answered: until September 2021 with each question before its answer, since then
with the questions in the head, and a head for each poll. BigBlueButton writes the counts into the chat.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from digest.errors import UnusableDrop
from digest.intake.encoding import decode_text
from digest.model.artifact import Record
from digest.model.companions import Poll, PollOption
from digest.text.addresses import mask_addresses

LARGEST = 20_000_000  # bytes
MOST_ROWS = 50_000
MOST_OPTIONS = 20  # different answers; more of them are in people's own words
LONGEST_TEXT = 500  # letters
WHEN = re.compile(r"submitted date(?: ?/ ?| and )time", re.IGNORECASE)
PUBLISHED = "bbb-published-poll-"  # sendPollChatMsg of BigBlueButton 2.2 to 2.7
COUNTED = re.compile(r"^(?P<text>.{1,500}?) ?: (?P<votes>\d{1,6}) \| \d{1,3}%$")


class PollFile(Record):
    """The polls of a report, and what staff should know of it."""

    polls: tuple[Poll, ...]
    remarks: tuple[str, ...] = ()


def polls_in(path: Path) -> PollFile:
    """Return the polls of a report, in the child. Raises UnusableDrop where there is none that can be counted."""
    if path.stat().st_size > LARGEST:
        raise UnusableDrop(f"It is larger than {LARGEST // 1_000_000} MB.", remedy="Leave it out.")
    text, guessed = decode_text(path.read_bytes())
    remarks = [f"it is not saved as UTF-8 and was read as {guessed}"] if guessed else []
    head = next((line for line in text.split("\n") if WHEN.search(line)), "")
    csv.field_size_limit(LARGEST)
    rows = list(csv.reader(io.StringIO(text), delimiter=max("\t,;", key=head.count)))[:MOST_ROWS]
    heads = [at for at, row in enumerate(rows) if any(map(WHEN.fullmatch, map(str.strip, row)))]
    answers: dict[str, Counter[str]] = {}
    for begin, end in pairwise([*heads, len(rows)]):
        for question, answer in _answered(rows[begin], rows[begin + 1 : end]):
            answers.setdefault(question, Counter()).update(_options(answer))
    counted = {question: counts for question, counts in answers.items() if 1 <= len(counts) <= MOST_OPTIONS}
    if not counted:
        raise UnusableDrop("There is no poll in it whose answers can be counted.", remedy="Save the report again.")
    if open_ones := len(answers) - len(counted):
        remarks.append(f"{open_ones} of its questions were answered in people's own words and left out")
    return PollFile(
        polls=tuple(_poll(q, counts.most_common()) for q, counts in counted.items()), remarks=tuple(remarks)
    )


def poll_in(message: str) -> Poll | None:
    """Return the poll whose counts a platform wrote into the chat; None for another message, or without a question."""
    _, is_poll, published = message.partition(PUBLISHED)
    lines = [line.strip() for line in re.split(r"\n|<br ?/?>", published) if line.strip()]
    counted = [found for line in lines if (found := COUNTED.match(line))]
    if not is_poll or not counted or COUNTED.match(lines[0]):
        return None
    question = re.sub(r"<br#>", " ", lines[0])
    return _poll(question, [(found["text"], int(found["votes"])) for found in counted])


def _answered(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield each question with an answer of somebody."""
    first = next(at for at, cell in enumerate(head) if WHEN.fullmatch(cell.strip())) + 1
    asked = [cell.strip() for cell in head[first:]]
    for row in rows:
        if not row or not row[0].strip().isdigit():
            continue
        cells = [cell.strip() for cell in row[first:]]
        pairs = zip(asked, cells, strict=False) if any(asked) else zip(cells[::2], cells[1::2], strict=False)
        yield from ((question, answer) for question, answer in pairs if question and answer)


def _options(answer: str) -> list[str]:
    """Return what somebody chose: several are parted by semicolons."""
    return [option for part in answer.split(";") if (option := part.strip())]


def _poll(question: str, counts: Sequence[tuple[str, int]]) -> Poll:
    return Poll(
        question=_line(question),
        options=tuple(PollOption(text=_line(option), votes=votes) for option, votes in counts),
    )


def _line(text: str) -> str:
    return mask_addresses(" ".join(text.split()))[:LONGEST_TEXT]
