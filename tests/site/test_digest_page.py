"""What readers find on the digest page."""

import gzip
import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.exports import make_exports
from digest.model.artifact import Span, StoredFile
from digest.model.deck import Line, PartPicture
from digest.model.digest import Resource, Sentence, TermEntry, WritingModel
from digest.model.edition import Edition
from digest.model.event import EventSpeaker
from digest.model.evidence import Announced, Heard
from digest.model.speech import Word
from digest.privacy import public_edition
from digest.settings import Settings
from digest.site import digest_page
from digest.store.workspace import Workspace
from tests.site.editions import an_edition, from_slide, full, long, published

STATIC = Path(__file__).parents[2] / "templates" / "static"
HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
DEMONSTRATION = "approved by a script, read by no editor; people invented, voices synthetic"


def by_name(file: StoredFile) -> str:
    """Serve each file under its last name."""
    return file.path.rpartition("/")[2]


def a_word(start: float, end: float) -> Word:
    """Return a word at its seconds."""
    return Word(text="So.", start=start, end=end, probability=1)


def page_of(edition: Edition, settings: Settings, *, by: str = "Ana Lind") -> str:
    """Return the page of an Edition."""
    return digest_page.render(published(edition, by=by), settings, address=by_name)


def exports_of(edition: Edition, folder: Path) -> dict[str, str]:
    """Return what the exports of an Edition say, by their names."""
    workspace = Workspace(folder / "workspace")
    made = make_exports(published(edition), workspace.root, Settings(), workspace.find)
    return {name: workspace.find(file).read_text(encoding="utf-8") for name, file in made.items()}


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """Return an Edition with something in every section."""
    return full(an_edition(tmp_path))


def test_every_sentence_leads_to_what_it_rests_on(edition: Edition, settings: Settings) -> None:
    """Each sentence has an address of its own and is followed by its times or slides, also without a script."""
    page = page_of(edition, settings)

    for sentence in edition.digest.sentences():
        own = page.split(f'id="s-{sentence.id}"')[1].split(f'href="#s-{sentence.id}"')[0]
        assert html.escape(sentence.text) in own.replace("&#39;", "&#x27;")
        for evidence in sentence.evidence:
            if isinstance(evidence, Heard):
                assert f'href="web.mp4#t={int(evidence.start)}"' in own
    assert 'href="#slide-2">slide 2</a>' in page
    assert 'id="slide-2"' in page
    assert 'id="question-1"' in page


def test_what_is_in_another_language_says_so(edition: Edition, settings: Settings, tmp_path: Path) -> None:
    """A screen reader changes its voice, on the page and in the captions that players read; .srt knows no such."""
    first, *others = edition.paragraphs
    mixed = edition.model_copy(update={"paragraphs": (first.model_copy(update={"language": "ar"}), *others)})

    page, exports = page_of(mixed, settings), exports_of(mixed, tmp_path)

    assert '<span class="said" lang="ar" dir="rtl">' in page
    assert '<span class="said">' in page
    assert '<span class="said" lang' not in page_of(edition, settings)
    assert "<lang ar>" in exports["captions-vtt"]
    assert "<lang" not in exports["captions-srt"]


def test_no_text_can_become_markup(edition: Edition, settings: Settings) -> None:
    """Whatever stands in a field, a reader sees it as text."""
    bad = Sentence(id="bad", text=HOSTILE, evidence=(Heard(start=1, end=2),))
    word = edition.paragraphs[0].words[0].model_copy(update={"text": HOSTILE})
    digest = edition.digest.model_copy(
        update={
            "writer": HOSTILE,
            "model": WritingModel(name=HOSTILE, is_local=True),
            "in_brief": (bad,),
            "terms": (TermEntry(term=HOSTILE, sentence=from_slide("x", HOSTILE, 1)),),
            "resources": (Resource(url="javascript:alert(1)", sentence=from_slide("y", HOSTILE, 1)),),
        }
    )
    event = edition.event.model_copy(
        update={"title": HOSTILE, "licence": HOSTILE, "speakers": (EventSpeaker(name=HOSTILE, role=HOSTILE),)}
    )
    hostile = edition.model_copy(
        update={
            "digest": digest,
            "event": event,
            "model": HOSTILE,
            "language": HOSTILE,
            "paragraphs": (edition.paragraphs[0].model_copy(update={"words": (word,)}),),
            "slides": tuple(slide.model_copy(update={"title": HOSTILE}) for slide in edition.slides),
        }
    )

    page = page_of(hostile, settings, by=HOSTILE)

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert "49" not in re.findall(r"alert\(1\)\S*? ?(\d+)", page)
    assert page.count("<script") == page.count("</script>") == page_of(edition, settings).count("<script")


