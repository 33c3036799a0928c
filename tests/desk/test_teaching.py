"""What is put right at the desk is told to the next webinars, if the editor says so."""

import re

from starlette.testclient import TestClient

from digest.settings import Settings
from digest.store.files import write_atomically
from digest.store.workspace import Workspace
from tests.builders import an_event, spoken
from tests.desk.conftest import a_workspace
from tests.desk.test_changes import preview
from tests.desk.test_routes import DRAFT, send


def test_a_spelling_is_taught_and_taken_back(editor: TestClient, settings: Settings) -> None:
    """An acronym is told to the series unless one chooses otherwise, another word is not; Replace lists it."""
    a_workspace(settings, an_event().model_copy(update={"series": "Digital policy"}))
    assert '<option value="" selected>are not told' in editor.get(f"{DRAFT}replace?find=norm&put=rule").text
    page = editor.get(f"{DRAFT}replace?find=norm&put=NORM").text
    assert '<option value="series" selected>of “Digital policy” are told' in page
    chosen = dict(re.findall(r'name="(hit-\w+)" value="([^"]+)" checked', page))

    send(editor, "replace", page="replace", find="norm", put="NORM", teach="series", **chosen)

    page = editor.get(f"{DRAFT}replace").text
    assert "<strong>NORM</strong>, heard as norm" in page
    assert "The next webinars are told: NORM" in editor.get(f"{DRAFT}history").text
    send(editor, "undo", page="replace", thing="term NORM")
    assert "What the next webinars are told" not in editor.get(f"{DRAFT}replace").text
    assert "A NORM is an expectation." in preview(editor)


def test_what_the_list_puts_right_is_taught(editor: TestClient, workspace: Workspace) -> None:
    """To all webinars where this one belongs to no series; the words alone are not, where one chooses that."""
    heard = spoken((2, "Goodbye to ASEHA"), (30, "and to the sird"))
    unsure = {"ASEHA", "sird"}
    segments = tuple(
        segment.model_copy(
            update={
                "words": tuple(
                    w.model_copy(update={"probability": 0.2 if w.text in unsure else 0.99}) for w in segment.words
                )
            }
        )
        for segment in heard.segments
    )
    write_atomically(workspace.root / heard.FILE, heard.model_copy(update={"segments": segments}).canonical())
    for _ in unsure:
        page = editor.get(f"{DRAFT}check").text
        text, teach = ("ASEAN", "organisation") if ">ASEHA</textarea>" in page else ("CERT", "")
        assert '<option value="organisation" selected>' in page
        start, end = re.findall(r'name="(?:start|end)" value="([\d.]+)"', page)
        send(editor, "correct", page="check", start=start, end=end, text=text, teach=teach)

    page = editor.get(f"{DRAFT}replace").text
    assert "<strong>ASEAN</strong>, heard as ASEHA" in page
    assert "CERT" not in page
    assert "Nothing is left to check." in editor.get(f"{DRAFT}check").text
