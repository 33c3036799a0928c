"""Every part of a draft has a page where it is changed, and what is changed is what readers see."""

import re

import pytest
from starlette.testclient import TestClient

from digest.model.artifact import Span
from digest.model.companions import Companions, TypedQuestion
from digest.model.deck import Deck
from digest.model.digest import Digest
from digest.model.doubt import AtSentence, Doubt
from digest.model.evidence import Heard
from digest.model.media import Media
from digest.model.overlay import Trim
from digest.store.files import write_atomically
from digest.store.workspace import Workspace
from tests.builders import a_deck, spoken
from tests.desk.conftest import SLUG, a_digest, give_two_voices
from tests.desk.test_routes import DRAFT, hidden, send

PAGES = ("check", "transcript", "slides", "layout", "event", "replace", "history")
FIRST = "p-2000"  # the first passage begins at its second


def preview(editor: TestClient) -> str:
    """Return the digest page as readers will see it."""
    return str(editor.get(f"{DRAFT}preview/").text)


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """Return the draft with two voices: another one answers from second 40."""
    return give_two_voices(workspace)


@pytest.mark.parametrize("page", PAGES)
def test_a_part_of_the_draft_has_its_page(editor: TestClient, workspace: Workspace, page: str) -> None:
    """Each leads to the others, and says where one is."""
    shown = editor.get(f"{DRAFT}{page}").text

    assert workspace.slug == SLUG
    assert re.search(rf'href="{DRAFT}{page}" aria-current="page"', shown)
    assert all(f'href="{DRAFT}{other}"' in shown for other in PAGES)


def test_an_editor_corrects_the_transcript(editor: TestClient, workspace: Workspace) -> None:
    """What readers read is what was typed; what was heard stands beside it and can be had back."""
    page = editor.get(f"{DRAFT}transcript?part=1&open=2000").text
    (heard,) = re.findall(r">(Good afternoon[^<]*)</textarea>", page)

    text = heard.replace("afternoon", "evening")
    where = send(editor, "words", page="transcript", part="1", passage="2000", text=text)

    assert where == f"{DRAFT}transcript?part=1#{FIRST}"
    assert "Good evening and welcome" in preview(editor)
    (revision,) = workspace.overlay().revisions
    assert "The machine heard" in editor.get(f"{DRAFT}transcript?open=2000").text
    send(editor, "undo", page="history", thing=revision.change.thing)
    assert "Good afternoon and welcome" in preview(editor)


def test_a_passage_that_somebody_else_corrected_keeps_both_texts(editor: TestClient, workspace: Workspace) -> None:
    """Nothing is overwritten and nothing typed is lost."""
    old = hidden(editor) | {"page": "transcript", "part": "1", "passage": "2000"}
    send(editor, "words", page="transcript", passage="2000", text="Theirs and welcome to this webinar")

    answer = editor.post(f"{DRAFT}words", data=old | {"text": "Mine and welcome to this webinar"})

    assert answer.status_code == 412
    assert ">Mine and welcome to this webinar</textarea>" in answer.text
    assert "Saved is: “Theirs and welcome to this webinar”" in answer.text
    assert len(workspace.overlay().revisions) == 1


def test_an_editor_says_who_says_some_words(editor: TestClient, workspace: Workspace) -> None:
    """The words are another voice's from then on; words that do not stand there are refused as typed."""
    fields = {"page": "transcript", "part": "1", "passage": "2000", "do": "voice", "voice": "new"}
    refused = editor.post(f"{DRAFT}passage", data=hidden(editor) | fields | {"words": "nobody said this"})
    send(editor, "passage", **fields, words="a norm is kept")
    send(editor, "speaker", speaker="editor-1", name="Lena Ruiz")

    assert refused.status_code == 409
    assert 'value="nobody said this"' in refused.text
    assert "Lena Ruiz" in preview(editor)
    assert workspace.overlay().revisions[0].change.do == "assign"


def test_a_passage_goes_into_the_account(editor: TestClient, workspace: Workspace) -> None:
    """As it was said, with its seconds; from there it is a sentence like any other."""
    fields = {"page": "transcript", "part": "1", "passage": "40000", "do": "quote", "section": "quotes"}
    send(editor, "passage", **fields, words="that is the honest answer")

    page = editor.get(DRAFT).text
    assert ">that is the honest answer</span> <a" in page
    assert "Quotes" in page
    assert workspace.overlay().revisions[0].change.do == "add"


