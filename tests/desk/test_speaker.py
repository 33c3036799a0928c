"""A speaker's own page: what it shows and lets hear, what can be answered, who sees it, and what waits for it."""

import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from digest import editing
from digest.cli import main
from digest.desk import app
from digest.editing import consent, state
from digest.editing.speaker_links import KEY, link_path
from digest.errors import Held, NotAllowed
from digest.integrity import examine_webinar
from digest.messages import due_notices
from digest.model.artifact import Span
from digest.model.consent import ConsentLine, FineAsItIs, NotBefore, PleaseChange, PublishPart, RatherNot
from digest.model.doubt import AtSentence, Doubt
from digest.model.event import Event
from digest.model.speech import Speaker, Speakers, Turn
from digest.privacy.erasing import Erasure, erase
from digest.privacy.person import DataSubject
from digest.settings import Settings
from digest.store.files import write_atomically
from digest.store.queue import Queue
from digest.store.workspace import CONSENT, Workspace
from flows import dispatch
from tests.builders import an_event
from tests.desk.accounts import DESK, several
from tests.desk.conftest import HERE, SLUG, TOKEN, a_digest, a_workspace

OKAFOR, MARSH = "Daniel Okafor", "Lina Marsh"
NOW = datetime.now(UTC)
ANA: dict[str, Any] = {"by": "Ana Lind", "at": NOW}
MARSH_SAYS = "Nobody does and that is the honest answer"


def a_panel(settings: Settings, event: Event | None = None, **changed: Any) -> Workspace:
    """Return a draft in which Okafor speaks until second 38, and Marsh after him."""
    workspace = a_workspace(settings, event or an_event(), a_digest().model_copy(update=changed))
    voices = Speakers(
        speakers=(Speaker(id="s1", name=OKAFOR, known_by="editor"), Speaker(id="s2", name=MARSH, known_by="editor")),
        turns=(Turn(start=0, end=38, speaker="s1"), Turn(start=38, end=60, speaker="s2")),
    )
    write_atomically(workspace.root / Speakers.FILE, voices.canonical())
    return workspace


@pytest.fixture
def panel(settings: Settings) -> Workspace:
    """Return the draft of two speakers."""
    return a_panel(settings)


def visit(settings: Settings, **client: Any) -> TestClient:
    """Return a browser in which nobody has logged in."""
    return TestClient(app(settings, token=TOKEN), base_url=HERE, follow_redirects=False, **client)


def link(workspace: Workspace, name: str = OKAFOR, **changed: Any) -> str:
    """Return the path of a speaker's page, made by Ana."""
    return link_path(workspace, consent.ask_speaker(workspace, name, **(ANA | changed)))


def approve(workspace: Workspace) -> str:
    """Approve the draft as it stands and return its hash."""
    draft = editing.read_draft(workspace)
    assert draft
    return editing.approve(workspace, draft.edition.sha256(), **ANA).edition


def test_a_speaker_reads_and_hears_their_own(settings: Settings, panel: Workspace) -> None:
    """Their turns, and what quotes or names them, each with its sound; not what others said."""
    page = visit(settings).get(link(panel)).text

    for own in ("Good afternoon and welcome", "A norm is an expectation.", "A webinar on norms.", "Who checks?"):
        assert own in page
    for others in ("honest answer", "Nobody does."):
        assert others not in page
    assert "<script" not in page
    assert page.count("<audio") == page.count("clip?start=") > 3


def test_a_sentence_that_names_a_speaker_is_theirs_to_see(settings: Settings, panel: Workspace) -> None:
    """Also where somebody else says it, and so is a passage of the transcript in which another names them."""
    editing.reword(panel, "dd00000002", "Okafor said that nobody does.", **ANA, seen=0)
    passage = "Nobody does as Daniel Okafor says and that is the honest answer"
    editing.correct(panel, 38.5, 59, passage, **ANA, seen=1)

    page = visit(settings).get(link(panel)).text

    assert "Okafor said that nobody does." in page
    assert passage in page
    assert "Where others name you" in page


