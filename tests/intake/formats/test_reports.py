"""Reports and chats give questions and counts of polls, and name nobody who answered."""

import csv
import io
from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    "report",
    [
        "#,質問,質問者名,質問者のメール,回答\n1,誰が払いますか？,Ann Lee,ann@example.org,We all\n",
        "#,Question,Nom du demandeur,E-mail du demandeur,Réponse(s)\n1,Qui paie ?,Ann Lee,ann@example.org,We all\n",
        "#,Pregunta,Nombre de quien pregunta,Correo,Respuesta(s)\n1,¿Quién paga?,Ann Lee,ann@example.org,We all\n",
        "Raport\nTemat,Numer\nCyber,123\n#,Pytania,Imię,E-mail,Odpowiedzi\n1,Kto płaci?,Ann Lee,a@b.example,We all\n",
    ],
    ids=["Japanese", "French", "Spanish", "not seen"],
)
def test_questions_in_other_languages(tmp_path: Path, report: str) -> None:
    """Columns are known by their names, else by what is in them."""
    found = companions_of(tmp_path, report__csv=report)

    assert [(question.asked_by, question.answer) for question in found.questions] == [("Ann Lee", "We all")]


def test_what_became_of_a_question(tmp_path: Path) -> None:
    """When it was asked, that it was answered aloud, and how many the moderator put aside: these are nowhere else."""
    report = (
        "#,Question,Asker Name,Asker Email,Answer(s),Question Time\n"
        '1,Who pays?,Ann,a@example.org,"We do","Nov 23, 2023 2:10:00 PM"\n'
        "2,Again?,Anonymous Attendee,,live answered,2023-11-23 14:11:00\n"
        "3,You thieves!,Troll,t@example.org,Dismissed,2023-11-23 14:12:00\n"
        '4,What of law?,Ben,b@example.org,"(private) call me",\n'
    )

    found = companions_of(tmp_path, report__csv=report)

    assert [(q.clock, q.asked_by, q.answer, q.answered_live) for q in found.questions] == [
        ("14:10:00", "Ann", "We do", False),
        ("14:11:00", None, None, True),
        (None, "Ben", None, False),
    ]
    assert found.dismissed_questions == 1
    assert not any(word in found.canonical() for word in (b"thieves", b"call me"))


@pytest.mark.parametrize(
    "report",
    [
        "Attendee Report\nTopic,x\nAttended,First Name,Last Name,Email,Question\nYes,Ann,Lee,a@b.example,Why?\n",
        "First Name,Last Name,Email,Registration Time,Question\nAnn,Lee,a@b.example,x,Is it accessible?\n",
        '#,User Name,User Email,Submitted Date/Time,"How satisfied were you?"\n1,Ann,a@b.example,14:02,Very\n',
    ],
    ids=["attendees", "registrations without a title", "a survey without a title"],
)
def test_reports_on_persons_are_never_read(tmp_path: Path, report: str) -> None:
    """What people wrote when they registered, and what they think of the webinar, is neither question nor poll."""
    found = companions_of(tmp_path, report__csv=report)

    assert (found.questions, found.polls) == ((), ())