def test_a_passage_is_kept_from_readers(editor: TestClient, workspace: Workspace) -> None:
    """Its words are on no page, and can be given back."""
    fields = {"page": "transcript", "part": "1", "passage": "40000", "do": "withhold", "words": ""}
    send(editor, "passage", **fields)
    (revision,) = workspace.overlay().revisions

    assert "honest answer" not in preview(editor)
    assert "Kept from readers" in editor.get(f"{DRAFT}transcript").text
    send(editor, "undo", page="transcript", thing=revision.change.thing)
    assert "honest answer" in preview(editor)


def doubted(workspace: Workspace, *doubts: Doubt) -> None:
    """Write a digest with these doubts."""
    write_atomically(workspace.root / Digest.FILE, a_digest().model_copy(update={"doubts": doubts}).canonical())


def test_words_that_the_recogniser_doubts_are_judged(editor: TestClient, workspace: Workspace) -> None:
    """Those that the account rests on come first; put right or kept, they are on the list no more."""
    said = spoken((2, "Good afternoon"), (10, "A norm is an expectashun"), (50, "Goodbye to ASEHA"))
    unsure = {"ASEHA", "expectashun"}
    segments = tuple(
        segment.model_copy(
            update={
                "words": tuple(
                    w.model_copy(update={"probability": 0.2}) if w.text in unsure else w for w in segment.words
                )
            }
        )
        for segment in said.segments
    )
    write_atomically(workspace.root / said.FILE, said.model_copy(update={"segments": segments}).canonical())
    page = editor.get(f"{DRAFT}check").text
    start, end = re.findall(r'name="(?:start|end)" value="([\d.]+)"', page)

    assert "2 left" in page
    assert "<mark>expectashun</mark>" in page
    send(editor, "correct", page="check", start=start, end=end, text="expectation")
    page = editor.get(f"{DRAFT}check").text
    assert "1 left" in page
    assert "<mark>ASEHA</mark>" in page
    name = re.findall(r'name="doubt" value="([^"]+)"', page)[0]
    send(editor, "doubt", page="check", do="dismiss", doubt=name)
    assert "Nothing is left to check." in editor.get(f"{DRAFT}check").text
    assert "A norm is an expectation" in preview(editor)


def test_a_remark_stays_private_for_good(editor: TestClient, workspace: Workspace) -> None:
    """An editor who heard it says so: it is on the list no more, and readers still have none of it."""
    doubted(workspace, Doubt(place=Span(start=40, end=43.6), kind="off the record", probability=0.9))
    send(editor, "withhold", page="check", start="40", end="43.6")

    assert "Nothing is left to check." in editor.get(f"{DRAFT}check").text
    assert "honest answer" not in preview(editor)


def test_a_missing_question_is_added_and_a_voice_named(editor: TestClient, workspace: Workspace) -> None:
    """From the list itself, in the words that are offered or in an editor's own."""
    doubted(
        workspace,
        Doubt(place=Span(start=10, end=14), kind="question", probability=0.7, compare=("A norm is no law?",)),
        Doubt(place=Span(start=38, end=60), kind="name", probability=0.6, compare=("Mei Lin",)),
    )
    page = editor.get(f"{DRAFT}check?open=name+from+38.0+to+60.0").text
    assert 'name="speaker" value="s2"' in page
    send(editor, "speaker", page="check", speaker="s2", name="Mei Lin")
    page = editor.get(f"{DRAFT}check").text
    assert ">A norm is no law?</textarea>" in page
    send(editor, "add", page="check", section="questions", start="10", end="14", text="Is a norm a law?")

    assert "Is a norm a law?" in preview(editor)
    assert "Nothing is left to check." in editor.get(f"{DRAFT}check").text


def test_an_answer_is_set_where_it_is_doubted(editor: TestClient, workspace: Workspace) -> None:
    """From the list: these seconds, or none; then it is doubted no more."""
    place = AtSentence(sentence="dd00000001")
    doubted(workspace, Doubt(place=place, kind="answer", probability=0.6, evidence=(Heard(start=40, end=43.6),)))
    page = editor.get(f"{DRAFT}check").text
    assert 'name="start" value="0:40.0"' in page
    send(editor, "answer", page="check", sentence="dd00000001", do="spans", start="0:40", end="0:43.6")

    assert "Nothing is left to check." in editor.get(f"{DRAFT}check").text
    assert "Nobody does and that is the honest answer" in preview(editor)