def test_an_address_stands_once(edition: Edition, settings: Settings) -> None:
    """A resource of which nothing is known but its address is a link, and no line that says it again."""
    bare, told = "https://example.org/report/", "https://example.org/more"
    resources = (
        Resource(url=bare, sentence=from_slide("r1", "example.org/report", 1)),
        Resource(url=told, sentence=from_slide("r2", "More of it.", 1)),
    )
    digest = edition.digest.model_copy(update={"resources": resources})

    page = page_of(edition.model_copy(update={"digest": digest}), settings)

    assert f'<a href="{bare}" rel="noopener">{bare}</a> <span' in page
    assert f'<a href="{told}" rel="noopener">{told}</a><br>' in page


def test_the_transcript_reads_clean_and_captions_word_for_word(
    edition: Edition, settings: Settings, tmp_path: Path
) -> None:
    """Who reads is spared the “um”; who cannot hear gets what the others hear, and so does who takes the text away."""
    page, files = page_of(edition, settings), exports_of(edition, tmp_path)

    assert "good morning, and good evening" in page
    for name in ("captions-vtt", "transcript"):
        assert "good morning, and, um, good evening" in " ".join(files[name].split())


def test_slides_are_read_out_where_they_were_shown(edition: Edition, settings: Settings) -> None:
    """Amid the transcript stands what a slide says as it comes on, once; who cannot see it misses nothing.

    It stands inside a paragraph if it came on there: no time is earlier than the one above it.
    """
    transcript = page_of(edition, settings).partition('id="transcript"')[2].partition("</section>")[0]
    times = [float(time) for time in re.findall(r'data-t="([\d.]+)"', transcript)]

    assert times == sorted(times)
    assert transcript.index("A line of slide 1<") < transcript.index("Our guest is Daniel")
    assert transcript.index("A line of slide 2") < transcript.index("let me start with the why")
    assert transcript.count("A line of slide 3") == 1
    assert transcript.count("(again)") == 1
    assert transcript.index("A line of slide 3") < transcript.index("(again)")
    assert "slide 5" not in transcript.casefold()  # it was never on


def test_each_slide_of_a_panel_names_its_presentation(edition: Edition, settings: Settings, tmp_path: Path) -> None:
    """The caption says whose slides these are; each presentation is there to take away; roles leave no name of one."""
    decks = ["On Ann's norms" if slide.number < 3 else "Law" for slide in edition.slides]
    slides = tuple(slide.model_copy(update={"deck": deck}) for slide, deck in zip(edition.slides, decks, strict=True))
    more = (StoredFile(path="drop/deck-2.pdf", sha256="6" * 64, size=1),)
    first = StoredFile(path="drop/deck-1.pdf", sha256="5" * 64, size=1)
    panel = edition.model_copy(update={"slides": slides, "original_deck": first, "more_original_decks": more})

    page = page_of(panel, settings)

    assert page.count('<span class="of-deck">Law</span>') == len(slides) - 2
    assert page.count('<span class="of-deck">On Ann&#39;s norms</span>') == 2
    assert 'href="deck-1.pdf" download>Presentation (original file) 1</a>' in page
    assert 'href="deck-2.pdf" download>Presentation (original file) 2</a>' in page
    assert '"deck": "Law"' in exports_of(panel, tmp_path)["digest"]
    agreed = panel.model_copy(update={"event": panel.event.model_copy(update={"chatham_house": True})})
    assert "of-deck" not in page_of(agreed, settings)