@pytest.mark.parametrize(
    "event", [an_event(publish_recording=False), an_event(chatham_house=True, publish_recording=False)]
)
def test_of_others_only_what_readers_get(settings: Settings, event: Event) -> None:
    """Where no recording is published a speaker reads and hears their own words, and nobody else's."""
    workspace = a_panel(settings, event)
    editing.reword(workspace, "dd00000002", "Okafor said that nobody does.", **ANA, seen=0)
    visitor, path = visit(settings), link(workspace)

    page = visitor.get(path).text

    assert "Good afternoon and welcome" in page
    assert "honest answer" not in page
    assert MARSH not in page
    assert "The recording is not published" in page
    heard = [tuple(map(float, times)) for times in re.findall(r"clip\?start=([\d.]+)&amp;end=([\d.]+)", page)]
    assert heard
    assert all(end <= 38 for _, end in heard)
    assert visitor.get(f"{path}clip?start=40&end=43.5").status_code == 404


def test_what_is_off_the_record_is_neither_read_nor_heard(settings: Settings) -> None:
    """Not by the one who said it either: the page shows what is to be published."""
    private = Doubt(place=Span(start=10, end=14), kind="off the record", probability=0.9, compare=("A norm",))
    workspace = a_panel(settings, doubts=(private,))
    page = visit(settings).get(link(workspace)).text

    assert "Good afternoon" in page
    assert "A norm is not a law" not in page
    heard = [tuple(map(float, times)) for times in re.findall(r"clip\?start=([\d.]+)&amp;end=([\d.]+)", page)]
    assert all(end <= 10 or start >= 14 for start, end in heard)


def test_a_sound_is_given_in_parts_and_nothing_else_is(settings: Settings, panel: Workspace) -> None:
    """Telephones ask for a part of it first; a second more than the page offers is not there."""
    visitor, path = visit(settings), link(panel)
    offered = re.findall(r"(clip\?start=([\d.]+)&amp;end=([\d.]+))", visitor.get(path).text)
    start, end = offered[0][1:]
    whole = visitor.get(f"{path}clip?start={start}&end={end}")

    part = visitor.get(f"{path}clip?start={start}&end={end}", headers={"Range": "bytes=0-1"})
    beyond = visitor.get(f"{path}clip?start={start}&end={end}", headers={"Range": f"bytes={len(whole.content)}-"})

    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    assert (part.status_code, part.content) == (206, whole.content[:2])
    assert part.headers["content-range"] == f"bytes 0-1/{len(whole.content)}"
    assert beyond.status_code == 416
    for query in (f"start={start}&end={float(end) + 1}", "start=40&end=43.5", "start=nan&end=1", "start=1", ""):
        assert visitor.get(f"{path}clip?{query}").status_code == 404, query


ANSWERS = [
    ({"do": "fine"}, FineAsItIs(name=OKAFOR)),
    ({"do": "part", "from": "0:05", "to": "0:30"}, PublishPart(name=OKAFOR, start=5, end=30)),
    ({"do": "rather not", "text": " It was a bad day. "}, RatherNot(name=OKAFOR, text="It was a bad day.")),
    (
        {"do": "change", "key": "bb00000001", "text": "A norm is what we expect."},
        PleaseChange(
            name=OKAFOR,
            place=AtSentence(sentence="bb00000001"),
            was="A norm is an expectation.",
            text="A norm is what we expect.",
        ),
    ),
]


@pytest.mark.parametrize(("sent", "said"), ANSWERS, ids=[one["do"] for one, _ in ANSWERS])
def test_an_answer_is_kept_and_the_approver_sees_it(
    settings: Settings, panel: Workspace, editor: TestClient, sent: dict[str, str], said: object
) -> None:
    """As a chained line under the speaker's name; what asks for something is weighed before anybody approves."""
    visitor, path = visit(settings), link(panel)

    assert visitor.post(path, data=sent).status_code == 303

    line = panel.consent()[-1]
    assert (line.by, line.said) == (OKAFOR, said)
    assert line.before
    assert "Your answer so far" in visitor.get(path).text
    assert "has answered" in editor.get(f"/drafts/{SLUG}/speakers").text
    if isinstance(said, FineAsItIs):
        approve(panel)
        assert "fine as it is" in editor.get(f"/drafts/{SLUG}/").text
        return
    with pytest.raises(NotAllowed, match="has answered"):
        approve(panel)
    assert "Weigh the answer first" in editor.get(f"/drafts/{SLUG}/").text
    assert "1 answer of speakers to be seen to" in editor.get("/").text
    press(editor, "weigh", thread=str(line.number), text="We spoke by telephone.")
    approve(panel)
    assert "We spoke by telephone." in editor.get(f"/drafts/{SLUG}/").text


