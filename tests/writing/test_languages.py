"""Webinars in French and Spanish: nothing English is applied to them; of a language without lists that is said."""

import html
from dataclasses import dataclass

import pytest

from digest.editing import revise
from digest.faithfulness.doubts import doubts
from digest.language.sentences import SpokenSentence
from digest.model.alignment import Alignment, Interval
from digest.model.companions import Companions
from digest.model.deck import Deck, Pages
from digest.model.digest import Digest
from digest.model.drop import Drop
from digest.model.edition import Artifacts
from digest.model.event import EventSpeaker
from digest.model.evidence import Heard
from digest.model.outline import Outline
from digest.model.overlay import Overlay
from digest.model.speech import Speakers, Terms, Transcript, Word
from digest.settings import Settings, WritingSettings
from digest.site import digest_page
from digest.writing import outline, write
from tests.builders import a_deck, a_recording, an_event, by_turns, spoken
from tests.site.editions import published

FRENCH = (
    ("Claire Dubois", "Bonsoir à toutes et à tous. Nous nous réunissons ce soir autour des câbles sous la mer."),
    ("Claire Dubois", "Notre invité est Ousmane Sarr, ingénieur à la Société des Câbles de Dakar."),
    (
        "Ousmane Sarr",
        (
            "Merci. On compte aujourd'hui plus de 400 câbles, longs de 1,3 million de kilomètres. "
            "Presque tout le trafic entre les continents passe par ces câbles. "
            "Depuis 2012, les grandes plateformes possèdent plus de la moitié de la capacité. "
            "Deux tiers des pannes viennent des ancres et des filets de pêche. "
            "Un navire met de 10 à 20 jours pour réparer un câble devant Abidjan. "
            "Les pays de la région devraient avoir plusieurs points d'arrivée."
        ),
    ),
    ("Fatou Ndiaye", "Bonsoir. Qui paie la réparation quand un câble se casse en haute mer ?"),
    (
        "Ousmane Sarr",
        "Le consortium paie, et chacun des 14 membres donne sa part. À Dakar, nous nous sommes assurés en 2019.",
    ),
    ("Claire Dubois", "Merci beaucoup. La prochaine rencontre aura lieu le 13 avril. Bonne nuit."),
)
SPANISH = (
    ("Lucía Prieto", "Buenas tardes. Hoy hablamos de las normas para los Estados en el ciberespacio."),
    ("Lucía Prieto", "Nos acompaña Andrés Molina, director de política digital en la Fundación Horizonte."),
    (
        "Andrés Molina",
        (
            "Gracias. He visto doce informes en Madrid desde 2015. Los Estados aprobaron 11 normas en Nueva York. "
            "La OEA publicó 16 medidas de confianza en Bogotá. Más de 30 países desarrollan capacidades ofensivas. "
            "Las empresas no deben instalar puertas traseras en sus productos. "
            "En México, 48 delegados participaron en la última consulta regional."
        ),
    ),
    ("Pablo Ruiz", "Hola. ¿Quién comprueba que los Estados cumplen estas normas?"),
    ("Andrés Molina", "Hoy nadie lo comprueba. Proponemos un grupo de 20 expertos de las universidades de la región."),
    ("Lucía Prieto", "Muchas gracias. El próximo seminario es el 20 de junio. Hasta pronto."),
)
TALKS = {"fr": FRENCH, "es": SPANISH}


@dataclass(frozen=True)
class Talk:
    """A webinar with its artifacts."""

    transcript: Transcript
    speakers: Speakers
    shown: Alignment
    chapters: Outline
    digest: Digest


def told(language: str) -> Talk:
    """Return outline and digest of a talk."""
    at, texts, turns = 0.0, list[tuple[float, str]](), list[tuple[float, float, str]]()
    for speaker, text in TALKS[language]:
        texts.append((at, text))
        turns.append((at, at + len(text.split()) / 2, speaker))
        at = turns[-1][1]
    transcript, speakers = spoken(*texts).model_copy(update={"language": language}), by_turns(*turns)
    shown = Alignment(intervals=(Interval(start=0, end=at, slide=None, confidence=1, known_by="none"),))
    people = [EventSpeaker(name=name) for name in dict.fromkeys(name for name, _ in TALKS[language])][:2]
    event = an_event(title="Webinar", language=language, speakers=tuple(people))
    chapters = outline(transcript, speakers, Deck(), shown)
    media, settings = a_recording(seconds=at), WritingSettings(share=0.5)
    digest = write(event, chapters, media, transcript, speakers, Deck(), shown, Companions(), Terms(), settings)
    return Talk(transcript, speakers, shown, chapters, digest)