def test_of_speakers_stands_what_is_known(edition: Edition, settings: Settings) -> None:
    """Each announced speaker has what they are, a link and where they are first heard; a bare name is no section."""
    roles = ("Moderator", "Halden Systems")
    people = tuple(
        EventSpeaker(name=name, role=role, url="https://example.org/people")
        for name, role in zip(("Hannah Whitcombe", "Daniel Okafor"), roles, strict=True)
    )

    def about(speakers: tuple[EventSpeaker, ...], **changed: object) -> str:
        event = edition.event.model_copy(update={"speakers": speakers, **changed})
        page = page_of(edition.model_copy(update={"event": event}), settings)
        return page.partition('id="about"')[2].partition("</section>")[0]

    told = about(people)

    assert all(role in told for role in roles)
    assert '<a href="https://example.org/people" rel="noopener">Daniel Okafor</a>' in told
    assert 'data-t="28' in told
    assert about(tuple(EventSpeaker(name=one.name) for one in people)) == ""
    assert about(people, chatham_house=True) == ""


def test_a_poll_shows_how_many_chose_what(edition: Edition, settings: Settings) -> None:
    """The answers stand with their numbers, the most given first; without a poll there is no such section."""
    none = edition.model_copy(update={"digest": edition.digest.model_copy(update={"polls": ()})})

    table = page_of(edition, settings).partition('id="polls"')[2].partition("</table>")[0]

    assert re.findall(r'row">(.+?)</th><td class="votes">(\d+)</td>.*?> (\d+ %)', table) == [
        ("Nobody", "3", "75 %"),
        ("Ministries", "1", "25 %"),
    ]
    assert 'id="polls"' not in page_of(none, settings)


def test_readers_learn_whose_words_the_transcript_has(edition: Edition, settings: Settings) -> None:
    """Where a person's captions gave the words, the page says so, and which model found their times."""
    written = edition.model_copy(update={"words_by": "person"})

    assert "A person wrote down what was said" in page_of(written, settings)
    assert "A person wrote down what was said" not in page_of(edition, settings)


def test_nothing_is_said_where_nobody_knows_who_spoke(edition: Edition, settings: Settings) -> None:
    """A voice without a name is quoted without one."""
    unnamed = tuple(speaker.model_copy(update={"name": None}) for speaker in edition.speakers)
    silent = edition.event.model_copy(update={"speakers": ()})

    page = page_of(edition.model_copy(update={"speakers": unnamed, "event": silent}), settings)

    assert 'class="name"' not in page
    assert 'class="who"' not in page


def test_the_audience_is_named_only_where_that_is_agreed(edition: Edition, settings: Settings, tmp_path: Path) -> None:
    """Who asked has a name on the page and in the captions if event.toml says so or an editor gave it, else none."""
    asked = edition.digest.questions[0].model_copy(update={"asked_by": "Priya Raman"})
    digest = edition.digest.model_copy(update={"questions": (asked,)})
    heard = tuple(s.model_copy(update={"known_by": "introduction"}) for s in edition.speakers)
    given = tuple(s.model_copy(update={"known_by": "editor"}) for s in edition.speakers)
    unnamed = edition.model_copy(update={"digest": digest, "speakers": heard})
    agreed = unnamed.model_copy(update={"event": edition.event.model_copy(update={"name_audience": True})})

    page = page_of(unnamed, settings)

    assert "asked by" not in page
    assert 'class="name">Priya' not in page
    assert 'class="name">Hannah' in page
    assert "<v Priya" not in exports_of(unnamed, tmp_path)["captions-vtt"]
    assert "</span> Priya Raman" in page_of(agreed, settings)
    assert "<v Priya" in exports_of(agreed, tmp_path)["captions-vtt"]
    assert 'class="name">Priya' in page_of(unnamed.model_copy(update={"speakers": given}), settings)


def test_roles_stand_for_names_under_the_chatham_house_rule(edition: Edition, settings: Settings) -> None:
    """Where the rule holds, no name of a speaker is in the page's own attribution."""
    event = edition.event.model_copy(update={"chatham_house": True})

    page = page_of(edition.model_copy(update={"event": event}), settings)

    assert 'class="name">Hannah' not in page
    assert "<strong>Hannah Whitcombe" not in page
    assert "<strong>Moderator, Geneva Digital Dialogue" in page


