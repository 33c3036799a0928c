"""Five editors at one draft over a bad line: what was acknowledged stands, nobody overwrites what they did not see.

Answers are lost and the form sent again, forms arrive twice or late, sessions end, the disk is full now and then.
"""

import errno
import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.testclient import TestClient

from digest import editing
from digest.desk import app
from digest.model.overlay import Revision
from digest.settings import Settings
from digest.store.workspace import Workspace
from tests.archives import a_webinar
from tests.desk.conftest import HERE, TOKEN
from tests.desk.test_routes import DRAFT, hidden
from tests.editing.scripts import Edit, choose

STALE = 5  # saves after which an editor looks again
IN_PLACE = {"accept": "application/json"}

# How an edit of tests/editing/scripts.py is sent: which form, with which fields.
FORMS: dict[Callable[..., Revision], Callable[..., tuple[str, dict[str, Any]]]] = {
    editing.reword: lambda of, text: ("sentence", {"do": "save", "sentence": of, "text": text}),
    editing.strike: lambda of: ("sentence", {"do": "strike", "sentence": of}),
    editing.correct: lambda start, end, text: ("correct", {"start": start, "end": end, "text": text}),
    editing.name_speaker: lambda voice, name: ("speaker", {"speaker": voice, "name": name}),
    editing.set_chapter: lambda key, start, title: ("chapter", {"chapter": key, "start": start, "title": title}),
    editing.set_slide: lambda key, start, slide: ("slide", {"interval": key, "start": start, "slide": slide}),
    editing.add: lambda section, text, evidence: (
        "add", {"section": section, "text": text, "start": evidence[0].start, "end": evidence[0].end},
    ),
    editing.answer: lambda of, spans: (
        "answer", {"sentence": of, "do": "spans", "start": spans[0].start, "end": spans[0].end},
    ),
    editing.confirm: lambda name, value: ("confirm", {"field": name, "value": value}),
}  # fmt: skip


@dataclass
class Editor:
    """Somebody at a desk of their own, with the page that they looked at last."""

    name: str
    settings: Settings
    workspace: Workspace
    acknowledged: list[tuple[tuple[Revision, ...], int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.enter()

    def enter(self) -> None:
        """Open a new session, and look."""
        self.desk = TestClient(app(self.settings, token=TOKEN), base_url=HERE, follow_redirects=False)
        self.desk.post("/enter", data={"token": TOKEN, "name": self.name})
        self.look()

    def look(self) -> None:
        """Load the page."""
        draft = editing.read_draft(self.workspace)
        assert draft
        self.draft, self.form = draft, hidden(self.desk)

    def send(self, edit: Edit) -> int:
        """Send an edit as it was made from the page looked at last; return what the desk answers."""
        verb, given = edit
        act, fields = FORMS[verb](*given)
        data = self.form | {name: str(value) for name, value in fields.items()}
        before = self.workspace.overlay().revisions
        answer = self.desk.post(f"{DRAFT}{act}", data=data, headers=IN_PLACE)
        if answer.status_code == 200:
            written = self.workspace.overlay().revisions[len(before) :]
            assert all(one.by == self.name for one in written)
            self.acknowledged.append((written, int(self.form["revision"])))
        else:
            assert self.workspace.overlay().revisions == before, "refused, and written all the same"
        return int(answer.status_code)


def full_disk(*_: object) -> None:
    """Refuse to write, as a full disk does."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("count", [200, pytest.param(2000, marks=pytest.mark.long)])
def test_nothing_acknowledged_is_lost_on_a_bad_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Every save that was answered with yes stands in the file as it was sent; none was made over an unseen one."""
    workspace, chance = a_webinar(settings, "cyber-norms"), random.Random(5)  # noqa: S311
    editors = [Editor(f"Editor {number}", settings, workspace) for number in range(5)]
    late, answers = list[tuple[Editor, Edit, dict[str, str]]](), Counter[tuple[str, int]]()
    sent = 0
    while sent < count:
        editor = chance.choice(editors)
        if sent % STALE == 0:
            editor.look()
        edit = choose(editor.draft, chance)
        if edit[0] not in FORMS:
            continue
        sent += 1
        trouble = chance.choices(["none", "lost", "twice", "late", "expired", "full"], [60, 10, 10, 10, 5, 5])[0]
        match trouble:
            case "late":  # it is sent, and overtaken by others
                late.append((editor, edit, editor.form))
                continue
            case "expired":
                editor.desk.cookies.clear()
                assert editor.send(edit) in (401, 403)
                editor.enter()
            case "full":
                with monkeypatch.context() as patch:
                    patch.setattr(os, "fsync", full_disk)
                    assert editor.send(edit) >= 400
            case "lost" | "twice":  # the browser sends again what it has no answer to
                editor.send(edit)
        answers[trouble, editor.send(edit)] += 1
        if late and chance.random() < 0.3:
            other, overtaken, form = late.pop(0)
            now, other.form = other.form, form | {"proof": other.form["proof"]}
            answers["late", other.send(overtaken)] += 1
            other.form = now

    kept = workspace.overlay().revisions
    acknowledged = [(one, seen) for editor in editors for some, seen in editor.acknowledged for one in some]
    assert [one.number for one in kept] == list(range(1, len(kept) + 1))
    assert sorted(one.number for one, _ in acknowledged) == [one.number for one in kept]
    assert all(kept[one.number - 1] == one for one, _ in acknowledged)
    for one, seen in acknowledged:
        unseen = {other.change.thing for other in kept[seen : one.number - 1] if other.group != one.group}
        assert one.change.thing not in unseen, "overwritten unseen"
    assert {status for _, status in answers} == {200, 409, 412}
    assert sum(n for (_, status), n in answers.items() if status == 200) > count / 2
    assert editing.read_draft(workspace)