def a_sentence(text: str, language: str) -> SpokenSentence:
    """Return a sentence of a language."""
    words = tuple(Word(text=word, start=n, end=n + 0.9, probability=1) for n, word in enumerate(text.split()))
    return SpokenSentence("s1", words, language)


@pytest.mark.parametrize("language", TALKS)
def test_the_account_is_made_of_what_was_said(language: str) -> None:
    """Each sentence is quoted as it was said, but for what says nothing at its head, from the seconds it points to."""
    talk = told(language)
    said = " ".join(text for _, text in TALKS[language]).casefold()

    for one in (*talk.digest.key_points, *(s for c in talk.digest.chapters for s in c.sentences)):
        (rests,) = one.evidence
        assert isinstance(rests, Heard)
        assert all(part.casefold().rstrip(".") in said for part in one.text.split(". "))
    assert any(chapter.sentences for chapter in talk.digest.chapters)
    assert talk.digest.in_brief


def test_what_is_missing_is_said() -> None:
    """Staff read that nothing is listed of a language, and that the account is weaker there."""
    transcript = spoken((0, "Kaapeli katkesi maaliskuussa ja korjattiin kesällä.")).model_copy(
        update={"language": "fi"}
    )
    voices = by_turns((0, 10, "Aino"))
    shown = Alignment(intervals=(Interval(start=0, end=10, slide=None, confidence=1, known_by="none"),))
    chapters = outline(transcript, voices, Deck(), shown)

    digest = write(
        an_event(language="fi"), chapters, a_recording(seconds=10), transcript, voices, Deck(), shown, Companions(),
        Terms(), WritingSettings(),
    )  # fmt: skip

    assert any("No words of this language are listed" in remark for remark in digest.remarks)
    assert not any("are listed" in remark for language in TALKS for remark in told(language).digest.remarks)


def test_the_gate_checks_what_needs_no_rules() -> None:
    """Digits, names and shared words are checked in any language; negations and number words in English alone."""
    said = [a_sentence("Les États ont adopté 11 normes à Vienne en 2013.", "fr")]

    assert doubts("Les États ont adopté 11 normes en 2013.", "s1", said) == ()
    assert any("12" in doubt for doubt in doubts("Les États ont adopté 12 normes à Vienne.", "s1", said))
    assert any("Genève" in doubt for doubt in doubts("Les États ont adopté 11 normes à Genève.", "s1", said))
    assert doubts("Quelqu'un mange volontiers des pommes rouges.", "s1", said) == ("other words than what was said",)


def test_the_page_says_which_language_it_speaks() -> None:
    """What was said stands under the language of the webinar, so that a screen reader pronounces it."""
    talk = told("fr")
    draft = Artifacts(
        drop=Drop(slug="cables", folder="cables", files=()),
        companions=Companions(),
        deck=a_deck(),
        pages=Pages(),
        event=an_event(title="Des câbles sous la mer", language="fr"),
        media=a_recording(seconds=talk.shown.intervals[-1].end),
        terms=Terms(),
        transcript=talk.transcript,
        speakers=talk.speakers,
        alignment=talk.shown,
        outline=talk.chapters,
        digest=talk.digest,
    )

    page = digest_page.render(published(revise(draft, Overlay()), by="Ana"), Settings(), address=lambda file: file.path)

    article = page.split('<article lang="fr" dir="ltr">')[1]
    told_there = [one for chapter in talk.digest.chapters for one in chapter.sentences]
    assert all(html.escape(one.text) in article.replace("&#39;", "&#x27;") for one in told_there)
    assert '<h2 id="discussion" lang="en" dir="ltr">' in article
