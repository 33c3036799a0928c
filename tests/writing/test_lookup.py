"""Terms and addresses that readers look up."""

import pytest

from digest.language.sentences import SpokenSentence
from digest.model.companions import ChatMessage, Companions, TypedQuestion
from digest.model.deck import Deck, Line, Link, Slide
from digest.model.evidence import Heard, Left, Shown
from digest.model.speech import Word
from digest.writing.lookup import addresses, expansions, spoken_addresses, unconfirmed_addresses, write_addresses

NOTHING = Companions()


def said(at: float, text: str, speaker: str = "s1", language: str = "en") -> SpokenSentence:
    """Return a sentence that begins at a second, two words a second."""
    words = text.split()
    return SpokenSentence(
        speaker,
        tuple(Word(text=w, start=at + n / 2, end=at + (n + 1) / 2, probability=1) for n, w in enumerate(words)),
        language,
    )


def a_slide(*lines: str, links: tuple[Link, ...] = (), hidden: bool = False) -> Deck:
    """Return a deck of one slide."""
    body = tuple(Line(text=line) for line in lines)
    return Deck(slides=(Slide(number=1, body=body, links=links, hidden=hidden, read_by="pptx"),))


def typed(*texts: str) -> Companions:
    """Return what the chat left."""
    return Companions(chat=tuple(ChatMessage.model_validate({"from": "Luc", "text": text}) for text in texts))


@pytest.mark.parametrize(
    ("language", "spoken", "written"),
    [
        ("en", "Go to dialogue dot example dot org slash norms today.", "Go to dialogue.example.org/norms today."),
        ("en", "It is example.org slash annual dash report, all of it.", "It is example.org/annual-report, all of it."),
        ("en", "See desk dash draft dot org, forward slash forms.", "See desk-draft.org/forms."),
        ("de", "Unter beispiel punkt org schrägstrich normen steht alles.", "Unter beispiel.org/normen steht alles."),
        ("de", "Auf werra bindestrich hainich punkt de slash wald.", "Auf werra-hainich.de/wald."),
        ("fr", "C'est sur exemple point org barre oblique normes.", "C'est sur exemple.org/normes."),
        ("fr", "Allez sur les tiret greniers point fr.", "Allez sur les-greniers.fr."),
        ("es", "Está en ejemplo punto org barra normas guion bajo dos.", "Está en ejemplo.org/normas_dos."),
        ("it", "Lo trovate su esempio punto it slash norme.", "Lo trovate su esempio.it/norme."),
        ("pt", "Está em exemplo ponto com ponto br barra normas.", "Está em exemplo.com.br/normas."),
        ("nl", "Kijk op voorbeeld punt nl schuine streep regels.", "Kijk op voorbeeld.nl/regels."),
    ],
)
def test_an_address_is_written_as_people_write_it(language: str, spoken: str, written: str) -> None:
    """Whoever says "dot" and "slash" means the signs, in each language by its own words."""
    assert write_addresses(spoken, language) == written


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Ese es un punto es que hay que ir a buscarlos."),
        ("es", "Llegamos al punto de partida y a otro punto de vista."),
        ("fr", "À ce point de vue, le point info est un point com."),
        ("it", "A un certo punto se ne va, e al punto no, il punto di vista."),
        ("pt", "Chegou a um ponto com o qual ninguém contava."),
        ("nl", "Het ging om één punt. Eén punt in een partij, dat is een ander punt."),
        ("de", "Und der Punkt de facto ist ein Punkt at last."),
        ("en", "Data equals data dot strip, then timezone dot utc and struct dot iter underscore unpack."),
        ("en", "There's a red dot, is it on? That's two, Dot, but okay. It isn't the dot it was."),
        ("en", "And then the four slash thirty-two nodes, minus one."),
    ],
)
def test_a_point_is_not_always_a_dot(language: str, text: str) -> None:
    """Points of view, red dots and code are no addresses."""
    assert write_addresses(text, language) == text
    assert not list(spoken_addresses(said(0, text, language=language)))


def test_what_was_spoken_once_is_no_link() -> None:
    """A misheard address would lead readers elsewhere: it goes to the editor with the sentence."""
    once = said(10, "Read it at dialog dot example dot org slash norms.")

    assert addresses([once], Deck(), NOTHING) == []
    assert list(unconfirmed_addresses([once], Deck(), NOTHING)) == [("https://dialog.example.org/norms", once)]