def test_what_was_announced_says_so(edition: Edition, settings: Settings) -> None:
    """A sentence that rests on the announcement says so; of many seconds six are links. Search engines get all."""
    many = tuple(Heard(start=at, end=at + 1) for at in range(10))
    first = Sentence(id="b1", text="It took place in May.", evidence=(Announced(field="starts_at"),))
    second = Sentence(id="b2", text="It has ten answers.", evidence=many)
    digest = edition.digest.model_copy(update={"in_brief": (first, second)})

    page = page_of(edition.model_copy(update={"digest": digest}), settings)

    assert '<span class="source">announced</span>' in page.split('id="s-b1"')[1].split("¶")[0]
    assert page.split('id="s-b2"')[1].split("¶")[0].count("data-t") == 6
    assert '<meta name="description" content="It took place in May. It has ten answers.">' in page


def test_names_that_are_spoken_are_roles_too(edition: Edition, settings: Settings, tmp_path: Path) -> None:
    """Where the recording is out under the rule, transcript and captions have no name of anybody who spoke."""
    event = edition.event.model_copy(update={"chatham_house": True, "publish_recording": True})
    secret = edition.model_copy(update={"event": event})

    files = exports_of(secret, tmp_path)
    texts = [page_of(secret, settings), *files.values()]

    names = {part for speaker in edition.speakers for part in (speaker.name or "").split()}
    assert {"Daniel", "Okafor", "Priya", "Raman"} <= names
    for text in texts:
        assert not {name for name in names if re.search(rf"\b{name}\b", text)}
    assert "Our guest is [Director of Cybersecurity Policy, Halden Systems], director" in " ".join(
        files["transcript"].split()
    )


def test_nobody_is_named_in_text_or_picture_under_the_chatham_house_rule(edition: Edition, settings: Settings) -> None:
    """A sentence has the role in brackets; a slide that names a speaker is set as text, and there is no PDF of it."""
    nameless = EventSpeaker(name="", role="Chair")  # an editor may write a line ", Chair"
    speakers = (*edition.event.speakers, nameless)
    event = edition.event.model_copy(update={"chatham_house": True, "publish_recording": False, "speakers": speakers})
    said = edition.digest.key_points[0].model_copy(update={"text": "Our guest is Daniel Okafor; thank you, Mr Okafor."})
    first, *others = edition.slides
    titled = first.model_copy(update={"body": (Line(text="Daniel Okafor, Halden Systems"),)})
    digest = edition.digest.model_copy(update={"in_brief": (), "chapters": (), "key_points": (said,)})
    slides = (titled, *others)
    secret = edition.model_copy(update={"event": event, "digest": digest, "slides": slides})

    page = page_of(secret, settings)

    assert "Okafor" not in page
    role = "[Director of Cybersecurity Policy, Halden Systems]"
    assert f"Our guest is {role}; thank you, Mr {role}." in page
    assert "slides.pdf" not in page
    assert f'<li id="slide-{titled.number}"' in page
    assert "0.webp" not in page
    assert "1.webp" in page


def test_a_recording_that_is_not_published_leaves_no_trace(
    edition: Edition, settings: Settings, tmp_path: Path
) -> None:
    """Without leave to publish it there is no player, no caption, no transcript, no link into it."""
    event = edition.event.model_copy(update={"publish_recording": False})
    silent = edition.model_copy(update={"event": event})

    page = page_of(silent, settings)

    assert not re.search(r"<video|<audio|<track|web\.mp4|poster\.webp|data-t|id=\"transcript\"|id=\"played\"", page)
    ((name, text),) = exports_of(silent, tmp_path).items()
    assert (name, json.loads(text)["transcript"]) == ("digest", [])
    assert "The recording itself is not published." in page
    assert "slides.pdf" in page


