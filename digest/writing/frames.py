"""The sentences around what was said, in each language that has them: what is known in, a sentence out.

None needs somebody's gender, and but for one and many none needs a number. None says what kind of event it was: nobody
wrote down whether it was a webinar or a press conference. Events are told in the past tense, what the digest holds in
the present.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

QUOTED = r"[«“„\"]\s?([^«»“”„\"]+?)\s?[»”“\"]"  # in the marks of any language


@dataclass(frozen=True)
class Frame:
    """How a language words what is known of a webinar; `locale` is how it writes dates and lists.

    Placeholders: {title} in quotation marks; {by} is `by` with the organisers or nothing; {names}, {count}, {text}.
    """

    locale: str
    quotes: tuple[str, str]
    inner: tuple[str, str]  # within others
    took_place: str
    is_about: str  # where nobody wrote down when it took place
    by: str
    one_spoke: str
    many_spoke: str
    were_announced: str
    chapters: str
    announcement: str
    one_answer: str
    many_answers: str
    said: str
    somebody: str  # of the audience, whose name is not for readers
    first_of_month: tuple[str, str] = ("", "")  # how dates begin on the first, and how they should
    before_vowel: tuple[str, str] = ("", "")  # what the last "and" of a list is, and becomes: "y Inés" is "e Inés"

    def quote(self, text: str) -> str:
        """Return a text in quotation marks; those that it holds become inner ones."""
        inside = re.sub(QUOTED, rf"{self.inner[0]}\1{self.inner[1]}", text)
        return f"{self.quotes[0]}{inside}{self.quotes[1]}"

    def day(self, day: date) -> str:
        """Return a day as people write it: 23 November 2016."""
        from babel.dates import format_date

        text = str(format_date(day, format="long", locale=self.locale))
        before, after = self.first_of_month
        return after + text.removeprefix(before) if day.day == 1 and before else text

    def enumerate(self, items: Sequence[str]) -> str:
        """Return items as a list within a sentence: "A, B and C"."""
        from babel.lists import format_list

        listed = str(format_list(list(items), locale=self.locale))
        pattern, instead = self.before_vowel
        return re.sub(pattern, instead, listed) if pattern else listed


FRAMES = {
    "en": Frame(
        "en_GB",
        ("“", "”"),
        ("‘", "’"),
        took_place="The event {title}{by} took place on {day}.",
        is_about="This is the digest of the event {title}{by}.",
        by=", organised by {names},",
        one_spoke="The speaker was {names}.",
        many_spoke="The speakers were {names}.",
        were_announced="The announcement named {names}.",
        chapters="The chapters include {names}.",
        announcement="From the announcement: {text}",
        one_answer="The digest has the answer to one question from the audience.",
        many_answers="The digest has the answers to {count} questions from the audience.",
        said="{names} said: {text}",
        somebody="a participant",
    ),
    "de": Frame(
        "de",
        ("„", "“"),
        ("‚", "‘"),
        took_place="Die Veranstaltung {title}{by} fand am {day} statt.",
        is_about="Dies ist der Bericht über die Veranstaltung {title}{by}.",
        by=" (Veranstalter: {names})",
        one_spoke="Es sprach {names}.",
        many_spoke="Es sprachen {names}.",
        were_announced="Die Ankündigung nannte {names}.",
        chapters="Zu den Kapiteln gehören {names}.",
        announcement="Aus der Ankündigung: {text}",
        one_answer="Der Bericht enthält die Antwort auf eine Frage aus dem Publikum.",
        many_answers="Der Bericht enthält die Antworten auf {count} Fragen aus dem Publikum.",
        said="{names} sagte: {text}",
        somebody="jemand aus dem Publikum",
    ),
    "fr": Frame(
        "fr",
        ("«\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}»"),
        ("“", "”"),
        took_place="L’événement {title}{by} a eu lieu le {day}.",
        is_about="Ceci est le compte rendu de l’événement {title}{by}.",
        by=" (organisation\N{NO-BREAK SPACE}: {names})",
        one_spoke="{names} a pris la parole.",
        many_spoke="{names} ont pris la parole.",
        were_announced="L’annonce citait {names}.",
        chapters="Parmi les chapitres\N{NO-BREAK SPACE}: {names}.",
        announcement="Extrait de l’annonce\N{NO-BREAK SPACE}: {text}",
        one_answer="Le compte rendu contient la réponse à une question du public.",
        many_answers="Le compte rendu contient les réponses à {count} questions du public.",
        said="{names} a dit\N{NO-BREAK SPACE}: {text}",
        somebody="une personne du public",
        first_of_month=("1 ", "1er "),
    ),
    "es": Frame(
        "es",
        ("«", "»"),
        ("“", "”"),
        took_place="El acto {title}{by} tuvo lugar el {day}.",
        is_about="Este es el resumen del acto {title}{by}.",
        by=" (organización: {names})",
        one_spoke="Habló {names}.",
        many_spoke="Hablaron {names}.",
        were_announced="En el anuncio figuraban {names}.",
        chapters="Entre los capítulos están {names}.",
        announcement="Del anuncio: {text}",
        one_answer="El resumen recoge la respuesta a una pregunta del público.",
        many_answers="El resumen recoge las respuestas a {count} preguntas del público.",
        said="{names} dijo: {text}",
        somebody="una persona del público",
        before_vowel=(r" y (?=«?(?:[IÍ]|Hi(?!e)))", " e "),
    ),
    "pt": Frame(
        "pt",
        ("“", "”"),
        ("‘", "’"),
        took_place="O evento {title}{by} teve lugar em {day}.",
        is_about="Este é o resumo do evento {title}{by}.",
        by=" (organização: {names})",
        one_spoke="Falou {names}.",
        many_spoke="Falaram {names}.",
        were_announced="O anúncio mencionava {names}.",
        chapters="Entre os capítulos estão {names}.",
        announcement="Do anúncio: {text}",
        one_answer="O resumo traz a resposta a uma pergunta do público.",
        many_answers="O resumo traz as respostas a {count} perguntas do público.",
        said="{names} disse: {text}",
        somebody="uma pessoa do público",
    ),
    "it": Frame(
        "it",
        ("«", "»"),
        ("“", "”"),
        took_place="L’evento {title}{by} si è tenuto il {day}.",
        is_about="Questo è il resoconto dell’evento {title}{by}.",
        by=" (organizzazione: {names})",
        one_spoke="Ha parlato {names}.",
        many_spoke="Hanno parlato {names}.",
        were_announced="L’annuncio citava {names}.",
        chapters="Tra i capitoli: {names}.",
        announcement="Dall’annuncio: {text}",
        one_answer="Il resoconto riporta la risposta a una domanda del pubblico.",
        many_answers="Il resoconto riporta le risposte a {count} domande del pubblico.",
        said="{names} ha detto: {text}",
        somebody="una persona del pubblico",
        first_of_month=("1 ", "1º "),
    ),
    "nl": Frame(
        "nl",
        ("‘", "’"),
        ("“", "”"),
        took_place="Het evenement {title}{by} vond plaats op {day}.",
        is_about="Dit is het verslag van het evenement {title}{by}.",
        by=", georganiseerd door {names},",
        one_spoke="{names} was aan het woord.",
        many_spoke="{names} waren aan het woord.",
        were_announced="De aankondiging noemde {names}.",
        chapters="Tot de hoofdstukken behoren {names}.",
        announcement="Uit de aankondiging: {text}",
        one_answer="Het verslag bevat het antwoord op één vraag uit het publiek.",
        many_answers="Het verslag bevat de antwoorden op {count} vragen uit het publiek.",
        said="{names} zei: {text}",
        somebody="iemand uit het publiek",
    ),
}
