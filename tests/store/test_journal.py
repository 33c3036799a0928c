"""Lines that hang together: what was changed or taken out afterwards shows."""

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from digest.model.overlay import Revision, Strike
from digest.store.journal import Chain, append, append_all, chain_anew, examine_chain, hold, read_lines


def a_strike(revisions: Sequence[Revision], sentence: str = "s-1") -> Revision:
    """Return the next revision after those known."""
    change = Strike(sentence=sentence, was="It is so.")
    return Revision(number=len(revisions) + 1, at=datetime(2026, 1, 1, tzinfo=UTC), by="Ada", change=change)


def some_lines(path: Path, number: int) -> list[bytes]:
    """Append so many revisions and return the lines as they are written."""
    for _ in range(number):
        append(path, Revision, a_strike)
    return path.read_bytes().splitlines()


def test_a_line_carries_the_hash_of_the_line_before(tmp_path: Path) -> None:
    """The first one that of nothing; several that are saved at once follow each other too."""
    path = tmp_path / "overlay.jsonl"
    append(path, Revision, a_strike)
    append_all(path, Revision, lambda known: (a_strike(known), a_strike((*known, known[0]))))

    lines = path.read_bytes().splitlines()

    expected = [hashlib.sha256(before).hexdigest() for before in (b"", *lines[:-1])]
    assert [json.loads(line)["before"] for line in lines] == expected
    assert [line.number for line in read_lines(path, Revision)] == [1, 2, 3]
    assert examine_chain(path, Revision) == Chain(begins=1)


def test_what_was_changed_or_taken_out_shows(tmp_path: Path) -> None:
    """The line after a changed one, or after a gap, is named."""
    path = tmp_path / "overlay.jsonl"
    lines = some_lines(path, 4)

    path.write_bytes(b"\n".join([lines[0], lines[1].replace(b"Ada", b"Bob"), *lines[2:], b""]))
    changed = examine_chain(path, Revision)
    path.write_bytes(b"\n".join([lines[0], *lines[2:], b""]))
    taken_out = examine_chain(path, Revision)

    assert changed == Chain(begins=1, broken=(3,))
    assert taken_out == Chain(begins=1, broken=(2,))


def test_lines_of_an_earlier_version_are_read_and_the_chain_begins_after_them(tmp_path: Path) -> None:
    """They carry no hash; the first new line carries that of the last of them."""
    path = tmp_path / "overlay.jsonl"
    old = [a_strike([]), a_strike([a_strike([])])]
    path.write_bytes(b"".join(line.model_dump_json().encode() + b"\n" for line in old))
    assert examine_chain(path, Revision) == Chain()

    lines = some_lines(path, 2)

    assert b"before" not in lines[1]
    assert len(list(read_lines(path, Revision))) == 4
    assert examine_chain(path, Revision) == Chain(begins=3)
    path.write_bytes(b"\n".join([lines[0], lines[1].replace(b"Ada", b"Bob"), *lines[2:], b""]))
    assert examine_chain(path, Revision) == Chain(begins=3, broken=(3,))


def test_a_line_cut_short_breaks_no_chain(tmp_path: Path) -> None:
    """It was never told to anybody as saved, and the next line follows from the one before it."""
    path = tmp_path / "overlay.jsonl"
    some_lines(path, 2)
    with path.open("ab") as file:
        file.write(b'{"number": 3, "at"')

    assert examine_chain(path, Revision) == Chain(begins=1)
    some_lines(path, 1)

    assert examine_chain(path, Revision) == Chain(begins=1)


def test_a_journal_that_is_replaced_while_one_waits_gets_the_line(tmp_path: Path) -> None:
    """Whoever waits for the lock writes into the file that took the place, and not into what is gone."""
    path, other = tmp_path / "overlay.jsonl", tmp_path / "anew.jsonl"
    append(path, Revision, a_strike)
    other.write_bytes(chain_anew([json.loads(path.read_bytes())]))
    with ThreadPoolExecutor() as pool, hold([path]):
        waiting = pool.submit(append, path, Revision, a_strike)
        other.replace(path)
    waiting.result()

    assert [line.number for line in read_lines(path, Revision)] == [1, 2]
    assert examine_chain(path, Revision) == Chain(begins=1)
