"""Reports and chats give questions and counts of polls, and name nobody who answered."""

import csv
import io
from pathlib import Path

from tests.intake.formats.builders import POPCORN, a_report, companions_of, polls_of


def test_zoom_question_report(tmp_path: Path) -> None:
    """The report's own head is passed over; addresses, anonymous askers and "live answered" are no content."""
    report = io.StringIO()
    csv.writer(report).writerows(
        [
            ["Question Report"],
            ["Report Generated:", "2016-11-23"],
            ["Topic", "Webinar ID", "# Question"],
            ["Cyber norms", "123 456 789", "2"],
            ["#", "Question", "Asker Name", "Asker Email", "Answer(s)"],
            ["1", "Who checks that?", "Tomasz", "tomasz@cert.example", "Nobody, today."],
            ["2", "And who pays?", "Anonymous Attendee", "", "live answered"],
        ]
    )

    found = companions_of(tmp_path, report__csv=report.getvalue())

    assert [(q.text, q.asked_by, q.answer) for q in found.questions] == [
        ("Who checks that?", "Tomasz", "Nobody, today."),
        ("And who pays?", None, None),
    ]
    assert b"cert.example" not in found.canonical()


WHO = ("#", "User Name", "User Email", "Submitted Date/Time")


ANN, BOB = ("1", "Ann", "ann@cert.example", "14:02"), ("2", "Bob", "bob@cert.example", "14:02")


def test_polls_are_counted_and_nobody_is_named(tmp_path: Path) -> None:
    """Both forms of Zoom's report give each question with its answers; who answered is in no artifact."""
    old = a_report(
        (*WHO, ""),
        (*ANN, "Which norm?", "Due diligence", "Who pays?", "Nobody;Ministries"),
        (*BOB, "Which norm?", "No harm"),
    )
    new = a_report(
        (*WHO, "Which norm?"),
        (*ANN, "Due diligence"),
        (*BOB, "Due diligence"),
        (),
        (*WHO, "Who pays?"),
        (*BOB, "Nobody"),
    )

    before, since = companions_of(tmp_path / "a", poll__csv=old), companions_of(tmp_path / "b", webinar__csv=new)

    assert polls_of(before) == [
        ("Which norm?", {"Due diligence": 1, "No harm": 1}),
        ("Who pays?", {"Nobody": 1, "Ministries": 1}),
    ]
    assert polls_of(since) == [("Which norm?", {"Due diligence": 2}), ("Who pays?", {"Nobody": 1})]
    assert [(file.name, file.found) for file in since.read] == [("webinar.csv", "2 polls")]
    assert not any(name in since.canonical() for name in (b"Ann", b"Bob", b"cert.example"))


def test_answers_in_peoples_own_words_are_not_counted(tmp_path: Path) -> None:
    """A poll that everybody answered in other words is left out, and staff are told; it is no list of opinions."""
    rows = [(str(n), "", "", "14:02", "Yes", f"because of my reason {n}") for n in range(30)]

    found = companions_of(tmp_path, poll__csv=a_report((*WHO, "Should we?", "Why?"), *rows))

    assert polls_of(found) == [("Should we?", {"Yes": 30})]
    assert found.remarks == ("poll.csv: 1 of its questions were answered in people's own words and left out.",)


def test_polls_in_the_chat_are_polls(tmp_path: Path) -> None:
    """BigBlueButton's counts in the chat become a poll, and are no message of anybody."""
    counts = "bbb-published-poll-{0}Who pays?{0}Nobody: 3 | 75%{0}Ministries: 1 | 25%{0}"
    popcorn = f'<chattimeline in="20" name="" message="{counts.format("&lt;br/&gt;")}" target="chat"/>'

    saved = companions_of(tmp_path / "a", public__txt=f"[14:02] Ann : hello\n[14:03] : {counts.format(chr(10))}")
    recorded = companions_of(tmp_path / "b", slides_new__xml=f"<popcorn>{POPCORN}{popcorn}</popcorn>")

    for found in (saved, recorded):
        assert polls_of(found) == [("Who pays?", {"Nobody": 3, "Ministries": 1})]
        assert len(found.chat) == 1
