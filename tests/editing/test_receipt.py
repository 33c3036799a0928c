"""What a digest took is told once it is approved."""

from datetime import timedelta

from digest.editing.receipt import receipt
from digest.model.edition import Decision
from digest.model.overlay import Change, Correct, Learn, Overlay, Revision, Strike, Undo
from tests.editing.builders import NOW

MINUTE = timedelta(minutes=1)


def revisions(*made: tuple[float, str, Change]) -> Overlay:
    """Return changes, each so many minutes after the start, by somebody."""
    return Overlay(
        revisions=tuple(
            Revision(number=n, at=NOW + at * MINUTE, by=by, change=change) for n, (at, by, change) in enumerate(made, 1)
        )
    )


def approved(after: float) -> tuple[Decision, ...]:
    """Return an approval so many minutes after the start."""
    return (Decision(number=1, at=NOW + after * MINUTE, by="Ana", kind="approved", edition="0" * 64),)


def correct(start: float) -> Correct:
    """Return a correction of a second."""
    return Correct(start=start, end=start + 1, was="a", text="b")


def test_minutes_are_those_at_work() -> None:
    """A night between two sittings is not work; the time to the approval is, if it follows at once."""
    made = revisions((0, "Ana", correct(1)), (4, "Ana", correct(2)), (600, "Ben", correct(3)))

    found = receipt(made, approved(606))

    assert found
    assert found.minutes == 1 + 4 + 1 + 6
    assert (found.decisions, found.by, found.wrong) == (3, ("Ana", "Ben"), (("words of the transcript", 3),))


def test_only_what_stands_at_the_approval_counts() -> None:
    """What was taken back was no error of the machine's; what came later is the next approval's."""
    strike = Strike(sentence="s", was="x")
    made = revisions(
        (0, "Ana", strike),
        (1, "Ana", Undo(thing=strike.thing)),
        (2, "Ana", Learn(term="CERT", heard=("sird",))),
        (9, "Ben", correct(1)),
    )

    found = receipt(made, approved(3))

    assert found
    assert (found.decisions, found.wrong, found.taught) == (0, (), ("CERT",))


def test_without_an_approval_there_is_none() -> None:
    """Nor after a retraction."""
    assert receipt(revisions((0, "Ana", correct(1))), ()) is None
