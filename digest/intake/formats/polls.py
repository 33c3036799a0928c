"""What the audience answered to polls: counts without names."""

import re
from collections.abc import Sequence

from digest.model.companions import Poll, PollOption
from digest.text.addresses import mask_addresses

MAX_TEXT = 500  # letters
PUBLISHED = "bbb-published-poll-"  # sendPollChatMsg of BigBlueButton 2.2 to 2.7, which writes counts into the chat
COUNT = re.compile(r"^(?P<text>.{1,500}?) ?: (?P<votes>\d{1,6}) \| \d{1,3}%$")


def poll_of_message(message: str) -> Poll | None:
    """Return the poll whose counts a platform wrote into the chat; None for another message, or without a question."""
    _, is_poll, published = message.partition(PUBLISHED)
    lines = [line.strip() for line in re.split(r"\n|<br ?/?>", published) if line.strip()]
    counts = [found for line in lines if (found := COUNT.match(line))]
    if not is_poll or not counts or COUNT.match(lines[0]):
        return None
    question = re.sub(r"<br#>", " ", lines[0])
    return make_poll(question, [(found["text"], int(found["votes"])) for found in counts])


def make_poll(question: str, counts: Sequence[tuple[str, int]]) -> Poll:
    """Return a poll of these answers and how many chose each, addresses masked."""
    return Poll(
        question=_line(question),
        options=tuple(PollOption(text=_line(option), votes=votes) for option, votes in counts),
    )


def _line(text: str) -> str:
    return mask_addresses(" ".join(text.split()))[:MAX_TEXT]