def test_the_colophon_says_how_the_page_was_made(edition: Edition, settings: Settings) -> None:
    """Model, writer, unedited share, revision and approver are told in plain words; nobody claims to have verified."""
    page = page_of(edition, settings)
    corrected = page_of(edition.model_copy(update={"unedited_share": 0.9, "revision": 4}), settings)
    demonstration = page_of(edition, settings, by="demonstration")

    assert f"A computer wrote down what was said (Whisper, model {edition.model})." in page
    assert "Every sentence stands as the machine wrote it." in page
    assert "Editors corrected it; 90 % of the sentences stand as the machine wrote them." in corrected
    assert "Ana Lind approved this page on 1 December 2016." in page
    assert "It was published on 1 December 2016 (revision 4)." in corrected
    assert "corrected on" not in page
    assert DEMONSTRATION not in page
    assert DEMONSTRATION in demonstration
    assert "approved this page" not in demonstration
    assert "verified" not in re.sub(r'<span class="said">.*?</span>|<script.*?</script>', "", page, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("is_local", "where"), [(True, "on the machine that made this page"), (False, "asked over the network")]
)
def test_a_language_model_is_named(edition: Edition, settings: Settings, is_local: bool, where: str) -> None:
    """Readers learn that a language model worded the account, which one, and whether it ran in the house."""
    model = WritingModel(name="careful-7b", is_local=is_local)
    digest = edition.digest.model_copy(update={"writer": "llm", "model": model})

    page = page_of(edition.model_copy(update={"digest": digest}), settings)

    assert f"From that, the language model careful-7b, {where}, wrote the account." in page


def test_a_correction_says_when(edition: Edition, settings: Settings) -> None:
    """Who comes back learns beside the date, and where it is told how the page was made, that it was corrected."""
    before = datetime(2016, 11, 25, 9, tzinfo=UTC)
    publication = published(edition).model_copy(update={"first_published_at": before})

    page = digest_page.render(publication, settings, address=by_name)

    assert "<strong>corrected on 1 December 2016</strong>" in page.split("<h1>")[0]
    assert "It was first published on 25 November 2016 and corrected on 1 December 2016" in page


def test_sections_of_one_line_share_a_block(edition: Edition, settings: Settings) -> None:
    """What has one line takes one: they stand together, in their order, and whatever has more stands by itself."""
    page = page_of(edition, settings)
    two = edition.digest.model_copy(update={"figures": edition.digest.figures * 2})
    with_two = page_of(edition.model_copy(update={"digest": two}), settings)

    def headings(html: str) -> list[str]:
        block = html.partition('<div class="in-short">')[2].partition("</div>")[0]
        return re.findall(r'<h2 id="([\w-]+)"', block)

    assert headings(page) == ["figures", "terms", "resources"]
    assert headings(with_two) == ["terms", "resources"]
    assert page.count('id="figures"') == with_two.count('id="figures"') == 1


def test_pauses_are_told_in_page_time(edition: Edition, settings: Settings) -> None:
    """What is skipped leaves half a second of a pause at either end; a few seconds in all are not worth a button."""
    spoken = edition.paragraphs[0].model_copy(update={"words": (a_word(10, 20), a_word(40, 50), a_word(52, 60))})
    shown = edition.model_copy(update={"paragraphs": (spoken,), "shown": Span(start=10, end=60)})

    def page(*voiced: tuple[float, float]) -> str:
        heard = public_edition(shown, voiced=tuple(Span(start=start, end=end) for start, end in voiced))
        publication = published(shown).model_copy(update={"edition": heard})
        return digest_page.render(publication, settings, address=by_name)

    assert '"pauses": [[10.5, 29.5], [40.5, 41.5]]' in page((11, 19))
    assert "Skip 0:20 of pauses" in page((11, 19))
    assert '"pauses": []' in page((11, 19), (24, 36))  # a voice whose words were lost is heard
    assert "skip-pauses" not in page((11, 19), (24, 36))
    assert '"pauses": []' in page()


def test_who_is_named_in_a_sentence_is_not_named_behind_it(edition: Edition, settings: Settings) -> None:
    """“Okafor noted …” needs no “Daniel Okafor” after it; a sentence that names nobody has it."""
    speaker = edition.speakers[0].model_copy(update={"name": "Daniel Okafor", "known_by": "editor"})
    rests = edition.digest.key_points[0].evidence
    points = tuple(
        Sentence(id=f"k{at}", text=text, speaker=speaker.id, evidence=rests)
        for at, text in enumerate(("Okafor noted that it was late.", "It was late."))
    )
    digest = edition.digest.model_copy(update={"key_points": points})

    page = page_of(edition.model_copy(update={"digest": digest, "speakers": (speaker,)}), settings)

    named, unnamed = (page.split(f'id="s-k{at}"')[1].split("permalink")[0] for at in (0, 1))
    assert 'class="who"' not in named
    assert '<span class="who">Daniel Okafor</span>' in unnamed


