"""What nobody meant for readers is planted in a real drop, and looked for in all of the published site."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pptx import Presentation

from digest import editing, intake
from digest.desk import overview
from digest.editing import agenda, open_draft
from digest.model.speech import Speaker, Speakers, Turn
from digest.pipeline import run_stages
from digest.privacy import public_edition
from digest.settings import WritingSettings
from digest.site import build
from digest.store.stages import make, take_into_workspace
from digest.store.workspace import Workspace
from tests.builders import spoken
from tests.editing.builders import saved
from tests.flows.conftest import Project, a_project
from tests.media.recordings import made, pictures

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

EVENT = """
title = "[Webinar] Harbour cranes"
date = 2026-05-05T14:00:00
timezone = "Europe/Zurich"
language = "en"
join_url = "https://zoom.us/j/81230001111?pwd=JOINSECRET1"
registration_url = "https://us02web.zoom.us/j/9000REGISTERSECRET31"
description = '''
Join at https://zoom.us/j/81230001111?pwd=JOINSECRET1 or us02web.zoom.us/j/81230001111?pwd=JOINSECRET2 from two o'clock.
Passcode: PASSSECRET3. Meeting ID: 812 3000 1112. Our own way in: https://live.example.org/room?token=TOKENSECRET4.
Write to desk.secret5@example.org or ring +41 22 555 01 66. [Mail us](mailto:mail.secret7@example.org).
Register at https://zoom.us/webinar/register/WN_openforall.
'''

[[speakers]]
name = "Ana Lind"
role = "Harbour master"
url = "https://meet.google.com/SPEAKERSECRET32"

[[organisers]]
name = "Harbour office"
url = "https://teams.microsoft.com/l/meetup-join/OFFICESECRET33"

[[also_of_interest]]
title = "The next one, ask next.secret8@example.org"
url = "https://teams.microsoft.com/l/meetup-join/TEAMSSECRET9"
"""
CHAT = """14:00:01\t From Wanda Secretova to Everyone:
\tI am Wanda and DAMAGING-SECRET11 of the old cranes is at https://harbour.example.org/cranes so look
14:00:02\t From Wanda Secretova to Ana Lind(Direct Message):
\tDIRECTSECRET12
14:00:03\t From Ben Secretly to Everyone:
\tmine is ben.secret14@example.org or 079 555 01 77 and https://zoom.us/j/999?pwd=CHATSECRET15
"""
QUESTIONS = """Question Report
Report Generated:,2026-05-05
Topic,Webinar ID,# Question
Harbour cranes,123 456 789,3
#,Question,Asker Name,Asker Email,Answer(s)
1,How many cranes did the harbour buy? Call 022 555 01 88,Wanda Secretova,wanda.secret16@example.org,Nine.
2,Who paid for the cranes of the harbour?,Karl Secretsen,karl.secret18@example.org,The town did.
"""
SAID = (
    (0.0, "Good afternoon and welcome to this webinar about the harbour and its nine new cranes."),
    (8.0, "Our first question comes from Marta Secretini. Marta, go ahead, please."),
    (14.0, "Thank you. How many cranes did the harbour buy, and what did they cost?"),
    (22.0, "Thank you, Marta. You reach me at ana.secret20@example.org or at 022 555 01 99."),
    (30.0, "And Karl Secretsen asks in the chat who paid for them."),
    (38.0, "The crews of the harbour had never seen such cranes before they came."),
    (48.0, "A crane moves forty containers in an hour, and the old ones moved twelve."),
    (60.0, "The crews were trained for six weeks before the first ship came in."),
    (66.0, "New crews came in spring and in summer too."),
    (72.0, "Off the record, the gargoyle contract was rotten secret23 and cost a fortune."),
    (84.0, "Back on the record."),
    (90.0, "The harbour will lend two cranes to the river port from the spring on."),
    (97.0, "The passcode is 4711secret21 and the room is https://zoom.us/j/555?pwd=SAIDSECRET22 as ever."),
)
ASKED = (13.5, 21.0)  # seconds in which somebody of the audience speaks
SECONDS = 110
SECRETS = (
    *("JOINSECRET1", "JOINSECRET2", "PASSSECRET3", "812 3000 1112", "81230001111", "TOKENSECRET4", "secret5"),
    *("555 01 66", "5550166", "secret7", "secret8", "TEAMSSECRET9", "Secretova", "Wanda", "SECRET11", "DIRECTSECRET12"),
    *("Secretly", "secret14", "555 01 77", "CHATSECRET15", "secret16", "555 01 88", "Secretsen", "Karl", "secret18"),
    *("Secretini", "Marta", "secret20", "555 01 99", "secret21", "SAIDSECRET22", "secret23", "gargoyle"),
    *("HIDDENSECRET24", "NOTESECRET25", "AUTHORSECRET28", "TITLESECRET29", "COMMENTSECRET30"),
    *("REGISTERSECRET31", "SPEAKERSECRET32", "OFFICESECRET33"),
)
SHOWN_IN_PICTURES = ("slide.secret26", "555 01 55")  # masked in text, and an editor is told


def a_deck(path: Path) -> None:
    """Write a presentation of two slides to see, one of them with an address, and a hidden one; all with notes."""
    deck = Presentation()
    deck.core_properties.author = "AUTHORSECRET28"
    for title, body in (
        ("Cranes of the harbour", "Nine new cranes"),
        ("Contact", "slide.secret26@example.org, +41 22 555 01 55"),
        ("HIDDENSECRET24", "What the cranes cost"),
    ):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text_frame.text = title, body
        slide.notes_slide.notes_text_frame.text = "NOTESECRET25"
    deck.slides[2]._element.set("show", "0")
    deck.save(str(path))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a published webinar whose drop was full of what is not for readers; only what was heard is made up."""
    project = a_project(tmp_path_factory.mktemp("planted"))
    project.drop.mkdir()
    sound = ("-f", "lavfi", "-i", f"sine=frequency=440:sample_rate=48000:duration={SECONDS}", "-c:a", "aac")
    tags = ("-metadata", "title=TITLESECRET29", "-metadata", "comment=COMMENTSECRET30")
    made(project.drop / "recording.mp4", *pictures(SECONDS, size="64x36"), *sound, *tags)
    a_deck(project.drop / "slides.pptx")
    for name, text in (("event.toml", EVENT), ("chat.txt", CHAT), ("qa_report.csv", QUESTIONS)):
        (project.drop / name).write_text(text, encoding="utf-8")
    settings = project.settings.model_copy(update={"writing": WritingSettings(share=0.9)})
    workspace, drop = take_into_workspace(intake.take_in, intake.look(project.drop), settings.workspaces)
    heard = {
        "transcribe": spoken(*SAID),
        "diarize": Speakers(
            speakers=(Speaker(id="s1", name="Ana Lind", known_by="introduction"), Speaker(id="s2")),
            turns=(
                Turn(start=0, end=ASKED[0], speaker="s1"),
                Turn(start=ASKED[0], end=ASKED[1], speaker="s2"),
                Turn(start=ASKED[1], end=SECONDS, speaker="s1"),
            ),
        ),
    }

    def run(stage: Callable[..., Any], *inputs: Any) -> Any:
        return heard.get(stage.__name__) or make(workspace, stage, *inputs)

    publish(project, saved(run_stages(workspace, drop, settings, run), workspace.root))
    return project