@pytest.mark.parametrize(
    ("at", "speaker", "links"),
    [(12, "s1", 0), (12, "s2", 1), (300, "s1", 1)],
    ids=["in one breath", "by another voice", "minutes later"],
)
def test_two_hearings_agree(at: float, speaker: str, links: int) -> None:
    """What two voices say, or one voice again much later, was heard right; what a recogniser copied is heard once."""
    first = said(5, "It is at www.example.org slash norms.")
    again = said(at, "Once more, example dot org slash norms.", speaker)

    found = addresses([first, again], Deck(), NOTHING)

    assert [one.url for one in found] == ["https://www.example.org/norms"] * links
    if found:
        assert found[0].text == "It is at www.example.org/norms."
        assert found[0].evidence == (Heard(start=5, end=first.end), Heard(start=at, end=again.end))


def test_what_a_slide_shows_is_a_link() -> None:
    """Linked or only written there, once; what is heard nearly so is that address and asks for nobody."""
    deck = a_slide(
        "Report: example.org/norms, mail to info@example.org",
        links=(Link(text="Norms", target="https://www.example.org/norms/"),),
    )
    heard = said(10, "It's on example dot org slash norm.")

    found = addresses([heard], deck, NOTHING)

    assert [(one.url, one.text, one.evidence) for one in found] == [
        ("https://www.example.org/norms/", "Norms", (Shown(slide=1),))
    ]
    assert list(unconfirmed_addresses([heard], deck, NOTHING)) == []
    assert addresses([], a_slide("See example.org/norms"), NOTHING)[0].url == "https://example.org/norms"
    assert addresses([], a_slide("See example.org/norms", hidden=True), NOTHING) == []


def test_what_was_typed_is_a_link() -> None:
    """With https or without, in the chat or in a typed answer, once; a link into the meeting leads no reader there."""
    chat = typed("See https://igf.example.org/2016, and", "Again igf.example.org/2016", "https://meet.example.org/w/1")
    answered = TypedQuestion(text="Where?", answer="At www.example.org/where.")

    found = addresses([], Deck(), chat.model_copy(update={"questions": (answered,)}))

    assert [(one.url, one.evidence) for one in found] == [
        ("https://igf.example.org/2016", (Left(companion="chat", item=0),)),
        ("https://www.example.org/where", (Left(companion="questions", item=0),)),
    ]


@pytest.mark.parametrize(
    "text", ["Write to info@example.org.", "Write to CDRH-EUA-templates@FDA.hhs.gov, please.", "b.w (at) example.org"]
)
def test_mail_is_no_link(text: str) -> None:
    """The host of somebody's mail is no page for readers."""
    assert not list(spoken_addresses(said(0, text)))
    assert addresses([], a_slide(text), NOTHING) == []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("The UN GGE, the Group of Governmental Experts, met.", "en", [("UN GGE", "Group of Governmental Experts")]),
        ("An HTLC (Hash Time Locked Contract) pays.", "en", [("HTLC", "Hash Time Locked Contract")]),
        (
            "Die Freiwillige Selbstkontrolle Filmwirtschaft, kurz FSF.",
            "de",
            [("FSF", "Freiwillige Selbstkontrolle Filmwirtschaft")],
        ),
        ("Le PIB, c'est-à-dire le produit intérieur brut, baisse.", "fr", [("PIB", "produit intérieur brut")]),
        ("O TCU, que é o Tribunal de Contas da União, disse.", "pt", [("TCU", "Tribunal de Contas da União")]),
        ("The proving unit, PU six-ninety S.", "en", []),
        ("Artificial Intelligence (AI) helps.", "en", [("AI", "Artificial Intelligence")]),
        ("The station U18, U16 and others.", "en", []),
    ],
)
def test_an_acronym_is_expanded_by_its_initials(text: str, language: str, found: list[tuple[str, str]]) -> None:
    """Words beside an acronym that begin with its letters are what it stands for, in any language."""
    assert [(term, long) for term, long, _ in expansions([said(0, text, language=language)], Deck())] == found
