"""What is listed item by item, "first … second … third", also minutes apart: a Conversation in, lists out."""

from digest.writing.conversation import Conversation

HEAD = 4  # words at the beginning of a sentence among which an item is counted
MAX_APART = 240.0  # seconds between two items
SIGNS = (",", ":", ".")  # "Two: the pump" counts, "two pumps" does not
CARDINALS = frozenset({"one", "two", "three", "four", "five", "six", "seven"})
LONG_HEAD, LONG_ITEM = 5, 10  # words of what announces a short list, and of what is listed: "Three steps. …"
MIN_ITEMS = 3  # "first" and "second" alone are said of many things


def enumerations(c: Conversation) -> tuple[tuple[int, ...], ...]:
    """Return the places of each list, in order: items that one voice counts, or a short list with what announces it."""
    found, used = list[tuple[int, ...]](), set[int]()
    for place in range(len(c.said)):
        items = _items(c, place) if _counts(c, place, 0) else ()
        items = items if len(items) >= MIN_ITEMS else _short_list(c, place)
        if items and used.isdisjoint(items):
            found.append(items)
            used.update(items)
    return tuple(found)


def _short_list(c: Conversation, head: int) -> tuple[int, ...]:
    """Return a short sentence that says how many follow, with so many short ones of the same voice; else nothing."""
    if c.lengths[head] > LONG_HEAD or c.asks[head]:
        return ()
    count = next((n for n, words in enumerate(c.language.cardinals, 2) if not words.isdisjoint(c.tokens[head])), 0)
    items = range(head + 1, head + 1 + count)
    is_list = count and items.stop <= len(c.said) and c.turns[head] == c.turns[items[-1]]
    is_short = is_list and all(c.lengths[place] <= LONG_ITEM and not c.asks[place] for place in items)
    return (head, *items) if is_short else ()


def _items(c: Conversation, first: int) -> tuple[int, ...]:
    items = [first]
    for place in range(first + 1, len(c.said)):
        if c.starts[place] - c.starts[items[-1]] > MAX_APART or len(items) == len(c.language.counting):
            break
        if c.voices[place] == c.voices[first] and _counts(c, place, len(items)):
            items.append(place)
        elif c.voices[place] == c.voices[first] and len(items) > 1 and _counts(c, place, 0):
            break  # another list begins
    return tuple(items)


def _counts(c: Conversation, place: int, number: int) -> bool:
    """Return whether a sentence begins with the item of a number: "Second, …", "The second …", "Two: …"."""
    if number >= len(c.language.counting):
        return False
    words = [word.text for word in c.said[place].words[:HEAD]]
    return any(
        _bare(word) in c.language.counting[number] and (_bare(word) not in CARDINALS or word.endswith(SIGNS))
        for word in words
    )


def _bare(word: str) -> str:
    return word.lower().strip(".,:;!?…—-")