def test_the_script_knows_when_each_word_was_said(edition: Edition, settings: Settings) -> None:
    """Word times travel as differences; added up they are the transcript's, in hundredths of a second."""
    page = page_of(edition, settings)
    played = json.loads(page.split('id="played">')[1].split("</script>")[0])
    said = re.findall(r'<span class="said">(.*?)</span>', page)
    last = {f"{paragraph.words[-1].text}": paragraph.words[-1].start * 100 for paragraph in edition.paragraphs}

    for text, deltas in zip(said, played["words"], strict=True):
        assert len(deltas) == len(text.split(" "))
    ends = [sum(deltas) for deltas in played["words"]]
    assert ends == sorted(ends)
    assert all(any(abs(end - start) <= 1 for end in ends) for start in last.values())
    assert played["cues"][0][2].startswith("Good afternoon")


def test_pages_speak_page_time(edition: Edition, settings: Settings) -> None:
    """Where the beginning was cut off, every time on the page counts from what is left."""
    cut = edition.model_copy(update={"shown": edition.shown.model_copy(update={"start": 10.0})})
    sentence = edition.digest.key_points[0]
    heard = next(evidence for evidence in sentence.evidence if isinstance(evidence, Heard))

    page = page_of(cut, settings)

    own = page.split(f'id="s-{sentence.id}"')[1].split("permalink")[0]
    assert f"#t={int(heard.start - 10)}" in own


def test_a_slide_without_a_picture_is_set_as_text(edition: Edition, settings: Settings) -> None:
    """Where no picture could be drawn, readers still get what the slide says, and the pictures that stand on it."""
    image = edition.slides[1].image
    assert image
    part = PartPicture(**image.model_dump(), number=2, alt="A ship that lays cables")
    undrawn = {"image": None, "thumbnail": None, "alt_texts": (part.alt, "A map")}
    bare = tuple(
        slide.model_copy(update=undrawn | {"parts": (part,) if slide.number == 2 else ()}) for slide in edition.slides
    )

    page = page_of(edition.model_copy(update={"slides": bare}), settings)

    assert "slide-picture" not in page
    assert "A line of slide 2" in page
    assert page.count('alt="A ship that lays cables"') == 1
    assert page.count("<p>A map</p>") == 1  # said already where the picture is


def test_an_audio_recording_gets_an_audio_player(edition: Edition, settings: Settings) -> None:
    """A recording without picture is played as sound."""
    page = page_of(edition.model_copy(update={"has_video": False}), settings)

    assert "<audio" in page
    assert "<video" not in page


def test_a_long_webinar_is_light(edition: Edition, settings: Settings) -> None:
    """Who only reads ninety minutes with sixty slides loads 150 kB packed beside pictures, 40 of them scripts."""
    page = page_of(long(edition), settings)

    static = {name: (STATIC / name).read_bytes() for name in re.findall(r"/static/([\w.-]+)", page)}
    scripts = sum(len(gzip.compress(content)) for name, content in static.items() if name.endswith(".js"))
    packed = sum(len(gzip.compress(content)) for content in (page.encode(), *static.values()))
    assert page.count('class="slide-picture"') == 60
    assert len(re.findall(r'data-end="', page)) == 60
    assert scripts <= 40_000
    assert packed <= 150_000


def test_each_language_is_written_its_own_way(edition: Edition, settings: Settings) -> None:
    """An Arabic account stands from right to left on a page whose own words are English, and these stay as they are."""
    page = page_of(edition.model_copy(update={"language": "ar"}), settings)

    assert '<html lang="en" dir="ltr">' in page
    assert '<article lang="ar" dir="rtl">' in page
    assert '<div class="bar" lang="en" dir="ltr">' in page