def press(editor: TestClient, act: str, **fields: str) -> None:
    """Send a form of the desk's page of speakers."""
    found = re.search(r'name="proof" value="([^"]+)"', editor.get(f"/drafts/{SLUG}/speakers").text)
    assert found
    answer = editor.post(f"/drafts/{SLUG}/{act}", data={"proof": found[1], "page": "speakers"} | fields)
    assert answer.status_code == 303, answer.text


def test_the_last_answer_counts(settings: Settings, panel: Workspace) -> None:
    """Of the whole; a part and a day stand together, and a wish for a sentence until it is taken back."""
    visitor, path, day = visit(settings), link(panel), (NOW + timedelta(days=30)).date().isoformat()
    sent = [
        {"do": "rather not"},
        {"do": "change", "key": "bb00000001", "text": "Another."},
        {"do": "fine"},
        {"do": "part", "from": "0:05"},
        {"do": "not before", "day": day},
    ]
    for fields in sent:
        assert visitor.post(path, data=fields).status_code == 303, fields
    kinds = [one.said.do for one in consent.answers_in_force(panel.consent(), OKAFOR)]
    visitor.post(path, data={"do": "change", "key": "bb00000001", "text": ""})
    visitor.post(path, data={"do": "fine"})

    assert kinds == ["change", "part", "not before"]
    assert [one.said.do for one in consent.answers_in_force(panel.consent(), OKAFOR)] == ["fine"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"do": ""}, "choose one"),
        ({"do": "part", "from": "soon"}, "like 12:34"),
        ({"do": "part"}, "like 12:34"),
        ({"do": "part", "from": "0:40", "to": "0:20"}, "like 12:34"),
        ({"do": "part", "from": "0:00", "to": "99:00"}, "like 12:34"),
        ({"do": "not before", "day": "yesterday"}, "a day after today"),
        ({"do": "not before", "day": "2016-01-01"}, "a day after today"),
        ({"do": "not before", "day": "9999-12-31"}, "a day after today"),
        ({"do": "change", "key": "dd00000002", "text": "Not mine to change."}, "changed meanwhile"),
        ({"do": "change", "key": "bb00000001", "text": "A norm is an expectation."}, "stand there already"),
        ({"do": "rather not", "text": "x" * 30_000}, "more text than fits"),
    ],
)
def test_what_makes_no_sense_is_said_beside_what_was_typed(
    settings: Settings, panel: Workspace, sent: dict[str, str], words: str
) -> None:
    """In words for somebody who is no editor; nothing is written, and nothing typed is lost."""
    visitor, path = visit(settings), link(panel)

    answer = visitor.post(path, data=sent)

    assert answer.status_code == 422
    assert words in answer.text
    assert len(panel.consent()) == 1
    assert sent.get("text", "")[:40] in answer.text


def test_approval_waits_for_everybody_who_is_asked(settings: Settings, editor: TestClient) -> None:
    """Where event.toml says so: each has answered, or an approver said why nobody waits."""
    workspace = a_panel(settings, an_event(consent="asked"))

    with pytest.raises(NotAllowed, match=f"{OKAFOR}, {MARSH}"):
        approve(workspace)
    assert "Not answered yet" in editor.get(f"/drafts/{SLUG}/").text
    visit(settings).post(link(workspace), data={"do": "fine"})
    with pytest.raises(NotAllowed, match=f"yet: {MARSH}"):
        approve(workspace)
    press(editor, "waive", name=MARSH, text="Agreed on the telephone.")

    approve(workspace)
    assert "Agreed on the telephone." in editor.get(f"/drafts/{SLUG}/").text


def test_nothing_waits_where_nobody_is_asked(panel: Workspace) -> None:
    """Without consent = "asked" a link that nobody answered holds nothing up."""
    link(panel)

    assert approve(panel)


def test_what_is_not_before_a_day_is_not_before_it(settings: Settings, panel: Workspace) -> None:
    """Approved it may be; it is recorded as published on the day in the event's zone, and not a second before."""
    visitor, path, day = visit(settings), link(panel), (NOW + timedelta(days=3)).date()
    visitor.post(path, data={"do": "not before", "day": day.isoformat()})
    said = panel.consent()[-1].said
    assert isinstance(said, NotBefore)

    sha256 = approve(panel)

    assert (said.until.date(), said.until.hour, str(said.until.utcoffset())) == (day, 0, "1:00:00")
    with pytest.raises(Held, match=f"not published before {day:%-d %B %Y}") as held:
        editing.mark_published(panel, sha256, by="Ana Lind", at=said.until - timedelta(seconds=1))
    assert held.value.until == said.until
    assert editing.mark_published(panel, sha256, by="Ana Lind", at=said.until).kind == "published"