def publish(project: Project, workspace: Workspace) -> None:
    """Approve and publish the draft as it is."""
    artifacts = workspace.artifacts()
    assert artifacts
    sha256 = editing.revise(artifacts, workspace.overlay()).sha256()
    editing.approve(workspace, sha256, by="Ada", at=NOON)
    build(project.settings, workspace.slug, NOON)
    editing.mark_published(workspace, sha256, by="Ada", at=NOON)


def texts_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield all files of a folder as text: as they lie there, and what is packed in zip files and PDFs."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            yield path.name, content.decode("utf-8", "replace")
            yield path.name, content.decode("utf-16-le", "replace")
            if path.suffix == ".json":
                yield path.name, json.dumps(json.loads(content), ensure_ascii=False)
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    yield from (
                        (path.name, archive.read(name).decode("utf-8", "replace")) for name in archive.namelist()
                    )
            if content.startswith(b"%PDF"):
                document = pypdf.PdfReader(io.BytesIO(content))
                yield path.name, "\n".join([str(document.metadata), *(page.extract_text() for page in document.pages)])


def test_nothing_planted_is_on_the_site_or_in_what_is_made_of_it(planted: Project) -> None:
    """Pages, feeds, captions, transcript, slides and files to take away: none holds a word of it."""
    made = planted.workspace.root / "made"
    everything = [*texts_in(planted.settings.public), *texts_in(made)]

    found = {(name, secret) for name, text in everything for secret in SECRETS if secret.lower() in text.lower()}

    assert not found
    assert "Nine new cranes" in "".join(text for _, text in everything)
    assert "WN_openforall" in "".join(text for _, text in everything)


def test_what_is_said_stays_readable(planted: Project) -> None:
    """A mask stands for the name and the number, and nothing around them is lost."""
    (transcript,) = planted.settings.public.rglob("transcript-*.txt")
    said = " ".join(transcript.read_text(encoding="utf-8").split())

    assert "Our first question comes from […]. […], go ahead, please." in said
    assert "And […] asks in the chat who paid for them." in said
    assert "Thank you, […]. You reach me at […] or at […]." in said
    assert "The passcode is […] and the room is […] as ever." in said


def test_a_link_of_the_chat_is_called_by_its_address(planted: Project) -> None:
    """What somebody typed around it is theirs."""
    draft = planted.workspace.artifacts()

    assert draft
    assert [(one.url, one.sentence.text) for one in draft.digest.resources] == [
        ("https://harbour.example.org/cranes", "harbour.example.org/cranes")
    ]


def test_an_editor_reads_where_something_remains_before_approving(planted: Project) -> None:
    """Each name of the audience is a doubt with its second; what slides show stands there with their numbers."""
    opened = open_draft(planted.workspace)
    assert opened

    named = {doubt.compare[1] for doubt in agenda.open_doubts(opened) if doubt.kind == "audience"}
    shown = [(one, [slide.number for slide in slides]) for one, slides in overview.shown_by_slides(opened)]

    assert {"Marta Secretini", "Marta", "Karl Secretsen"} <= named
    assert shown == [("+41 22 555 01 55", [2]), ("slide.secret26@example.org", [2])]
    pictured = [name for name, text in texts_in(planted.settings.public) if SHOWN_IN_PICTURES[0] in text]
    assert {Path(name).suffix for name in pictured} == {".pdf"}


def test_one_press_keeps_what_a_slide_shows_from_readers(planted: Project) -> None:
    """The slide is set as text, and neither the PDF nor the presentation as it was dropped is there to take away."""
    opened = open_draft(planted.workspace)
    assert opened
    whole = opened.edition.model_copy(update={"original_deck": opened.edition.slides_pdf})

    public = public_edition(whole.model_copy(update={"masked": ("slide.secret26@example.org",)}))

    assert [slide.image is None for slide in public.slides] == [False, True]
    assert public.slides_pdf is public.original_deck is None
    assert "Contact" in public.model_dump_json()
    assert "secret26" not in public.model_dump_json()