def test_chapters_are_changed_where_they_stand(editor: TestClient, workspace: Workspace) -> None:
    """Title and beginning in a form of their own, another one divided off, one joined to the one before."""
    form = editor.get(f"{DRAFT}?open=chapter-9.0").text
    assert 'value="0:09.0"' in form
    send(editor, "chapter", chapter="9.0", start="0:12", title="What norms are", do="save")
    send(editor, "chapter", start="0:35", title="Checking it")
    page = editor.get(DRAFT).text
    assert "What norms are" in page
    assert "Checking it" in page

    send(editor, "chapter", chapter="35.0", start="0:35", title="", do="join")
    assert "Checking it" not in preview(editor)
    wrong = editor.post(f"{DRAFT}chapter", data=hidden(editor) | {"start": "soon", "title": "x"})
    assert (wrong.status_code, "no time of the recording" in wrong.text) == (409, True)


def test_a_sentence_is_added_moved_and_taken_back(editor: TestClient, workspace: Workspace) -> None:
    """In the order that readers get."""
    send(editor, "add", section="key_points", start="0:30", end="0:34", text="Somebody must check.")
    added = workspace.overlay().revisions[0].change.thing.removeprefix("added ")
    send(editor, "place", sentence=added, do="up")
    shown = preview(editor)
    assert shown.index("Somebody must check.") < shown.index("A norm is an expectation.")
    assert f'id="to-{added}"' in editor.get(f"{DRAFT}?open={added}").text

    send(editor, "place", sentence=added, do="there", section="quotes")
    send(editor, "undo", page="history", thing=f"added {added}")
    assert "Somebody must check." not in preview(editor)
    assert 'id="unfit"' not in editor.get(DRAFT).text


def test_a_question_is_put_right(editor: TestClient, workspace: Workspace) -> None:
    """Who asked, what answers it, and that nobody did."""
    assert "Asked by" in editor.get(f"{DRAFT}?open=dd00000001").text
    send(editor, "label", sentence="dd00000001", label="A listener")
    send(editor, "answer", sentence="dd00000001", do="spans", start="0:39.5", end="0:42")
    assert "Nobody does and that" in editor.get(DRAFT).text

    send(editor, "answer", sentence="dd00000001", do="none")
    assert "Nobody does." not in preview(editor)
    assert len(workspace.overlay().revisions) == 3


def test_a_slide_comes_on_when_an_editor_says(editor: TestClient, workspace: Workspace) -> None:
    """Another second, another slide, one more; none that the presentation does not have."""
    assert 'name="start" value="0:09.0"' in editor.get(f"{DRAFT}slides?open=slide-9.0").text
    send(editor, "slide", page="slides", interval="9.0", start="0:20", slide="2", do="save")
    send(editor, "slide", page="slides", start="0:50", slide="1")
    page = editor.get(f"{DRAFT}slides").text

    assert page.count("set by an editor") == 2
    assert "0:00–0:20" in page
    assert editor.post(f"{DRAFT}slide", data=hidden(editor) | {"start": "0:10", "slide": "9"}).status_code == 409
    assert len(workspace.overlay().revisions) == 2


def test_an_editor_says_which_part_is_published(editor: TestClient, workspace: Workspace) -> None:
    """From, to, in seconds of the recording, which the desk keeps showing; empty fields publish all of it again."""
    send(editor, "trim", page="layout", start="0:09", end="0:39.5")
    page, seen = editor.get(f"{DRAFT}layout").text, preview(editor)

    assert "Readers get 0:09–0:39 of 1:00" in page
    assert 'name="start" value="0:09.0"' in page
    assert "Good afternoon" not in seen
    assert "honest answer" not in seen
    assert "A norm is an expectation." in seen
    assert "0:40–0:43" in editor.get(DRAFT).text  # an answer that is cut off: editors still hear it
    wrong = editor.post(f"{DRAFT}trim", data=hidden(editor) | {"page": "layout", "start": "0:30", "end": "0:20"})
    assert (wrong.status_code, 'name="start" value="0:30"' in wrong.text) == (409, True)
    assert "from 0:09.0 to 0:39.5" in editor.get(f"{DRAFT}history").text
    send(editor, "trim", page="layout", start="", end="")
    assert "Good afternoon" in preview(editor)
    assert len(workspace.overlay().revisions) == 2