def test_an_answer_after_approval_holds_until_somebody_weighs_it(settings: Settings, panel: Workspace) -> None:
    """Who would rather not is heard also in the minutes, or days, before it goes out."""
    path, sha256 = link(panel), approve(panel)
    visit(settings).post(path, data={"do": "rather not"})

    with pytest.raises(Held, match="nobody has seen to it"):
        editing.mark_published(panel, sha256, by="Ana Lind", at=NOW)
    consent.weigh(panel, panel.consent()[-1].number, "We talked: it may go out.", **ANA)

    assert editing.mark_published(panel, sha256, by="Ana Lind", at=NOW).kind == "published"


def test_the_secret_is_in_no_log_no_journal_and_no_referrer(
    settings: Settings, panel: Workspace, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What opens the page stands in the mail alone; the key that signs is for its user's eyes."""
    path = link(panel)
    secret, visitor = path.split("/")[3].partition("-")[2], visit(settings)
    with caplog.at_level(logging.DEBUG):
        page = visitor.get(path)
        visitor.get(path, headers={"Host": "evil.example.org"})
        visitor.post(path, data={"do": "fine"}, headers={"Origin": "https://evil.example.org"})
        visitor.get(path.replace("1-", "2-"))
        monkeypatch.setattr("digest.desk.speaker.answers_in_force", None)
        broken = visitor.get(path)
        journal = (panel.root / CONSENT).read_bytes()
        (panel.root / CONSENT).write_bytes(b"{}\n")
        damaged = visitor.get(path)

    assert [one.status_code for one in (broken, damaged)] == [500, 503]
    assert all("cannot be shown just now" in one.text and "backup" not in one.text for one in (broken, damaged))
    kept = "".join(one.read_text() for one in (settings.state / "crashes").iterdir())
    assert "TypeError" in kept
    logged = "".join(one.getMessage() for one in caplog.records if one.name.startswith("digest"))
    assert "refused" in logged
    assert secret not in logged + kept
    assert secret.encode() not in journal
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert 'name="referrer" content="no-referrer"' in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "no-store"
    assert (settings.workspaces / KEY).stat().st_mode & 0o777 == 0o600


def test_a_form_of_another_site_answers_for_nobody(settings: Settings, panel: Workspace) -> None:
    """A browser that keeps the origin to itself, as it is told to, is let through; one that names another is not."""
    visitor, path = visit(settings), link(panel)

    hidden = visitor.post(path, data={"do": "fine"}, headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"})
    other = visitor.post(path, data={"do": "fine"}, headers={"Origin": "null", "Sec-Fetch-Site": "cross-site"})
    desk = visitor.post("/enter", data={"token": TOKEN, "name": "Eve"}, headers={"Origin": "null"})

    assert [one.status_code for one in (hidden, other, desk)] == [303, 403, 403]


def test_a_proxy_may_let_speakers_ask_without_naming_them(settings: Settings) -> None:
    """Their page and its styles, from the proxy alone; the rest of the desk stays shut for whoever is not named."""
    named = several(settings, login="proxy", proxy_header="X-User", proxy_addresses=("10.1.2.3",))
    path = link(a_panel(named))
    by_proxy, past_it = (
        TestClient(app(named), base_url=DESK, follow_redirects=False, client=(host, 50_000))
        for host in ("10.1.2.3", "10.9.9.9")
    )

    assert [by_proxy.get(one).status_code for one in (path, "/static/speaker.css", "/")] == [200, 200, 403]
    assert past_it.get(path).status_code == 403


def test_a_line_that_was_changed_shows(settings: Settings, panel: Workspace) -> None:
    """`digest verify` follows the chain of what speakers answered, too."""
    visitor, path = visit(settings), link(panel)
    for text in ("first", "second"):
        visitor.post(path, data={"do": "rather not", "text": text})
    assert not any(CONSENT in fault for fault in examine_webinar(panel, settings.public).faults)
    file = panel.root / CONSENT
    file.write_bytes(file.read_bytes().replace(b'"first"', b'"worst"'))

    assert any(CONSENT in fault for fault in examine_webinar(panel, settings.public).faults)


def test_the_desk_has_the_words_of_the_mail(settings: Settings, panel: Workspace, editor: TestClient) -> None:
    """Who makes a link finds it with a mail to copy; who takes it back finds neither."""
    press(editor, "ask_speaker", name=OKAFOR)
    path = link_path(panel, panel.consent()[-1])
    page = editor.get(f"/drafts/{SLUG}/speakers").text
    press(editor, "end_link", thread="1")

    assert f"{HERE}{path}" in page
    assert f"Dear {OKAFOR}," in page
    assert "mailto:?subject=" in page
    assert path not in editor.get(f"/drafts/{SLUG}/speakers").text
    assert visit(settings).get(path).status_code == 403


def test_the_dispatcher_waits_until_the_day_and_says_why(settings: Settings, panel: Workspace) -> None:
    """Nothing of it is on the site meanwhile, and a button that tries again changes nothing about that."""
    visitor, path, day = visit(settings), link(panel), (NOW + timedelta(days=3)).date()
    visitor.post(path, data={"do": "not before", "day": day.isoformat()})
    queue = Queue(settings)
    row = queue.ask("publish", slug=SLUG, edition=approve(panel), by="Ana Lind")

    for _ in range(2):
        dispatch.work(row, queue, settings)
        waiting = queue.row(row)
        assert (waiting.state, waiting.setbacks) == ("waiting", 0)
        assert waiting.not_before
        assert waiting.not_before.astimezone(ZoneInfo("Europe/Zurich")).date() == day
        assert f"{OKAFOR} asked that it is not published before" in (waiting.said or "")
        queue.hasten(row.id)
    assert state(panel.decisions()) == "approved"
    assert not list(settings.public.rglob("*.html"))


def test_editors_are_told_of_an_answer_once_a_day(settings: Settings, panel: Workspace) -> None:
    """By the ways of all other notices, with the desk's address and never with the link."""
    visitor, path = visit(settings), link(panel)
    for text in ("first", "second"):
        visitor.post(path, data={"do": "rather not", "text": text})

    told = list(due_notices(Queue(settings), settings, datetime.now(UTC)))

    assert {(one.key, one.subject) for one in told} == {
        (f"answered {SLUG} {panel.consent()[-1].at.date()} {OKAFOR}", f"{OKAFOR} has answered: Cyber norms")
    }
    assert all(one.text.endswith(f"/drafts/{SLUG}/speakers") and "/speaker/" not in one.text for one in told)


def test_the_command_line_makes_lists_and_ends_links(
    settings: Settings, panel: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the desk does, for whoever works in a terminal."""
    monkeypatch.setenv("DIGEST_WORKSPACES", str(settings.workspaces))

    def verb(*tokens: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(("speakers", *tokens))
        assert not ended.value.code
        return capsys.readouterr().out

    mail = verb("ask", SLUG, OKAFOR, "--by", "Ana Lind")
    found = re.search(r"http://127\.0\.0\.1:8460(/speaker/\S+)", mail)
    assert found
    assert visit(settings).get(found[1]).status_code == 200
    assert re.search(rf"{OKAFOR} +open", verb("list", SLUG))
    verb("end", SLUG, OKAFOR, "--by", "Ana Lind")
    assert visit(settings).get(found[1]).status_code == 403
    assert re.search(rf"{OKAFOR} +ended", verb("list", SLUG))


def test_who_is_erased_leaves_lines_that_can_be_read(settings: Settings, panel: Workspace) -> None:
    """Neither the name nor what they wished stays, and what others answered does."""
    visitor, path, day = visit(settings), link(panel), (NOW + timedelta(days=3)).date().isoformat()
    sent = ({"do": "part", "from": "0:05"}, {"do": "not before", "day": day}, ANSWERS[3][0], {"do": "rather not"})
    for fields in sent:
        assert visitor.post(path, data=fields).status_code == 303
    stretch = (Span(start=0, end=38),)
    gone = Erasure(DataSubject(OKAFOR), stretches=stretch, sentences=frozenset({"bb00000001"}), is_quiet=True)

    left = [ConsentLine.model_validate(erase(one.model_dump(mode="json"), gone)) for one in panel.consent()]

    assert [one.said.do for one in left] == ["ask", "part", "not before", "change", "rather not"]
    assert not any("Okafor" in one.model_dump_json() or "expect" in one.model_dump_json() for one in left)
