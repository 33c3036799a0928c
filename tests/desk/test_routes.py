"""What editors do at the desk."""

import io
import re
import shutil
import wave
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from digest import editing
from digest.model.artifact import Span
from digest.model.companions import Companions, ReadFile
from digest.model.deck import Deck
from digest.model.digest import Digest, LeftOut, Sentence
from digest.model.doubt import AtSentence, Doubt
from digest.model.drop import Ignored
from digest.model.evidence import Announced, Heard
from digest.settings import Settings
from digest.store.files import write_atomically
from digest.store.queue import Queue
from digest.store.workspace import Workspace
from tests.builders import a_deck, an_event, spoken
from tests.desk.conftest import SLUG, a_digest, a_workspace

CHECK = "/drafts/cyber-norms/check"
DRAFT = f"/drafts/{SLUG}/"


def send(desk: TestClient, form: str, /, **fields: str) -> str:
    """Fill in a form of the draft's page and send it; return where the answer leads."""
    answer = desk.post(f"{DRAFT}{form}", data=hidden(desk) | fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def opened(desk: TestClient, sentence: str) -> str:
    """Return the draft's page with a sentence open."""
    return str(desk.get(f"{DRAFT}?open={sentence}").text)


def hidden(desk: TestClient) -> dict[str, str]:
    """Return the hidden fields that the draft's forms carry."""
    page = desk.get(DRAFT).text
    return {
        name: found.group(1)
        for name in ("proof", "revision", "edition")
        if (found := re.search(rf'name="{name}" value="([^"]*)"', page))
    }


def test_the_list_shows_a_draft_and_what_is_left(editor: TestClient, workspace: Workspace) -> None:
    """An editor sees each webinar with its state, its date and what is still to do."""
    page = editor.get("/").text

    assert 'href="/drafts/cyber-norms/"' in page
    assert "Cyber norms" in page
    assert "draft" in page
    assert "Name 1 voice" in page


def test_an_editor_reads_what_the_stages_remarked(editor: TestClient, workspace: Workspace) -> None:
    """What was seen while a draft was made is not only in the terminal of whoever made it."""
    deck = workspace.load(Deck)
    assert deck
    remarked = deck.model_copy(update={"remarks": ("2 of 7 pages hold no text that can be read.",)})
    write_atomically(workspace.root / Deck.FILE, remarked.canonical())

    assert "2 of 7 pages hold no text" in editor.get(DRAFT).text


def test_an_editor_reads_what_lay_beside_the_recording(editor: TestClient, workspace: Workspace) -> None:
    """What was read of the platform's files, and what was left aside and why, stands with the draft."""
    left = Companions(
        read=(ReadFile(name="chat.txt", found="9 messages"),), ignored=(Ignored(name="notes.txt", why="It is empty."),)
    )
    write_atomically(workspace.root / Companions.FILE, left.canonical())

    page = editor.get(DRAFT).text

    assert "Read beside the recording: chat.txt (9 messages)." in page
    assert "notes.txt was not used: It is empty." in page


def test_a_damaged_webinar_stands_beside_the_others(
    settings: Settings, editor: TestClient, workspace: Workspace
) -> None:
    """One file that somebody broke is named in the list, and does not take the list away."""
    other = shutil.copytree(workspace.root, settings.workspaces / "gender")
    (other / "decisions.jsonl").write_bytes(b"<<<<<<< conflict\n")

    page = editor.get("/").text

    assert "Line 1 of this file of the webinar “gender” is damaged" in page
    assert 'href="/drafts/cyber-norms/"' in page


def test_an_editor_reads_the_comments_in_the_deck(editor: TestClient, workspace: Workspace) -> None:
    """Those of hidden slides too; readers see none, in the preview neither."""
    deck = workspace.load(Deck)
    assert deck
    first, second = deck.slides
    hidden = second.model_copy(update={"hidden": True, "comments": ("Not before <June>",)})
    commented = deck.model_copy(update={"slides": (first.model_copy(update={"comments": ("Who drew this?",)}), hidden)})
    write_atomically(workspace.root / Deck.FILE, commented.canonical())

    page, preview = editor.get(DRAFT).text, editor.get(f"{DRAFT}preview/").text

    assert "<dt>Slide 1: Welcome</dt>" in page
    assert "<dd>Who drew this?</dd>" in page
    assert "<dt>Slide 2: Norms of restraint (hidden)</dt>" in page
    assert "<dd>Not before &lt;June&gt;</dd>" in page
    assert "Who drew this?" not in preview
    assert "June" not in preview


def test_an_editor_reads_which_names_become_roles(editor: TestClient, settings: Settings) -> None:
    """Under the Chatham House rule the names that are replaced are listed, for others are not known."""
    a_workspace(settings, event=an_event(chatham_house=True))

    assert "Roles stand for these names wherever they are written: Daniel Okafor." in editor.get(DRAFT).text


def test_an_editor_reads_what_was_announced(editor: TestClient, workspace: Workspace) -> None:
    """What rests on the announcement stands beside its words."""
    brief = Sentence(id="ee00000001", text="Ana spoke.", evidence=(Announced(field="speakers"),))
    digest = a_digest().model_copy(update={"in_brief": (brief,)})
    write_atomically(workspace.root / Digest.FILE, digest.canonical())

    assert "<mark>Daniel Okafor, Halden Systems</mark>" in opened(editor, "ee00000001")


def test_an_editor_reads_what_a_model_wrote_in_vain(editor: TestClient, workspace: Workspace) -> None:
    """What was left out stands there with reason and seconds, and how the draft was made; readers get none of it."""
    spoilt = LeftOut(text="Forty norms.", why=("not said: 40",), evidence=(Heard(start=10, end=14),))
    digest = a_digest().model_copy(update={"left_out": (spoilt,), "remarks": ("Spent: 600 tokens.",)})
    write_atomically(workspace.root / Digest.FILE, digest.canonical())

    page = editor.get(DRAFT).text

    assert re.search(r'id="left-out".*Forty norms\..*not said: 40, at 0:10', page, re.DOTALL)
    assert "Spent: 600 tokens." in page
    assert "Forty norms" not in editor.get(f"{DRAFT}preview/").text
    assert "600 tokens" not in editor.get(f"{DRAFT}preview/").text


def test_an_editor_reads_what_the_machine_doubts(editor: TestClient, workspace: Workspace) -> None:
    """What a reader loses most by first, with what to choose between and its sound; what is reworded is settled."""
    answer = Doubt(
        place=AtSentence(sentence="dd00000001"), kind="answer", probability=0.2, evidence=(Heard(start=40, end=43.5),)
    )
    number = Doubt(
        place=AtSentence(sentence="bb00000001"), kind="correction", probability=0.9, compare=("Four.", "Forty-four.")
    )
    digest = a_digest().model_copy(update={"doubts": (answer, number)})
    write_atomically(workspace.root / Digest.FILE, digest.canonical())

    page, preview = editor.get(CHECK).text, editor.get(f"{DRAFT}preview/").text
    send(editor, "sentence", do="save", sentence="bb00000001", text="A norm is an expectation of 44 states.")
    left = editor.get(CHECK).text

    assert re.search(
        r"2 left, about 1 min.*taken back.*<q>Forty-four\.</q>.*All that is left.*Number.*Answer", page, re.DOTALL
    )
    assert "Forty-four" not in preview + left
    assert re.search(r"1 left.*declined, or passed over\?.*clip\?start=40", left, re.DOTALL)


def test_an_editor_is_told_what_was_said_off_the_record(editor: TestClient, workspace: Workspace) -> None:
    """With its words and its sound, and that readers get neither; the preview has no word of it."""
    remark = Doubt(
        place=Span(start=40, end=43.6), kind="off the record", probability=0.9,
        compare=("Nobody does and that is the honest answer",), evidence=(Heard(start=40, end=43.6),),
    )  # fmt: skip
    write_atomically(workspace.root / Digest.FILE, a_digest().model_copy(update={"doubts": (remark,)}).canonical())

    page, preview = editor.get(CHECK).text, editor.get(f"{DRAFT}preview/").text

    assert re.search(
        r'class="item".*off the record\?.*recording is silent there.*clip\?start=40.*<q>Nobody does', page, re.DOTALL
    )
    assert "honest answer" not in preview
    assert "Nobody does" not in preview
    assert "Who checks" in preview
    assert "<video" in preview


def doubted(workspace: Workspace, *doubts: Doubt) -> None:
    """Write a digest with these doubts, as another run would."""
    write_atomically(workspace.root / Digest.FILE, a_digest().model_copy(update={"doubts": doubts}).canonical())
    write_atomically(workspace.root / "provenance.json", f'{{"write": "{len(doubts)}"}}\n'.encode())


def test_an_editor_keeps_what_is_right(editor: TestClient, workspace: Workspace) -> None:
    """The doubt leaves the list, and who kept it stands below; taken back, it is doubted as before."""
    trap = Doubt(place=AtSentence(sentence="bb00000001"), kind="trap", probability=0.4, compare=("A norm?",))
    doubted(workspace, trap)

    offered = editor.get(CHECK).text
    back = send(editor, "doubt", page="check", do="dismiss", doubt=trap.name)
    kept = editor.get(CHECK).text
    send(editor, "doubt", do="reopen", doubt=trap.name)
    again = editor.get(CHECK).text

    assert f'name="doubt" value="{trap.name}"' in offered
    assert "Keep as it is<" in offered
    assert back == f"{CHECK}#content"
    assert "Noted. It stands below" in kept
    assert "irony" not in kept
    assert re.search(
        r"Kept as it is, says Ana Lind on .*<q>A norm is an expectation\.</q>.*Doubt it again", kept, re.DOTALL
    )
    assert "Doubted again." in again
    assert "irony" in again
    assert "says Ana Lind" not in again


def test_an_editor_puts_a_remark_on_the_record(editor: TestClient, workspace: Workspace) -> None:
    """Told what comes back and what does not; the preview has the words again, and none once it is taken back."""
    remark = Doubt(
        place=Span(start=40, end=43.6), kind="off the record", probability=0.9,
        compare=("Nobody does and that is the honest answer",),
    )  # fmt: skip
    doubted(workspace, remark)

    offered = editor.get(CHECK).text
    send(editor, "doubt", do="dismiss", doubt=remark.name)
    page, preview = editor.get(CHECK).text, editor.get(f"{DRAFT}preview/").text
    send(editor, "doubt", do="reopen", doubt=remark.name)

    assert "the account was written without them." in offered
    assert 'aria-describedby="publish">It may be published<' in offered
    assert re.search(r"<details[^>]* open>.*It may be published, says Ana Lind.*0:40–0:43.*Withhold", page, re.DOTALL)
    assert "honest answer" in preview
    assert "honest answer" not in editor.get(f"{DRAFT}preview/").text


def test_all_of_a_remark_can_be_heard(editor: TestClient, workspace: Workspace) -> None:
    """One longer than a minute is played in parts, to its end."""
    doubted(workspace, Doubt(place=Span(start=2, end=130.5), kind="off the record", probability=0.9))

    page = editor.get(CHECK).text

    parts = re.findall(r'class="play"[^>]*clip\?start=([\d.]+)&amp;end=([\d.]+)', page)
    assert parts[:3] == [("2.0", "62.0"), ("62.0", "122.0"), ("122.0", "130.5")]


def test_a_dismissal_that_no_longer_fits_is_listed(editor: TestClient, workspace: Workspace) -> None:
    """Where another run holds more for private, all of it is withheld until somebody judges that; nothing is lost."""
    remark = Doubt(place=Span(start=40, end=43.6), kind="off the record", probability=0.9, compare=("Nobody does",))
    doubted(workspace, remark)
    send(editor, "doubt", do="dismiss", doubt=remark.name)
    longer = remark.model_copy(update={"place": Span(start=30, end=43.6), "compare": ("Who checks? Nobody does",)})
    doubted(workspace, longer, longer.model_copy(update={"kind": "question"}))

    page, preview = editor.get(DRAFT).text, editor.get(f"{DRAFT}preview/").text
    send(editor, "undo", thing=f"doubt {remark.name}")

    assert re.search(r'id="unfit".*Was to be published.*Nobody does.*action="[^"]*undo"', page, re.DOTALL)
    assert 'id="dismissed"' not in editor.get(CHECK).text
    assert "honest answer" not in preview
    assert 'id="unfit"' not in editor.get(DRAFT).text


def test_a_doubt_on_an_old_page_is_not_dismissed(editor: TestClient, workspace: Workspace) -> None:
    """What the draft does not doubt, or what somebody changed meanwhile, is refused with the way back."""
    trap = Doubt(place=AtSentence(sentence="bb00000001"), kind="trap", probability=0.4)
    doubted(workspace, trap)
    old = hidden(editor) | {"do": "dismiss"}

    unknown = editor.post(f"{DRAFT}doubt", data=old | {"doubt": "trap at cc00000001"})
    send(editor, "doubt", doubt=trap.name, do="dismiss")
    late = editor.post(f"{DRAFT}doubt", data=old | {"doubt": trap.name})

    assert (unknown.status_code, late.status_code) == (409, 412)
    assert "There is no such doubt in this draft." in unknown.text
    assert "Somebody else changed this meanwhile" in late.text
    assert len(workspace.overlay().revisions) == 1


def test_a_sentence_stands_beside_its_words_and_its_slide(editor: TestClient, workspace: Workspace) -> None:
    """Beside a sentence: the words it rests on, those around it dimmed, the slide shown then, and its sound."""
    page = opened(editor, "bb00000001")
    row = page[page.index('id="s-bb00000001"') :]

    assert "<mark>A norm is not a law it is an expectation</mark>" in row
    assert '<span class="around">Good afternoon and welcome to this webinar</span>' in row
    assert 'alt="Slide 2: Norms of restraint"' in row
    assert "clip?start=10.0&amp;end=14.0" in row


def test_a_wording_that_nobody_said_is_to_be_checked(editor: TestClient, workspace: Workspace) -> None:
    """A number that was not said is named beside the sentence; a wording that what was said supports is not doubted."""
    supported = {"do": "save", "sentence": "bb00000001", "text": "A norm is an expectation, not a law."}
    send(editor, "sentence", **supported)
    assert "Check this" not in editor.get(DRAFT).text

    send(editor, "sentence", **(supported | {"text": "A norm is an expectation of 40 states, not a law."}))

    assert "Check this: not said: 40" in editor.get(DRAFT).text


def test_an_editor_sees_where_slides_and_speakers_differ(editor: TestClient, workspace: Workspace) -> None:
    """A line that nobody said, and one that was said otherwise with its sound, are one link away; readers see none."""
    bodies = {"Norms of restraint": "Delegates since 2012: 164\nA norm is not a law"}
    deck = a_deck("Welcome", "Norms of restraint", bodies=bodies)
    said = spoken((2, "Good afternoon."), (12, "We had 48 delegates, and a norm is not a law"))
    for artifact in (deck, said):
        write_atomically(workspace.root / artifact.FILE, artifact.canonical())

    page = editor.get(f"{DRAFT}differences").text

    assert f'href="{DRAFT}differences"' in editor.get(DRAFT).text
    assert "Not said: 164" in page
    assert "We had 48 delegates" in page
    assert "clip?start=12.0" in page
    assert "A norm is not a law</mark>" not in page


def test_a_clip_is_exactly_its_seconds(editor: TestClient, workspace: Workspace) -> None:
    """The sound of a sentence plays from its first second to its last."""
    sound = editor.get(f"{DRAFT}clip?start=10&end=13.5")

    with wave.open(io.BytesIO(sound.content)) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(3.5, abs=0.01)


@pytest.mark.parametrize("asked", ["", "start=x&end=2", "start=0&end=nan", "start=0&end=inf"])
def test_a_clip_of_nothing_is_refused(editor: TestClient, workspace: Workspace, asked: str) -> None:
    """An address that names no stretch of the recording leads nowhere, with a plain page."""
    answer = editor.get(f"{DRAFT}clip?{asked}")

    assert answer.status_code == 404
    assert "nothing at this address" in answer.text


def test_a_correction_is_kept_as_a_revision(editor: TestClient, workspace: Workspace) -> None:
    """Saving leads back to the sentence and says that it is kept, once; by whom stands on record."""
    back = send(editor, "sentence", sentence="bb00000001", do="save", text="A norm is what we expect.")
    page = editor.get(DRAFT).text

    assert back == f"{DRAFT}#s-bb00000001"
    assert ">Saved.</p>" in page
    assert ">A norm is what we expect.</span>" in page
    assert workspace.overlay().revisions[0].by == "Ana Lind"
    assert ">Saved.</p>" not in editor.get(DRAFT).text


def test_a_sentence_is_struck_and_restored(editor: TestClient, workspace: Workspace) -> None:
    """What was struck stays visible to editors, and comes back on demand."""
    send(editor, "sentence", sentence="bb00000001", do="strike")
    struck = editor.get(DRAFT).text
    send(editor, "sentence", sentence="bb00000001", do="restore")

    assert "<del>A norm is an expectation.</del>" in struck
    assert ">A norm is an expectation.</textarea>" in opened(editor, "bb00000001")


def test_a_correction_of_an_old_page_keeps_the_text(editor: TestClient, workspace: Workspace) -> None:
    """Where somebody else saved meanwhile, nothing is overwritten and the editor's text is not lost."""
    old = hidden(editor)
    send(editor, "sentence", sentence="bb00000001", do="save", text="Theirs.")

    answer = editor.post(f"{DRAFT}sentence", data=old | {"sentence": "bb00000001", "do": "save", "text": "Mine."})

    assert answer.status_code == 412
    assert ">Mine.</textarea>" in answer.text
    assert "Theirs." in answer.text
    assert len(workspace.overlay().revisions) == 1


def test_a_voice_gets_its_name(editor: TestClient, workspace: Workspace) -> None:
    """The name an editor gives stands in the form from then on."""
    send(editor, "speaker", speaker="s1", name="Daniel Okafor")

    assert 'value="Daniel Okafor"' in editor.get(DRAFT).text


def test_a_guess_is_confirmed_before_approval(settings: Settings, editor: TestClient) -> None:
    """A draft with a guessed title or date cannot be approved, and says why; confirmed, it can."""
    workspace = a_workspace(settings, an_event(guessed=("title", "starts_at")))
    page, draft = editor.get(DRAFT).text, editing.read_draft(workspace)
    assert draft
    refused = editor.post(f"{DRAFT}approve", data=hidden(editor) | {"edition": draft.edition.sha256()})

    send(editor, "confirm", field="title", value="Cyber norms, really")
    send(editor, "confirm", field="starts_at", date="2016-11-23", time="14:30", zone="Europe/Zurich")
    send(editor, "approve")

    assert "not confirmed: title, date and time" in page
    assert refused.status_code == 409
    assert [decision.kind for decision in workspace.decisions()] == ["approved"]
    assert "14:30" in editor.get(DRAFT).text


def test_a_date_that_is_none_is_asked_for_again(settings: Settings, editor: TestClient) -> None:
    """A wrong time zone is said in words, and what was typed stays."""
    a_workspace(settings, an_event(guessed=("starts_at",)))

    fields = {"field": "starts_at", "date": "2016-11-23", "time": "14:30", "zone": "Europe/Nowhere"}
    answer = editor.post(f"{DRAFT}confirm", data=hidden(editor) | fields)

    assert answer.status_code == 409
    assert "The date is not understood" in answer.text
    assert 'value="Europe/Nowhere"' in answer.text


def test_approval_keeps_the_edition_and_asks_for_publication(editor: TestClient, workspace: Workspace) -> None:
    """Approving writes down exactly what was on the page, and the page says what becomes of it."""
    sha256 = hidden(editor)["edition"]

    back = send(editor, "approve")
    page = editor.get(DRAFT).text

    assert back == f"{DRAFT}#approval"
    assert workspace.edition(sha256).event.title == "Cyber norms"
    assert workspace.decisions()[0].by == "Ana Lind"
    assert "the publication is waiting" in page
    assert "the publication is waiting" in editor.get(f"{DRAFT}publication").text


def test_the_page_says_what_became_of_it(settings: Settings, editor: TestClient, workspace: Workspace) -> None:
    """A publication that failed says why and can be asked for again; one that worked says where and when."""
    queue = Queue(settings)
    send(editor, "approve")
    taken = queue.take()
    assert taken
    queue.finish(taken, "failed", "The disk is full.")

    failed = editor.get(DRAFT).text
    send(editor, "approve")
    again = queue.take()
    assert again
    editing.mark_published(workspace, taken.edition or "", by="the flow", at=datetime(2026, 11, 24, 15, tzinfo=UTC))
    queue.finish(again, "done")

    assert "The publication failed. The disk is full." in failed
    assert "Approve and publish" in failed
    assert "Published on 24 November 2026, 15:00 UTC." in editor.get(f"{DRAFT}publication").text
    assert "Approve and publish" not in editor.get(DRAFT).text


def test_the_list_shows_what_is_on_its_way(settings: Settings, editor: TestClient) -> None:
    """A drop that waits, or failed, stands in the list with the reason."""
    queue = Queue(settings)
    queue.ask("draft", folder="/inbox/first", by="inbox")
    taken = queue.take()
    assert taken
    queue.finish(taken, "failed", "The presentation is locked with a password.")
    queue.ask("draft", folder="/inbox/second", by="inbox")

    page = editor.get("/").text

    assert "locked with a password" in page[page.index("first") : page.index("second")]
    assert "waiting" in page[page.index("second") :]


def test_the_list_shows_a_publication_that_failed(settings: Settings, editor: TestClient, workspace: Workspace) -> None:
    """In words, with a button that asks for it again; once it went well the line is as before."""
    queue = Queue(settings)
    send(editor, "approve")
    taken = queue.take()
    assert taken
    queue.finish(taken, "failed", "The disk is full.")
    page = editor.get("/").text
    fields = dict(re.findall(r'name="(proof|row)" value="([^"]+)"', page))

    assert "The publication failed. The disk is full." in page
    assert editor.post("/again", data=fields).status_code == 303
    again = queue.take()
    assert again
    assert (again.kind, again.slug, again.edition, again.asked_by) == (
        "publish",
        workspace.slug,
        taken.edition,
        "Ana Lind",
    )
    queue.finish(again, "done")
    page = editor.get("/").text
    assert "failed" not in page
    assert "Try again now" not in page


def test_a_drop_that_waits_for_a_less_busy_machine_is_tried_again(settings: Settings, editor: TestClient) -> None:
    """The list says why it waits, with a button; one press asks for it anew, and once is enough."""
    queue = Queue(settings)
    queue.ask("draft", folder="/inbox/first", by="inbox")
    taken = queue.take()
    assert taken
    assert "Try again now" not in editor.get("/").text
    queue.put_back(taken, "This machine is too busy: in 9 minutes there was no end.")

    page = editor.get("/").text
    fields = dict(re.findall(r'name="(proof|row)" value="([^"]+)"', page))
    answers = list[str]()
    for _ in range(2):
        assert editor.post("/again", data=fields).status_code == 303
        answers.append(editor.get("/").text)

    assert "too busy" in page
    assert queue.row(taken).asked_at > taken.asked_at
    assert "It is tried again now." in answers[0]
    assert "Try again now" not in answers[0]
    assert "It no longer waits." in answers[1]
    assert editor.post("/again", data=fields | {"proof": "x"}).status_code == 403


def test_a_text_that_changed_is_not_approved(editor: TestClient, workspace: Workspace) -> None:
    """Nobody approves a text other than the one they read."""
    old = hidden(editor)
    send(editor, "sentence", sentence="bb00000001", do="save", text="Changed.")

    answer = editor.post(f"{DRAFT}approve", data=old)

    assert answer.status_code == 412
    assert workspace.decisions() == ()


def test_a_change_after_approval_asks_for_another(editor: TestClient, workspace: Workspace) -> None:
    """What is corrected after approval is not published unseen: the page offers to approve it."""
    send(editor, "approve")
    send(editor, "sentence", sentence="bb00000001", do="save", text="Changed.")

    page = editor.get(DRAFT).text

    assert "The draft has changed since." in page
    assert "Approve and publish" in page


def test_a_digest_is_retracted_only_when_meant(editor: TestClient, workspace: Workspace) -> None:
    """Retracting asks first, then is written down and asked for."""
    send(editor, "approve")

    asked = editor.get(f"{DRAFT}retract")
    send(editor, "retract")

    assert "Retract “Cyber norms”?" in asked.text
    assert [decision.kind for decision in workspace.decisions()] == ["approved", "retracted"]
    assert "the retraction is waiting" in editor.get(DRAFT).text


def test_corrections_that_no_longer_fit_are_listed(editor: TestClient, workspace: Workspace) -> None:
    """After a run that wrote a sentence anew, its correction is shown with both texts, and others still apply."""
    send(editor, "sentence", sentence="bb00000001", do="save", text="A norm is what we expect.")
    send(editor, "sentence", sentence="cc00000001", do="save", text="It is not a law.")
    write_atomically(workspace.root / Digest.FILE, a_digest("Nobody pays for any of this.").canonical())
    write_atomically(workspace.root / "provenance.json", b'{"write": {}}\n')

    page = editor.get(DRAFT).text
    listed = page[page.index('id="unfit"') :]

    assert "<del>A norm is an expectation.</del>" in listed
    assert "<ins>A norm is what we expect.</ins>" in listed
    assert ">Nobody pays for any of this.</span>" in page
    assert ">It is not a law.</span>" in page


def test_a_correction_that_no_longer_fits_can_be_dismissed(editor: TestClient, workspace: Workspace) -> None:
    """What is no longer wanted leaves the list, and stays on record."""
    send(editor, "sentence", sentence="bb00000001", do="save", text="A norm is what we expect.")
    write_atomically(workspace.root / Digest.FILE, a_digest("Nobody pays for any of this.").canonical())
    write_atomically(workspace.root / "provenance.json", b'{"write": {}}\n')

    send(editor, "undo", thing="sentence bb00000001")

    assert 'id="unfit"' not in editor.get(DRAFT).text
    assert len(workspace.overlay().revisions) == 2


def test_an_answer_goes_with_its_question(editor: TestClient, workspace: Workspace) -> None:
    """With the question struck, its answer is shown as left out, and nobody is said to have struck it."""
    send(editor, "sentence", sentence="dd00000001", do="strike")

    page = editor.get(DRAFT).text
    answer = page[page.index('id="s-dd00000002"') :]

    assert "Left out, because its question is struck." in answer
    assert "data-open" not in answer[: answer.index("row-evidence")]


def test_a_hostile_text_is_only_text(settings: Settings, editor: TestClient) -> None:
    """Whatever stands in title, sentence or name is shown, and never run."""
    hostile = "</textarea><script>alert(1)</script>"
    a_workspace(settings, an_event(title=hostile), a_digest(hostile))
    send(editor, "sentence", sentence="cc00000001", do="save", text=hostile + "!")
    send(editor, "speaker", speaker="s1", name='"><script>alert(2)</script>')

    pages = editor.get("/").text + editor.get(DRAFT).text + opened(editor, "cc00000001")

    assert "<script>alert" not in pages
    assert "&lt;script&gt;alert(1)" in pages


def test_the_preview_is_the_digest_page(editor: TestClient, workspace: Workspace) -> None:
    """An editor sees the page as readers will, with its files served to the session."""
    page = editor.get(f"{DRAFT}preview/")

    assert page.status_code == 200
    assert 'Preview of a draft: readers do not see it yet. <a href="../">' in page.text
    assert "A norm is an expectation." in page.text


def test_a_recording_is_served_in_ranges(editor: TestClient, workspace: Workspace) -> None:
    """The preview can jump within the recording."""
    draft = workspace.artifacts()
    assert draft

    answer = editor.get(f"{DRAFT}files/{draft.media.web.sha256}", headers={"Range": "bytes=4-9"})

    assert (answer.status_code, answer.content) == (206, b"played")


def test_no_other_file_is_served(editor: TestClient, workspace: Workspace) -> None:
    """Only what the Edition names has an address."""
    assert editor.get(f"{DRAFT}files/{'0' * 64}").status_code == 404
    assert editor.get("/drafts/../files/x").status_code == 404
    assert editor.get("/drafts/%2e%2e/").status_code == 404
    assert editor.get("/static/..%2f..%2fpyproject.toml").status_code == 404