def test_sections_are_moved_left_out_and_shown_again(editor: TestClient, workspace: Workspace) -> None:
    """In the order that readers get, by buttons; a section comes back where it usually stands."""
    send(editor, "sections", page="layout", do="up key_points")
    first = preview(editor)
    send(editor, "sections", page="layout", do="out in_brief")
    second = preview(editor)
    send(editor, "sections", page="layout", do="in in_brief")

    assert first.index('id="key-points"') < first.index('id="in-brief"')
    assert "A webinar on norms." not in second.partition("</head>")[2]
    assert "A webinar on norms." in preview(editor)
    assert [r.change.do for r in workspace.overlay().revisions] == ["sections", "sections", "undo"]


def test_a_slide_stands_before_the_recording(editor: TestClient, workspace: Workspace) -> None:
    """And goes again, for what the machine had chosen."""
    send(editor, "poster", page="layout", do="slide", slide="2")
    (picture,) = re.findall(r'poster="([^"]*)"', preview(editor))
    assert editor.get(picture).content == (workspace.root / "pages" / "2.webp").read_bytes()
    assert "Slide 2." in editor.get(f"{DRAFT}layout").text

    send(editor, "poster", page="layout", do="machine")
    assert "poster=" not in preview(editor)


def test_a_stretch_is_muted_by_hand(editor: TestClient, workspace: Workspace) -> None:
    """Any seconds, whatever is said there; and others are taken into the account."""
    send(editor, "stretch", page="transcript", part="1", do="withhold", start="0:31", end="0:31.9")
    send(editor, "stretch", page="transcript", part="1", do="quote", section="quotes", start="0:40", end="0:44")
    seen = preview(editor)

    assert "Who checks" in seen
    assert "Who checks whether a norm" not in seen
    assert "Nobody does and that is the honest answer" in seen.partition('id="transcript"')[0]
    nothing = editor.post(f"{DRAFT}stretch", data=hidden(editor) | {"do": "quote", "start": "0:50", "end": "0:55"})
    assert nothing.status_code == 409
    assert len(workspace.overlay().revisions) == 2


def test_a_typed_question_goes_into_the_account(editor: TestClient, workspace: Workspace) -> None:
    """From the platform's report, once, with who asked for editors; what answers it is set like any other's."""
    typed = TypedQuestion(text="Is it binding?", asked_by="Iris Vega", at=20.0)
    write_atomically(workspace.root / Companions.FILE, Companions(questions=(typed,)).canonical())
    assert "Is it binding?" in editor.get(DRAFT).text
    send(editor, "typed_question", item="0")
    (revision,) = workspace.overlay().revisions
    added = revision.change.thing.removeprefix("added ")
    send(editor, "answer", sentence=added, do="spans", start="0:40", end="0:44")

    seen = preview(editor)
    assert seen.count("Is it binding?") == 1
    assert "Vega" not in seen
    assert 'value="Iris Vega"' in editor.get(f"{DRAFT}?open={added}").text
    assert "Add as a question" not in editor.get(DRAFT).text
    assert editor.post(f"{DRAFT}typed_question", data=hidden(editor) | {"item": "0"}).status_code == 409


def test_a_time_beyond_the_hour_is_saved_as_it_is_shown(editor: TestClient, workspace: Workspace) -> None:
    """What stands in a field can be sent again, in a recording of hours."""
    media = workspace.load(Media)
    assert media
    write_atomically(workspace.root / Media.FILE, media.model_copy(update={"duration": 9000.0}).canonical())
    send(editor, "trim", page="layout", start="1:15:12.5", end="")
    (shown,) = re.findall(r'id="trim-start" name="start" value="([^"]*)"', editor.get(f"{DRAFT}layout").text)
    send(editor, "trim", page="layout", start=shown, end="")

    assert shown == "1:15:12.5"
    assert {r.change.start for r in workspace.overlay().revisions if isinstance(r.change, Trim)} == {4512.5}


def test_the_event_is_corrected(editor: TestClient, workspace: Workspace) -> None:
    """Also what event.toml gave; a name kept from readers is on no page."""
    send(editor, "confirm", page="event", field="description", value="Two hours on norms.")
    send(editor, "mask", page="event", value="Daniel Okafor")

    assert ">Two hours on norms.</textarea>" in editor.get(f"{DRAFT}event").text
    assert "Okafor" not in preview(editor)
    assert len(workspace.overlay().revisions) == 2


def test_what_a_slide_shows_of_people_is_kept_back_by_one_press(editor: TestClient, workspace: Workspace) -> None:
    """The account's page says what it is and on which slide, with its picture; the press makes that slide text."""
    write_atomically(workspace.root / Deck.FILE, a_deck("Welcome", "Ask ana.lind@example.org").canonical())
    pictures, before = preview(editor).count("<img"), editor.get(DRAFT).text
    (panel,) = re.findall(r'<section id="shown-by-slides".*?</section>', before, re.DOTALL)

    where = send(editor, "mask", **{"from": "shown-by-slides"}, value="ana.lind@example.org")

    assert "ana.lind@example.org" in panel
    assert re.search(r"<a [^>]*>slide 2<", panel)
    assert where == f"{DRAFT}#shown-by-slides"
    assert preview(editor).count("<img") < pictures
    assert "Take it back" in editor.get(DRAFT).text
    assert 'id="shown-by-slides"' not in editor.get(DRAFT).text


def test_a_word_is_put_right_wherever_it_stands(editor: TestClient, workspace: Workspace) -> None:
    """Every place is shown first, what sounds alike apart; what is chosen changes at once and goes back at once."""
    found = editor.get(f"{DRAFT}replace?find=norm&put=standard").text
    keys = re.findall(r'name="(hit-\w+)" value="([^"]+)" checked', found)
    places = dict(keys)
    assert len(places) == 3
    chosen = dict(keys[:-1])

    send(editor, "replace", page="replace", find="norm", put="standard", **chosen)

    now = preview(editor)
    assert "A standard is an expectation." in now
    assert "whether a norm is kept" in now
    group = next(r.group for r in workspace.overlay().revisions)
    send(editor, "undo", page="history", group=str(group))
    assert "standard" not in preview(editor)


def test_what_sounds_alike_is_offered(editor: TestClient, workspace: Workspace) -> None:
    """Unchecked: "low" for "law" is for a person to see."""
    found = editor.get(f"{DRAFT}replace?find=judge&put=lew").text

    assert workspace.slug
    assert re.search(r'name="hit-b1"[^>]*value="[^"]+">[^§]*<mark>law</mark>', found)


def test_the_history_reads_like_one(editor: TestClient, workspace: Workspace) -> None:
    """Saves of one sentence in a sitting are one entry, with the words that went and came; each can be taken back."""
    for text in ("A norm is a", "A norm is a hope.", "A norm is a strong hope."):
        send(editor, "sentence", sentence="bb00000001", do="save", text=text)
    send(editor, "slide", start="0:50", slide="1")
    page = editor.get(f"{DRAFT}history").text

    assert page.count("<p><strong>") == 2
    assert "saved 3 times" in page
    assert "<del>an expectation.</del> <ins>a strong hope.</ins>" in page
    send(editor, "undo", page="history", thing="sentence bb00000001")
    assert ">A norm is an expectation.</span> <a" in editor.get(DRAFT).text
    assert len(workspace.overlay().revisions) == 5


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("words", {"passage": "1"}),
        ("passage", {"passage": "2000", "do": "quote", "section": "nosuch"}),
        ("place", {"sentence": "bb00000001", "do": "up"}),
        ("place", {"sentence": "bb00000001", "do": "sideways"}),
        ("place", {"sentence": "bb00000001", "do": "there", "section": "nosuch"}),
        ("merge", {"voice": "s1", "into": "s1"}),
        ("undo", {"thing": "trim"}),
        ("trim", {"start": "soon"}),
        ("poster", {"do": "slide", "slide": "9"}),
        ("sections", {"do": "up nosuch"}),
        ("sections", {"do": "in nosuch"}),
        ("typed_question", {"item": "0"}),
        ("undo", {"group": "9"}),
        ("replace", {"find": "norm", "put": "", "hit-1": "x"}),
        ("replace", {"find": "norm", "put": "standard"}),
        ("label", {"sentence": "nosuch", "label": "x"}),
        ("mask", {"value": ""}),
        ("add", {"section": "key_points", "start": "1e9", "end": "2e9", "text": "x"}),
    ],
)
def test_what_makes_no_sense_is_said_in_words(
    editor: TestClient, workspace: Workspace, act: str, fields: dict[str, str]
) -> None:
    """On the page that it was sent from, and nothing changes."""
    answer = editor.post(f"{DRAFT}{act}", data=hidden(editor) | {"page": "transcript"} | fields)

    assert answer.status_code in (409, 412, 422)
    assert 'role="alert"' in answer.text
    assert 'aria-current="page">Transcript' in answer.text
    assert workspace.overlay().revisions == ()
