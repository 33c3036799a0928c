"""The digest: chooses sentences that were said, quotes them, and hands them to the writer.

In brief, key points and discussion together take at most a share of the words spoken; a sentence stands in one of them.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from digest.language.sentences import SpokenSentence, join_sentences, sentences
from digest.model.alignment import Alignment
from digest.model.companions import Companions
from digest.model.deck import Deck
from digest.model.digest import Digest, DigestChapter, PollResult, Question, Resource, TermEntry
from digest.model.event import Event
from digest.model.evidence import Left
from digest.model.media import Media
from digest.model.outline import Outline
from digest.model.speech import Speakers, Terms, Transcript, utterances
from digest.settings import LlmSettings, WritingSettings
from digest.text.clock import clock
from digest.writing import phrases
from digest.writing.account import BRIEF, FULL, account
from digest.writing.audience_names import find_audience
from digest.writing.choosing import compressed, has_figure, opinion, valued
from digest.writing.conversation import Conversation
from digest.writing.llm.client import Endpoint
from digest.writing.llm.writer import word_digest
from digest.writing.lookup import addresses, expansions, unconfirmed_addresses
from digest.writing.outline import LONG
from digest.writing.questions import Exchange, exchanges
from digest.writing.spelling import known_names, spell_names
from digest.writing.typed_questions import answered_in_writing
from digest.writing.writer import Material, Numbering, Writer, extractive, heard

log = logging.getLogger(__name__)

VERSION = 9

WRITER = "extractive"
BODY_WORDS = 2000
QUOTES, FIGURES, OPEN_POINTS = 3, 6, 4
QUOTE_WORDS = (15, 45)
ANSWER_SENTENCES = 2
LACKING = (
    "Only English has rules for hand-overs, closings, promises and pronouns yet. In this language key points and "
    "discussion rest on names and figures, and questions on who asks and seldom speaks; what was left open, and what "
    "hangs on another sentence, is for you to see."
)
SHORT_ANSWER = 6  # words of a direct answer that leave room for one more sentence
NO_MODEL = LlmSettings()


def write(  # noqa: PLR0917
    event: Event,
    outline: Outline,
    media: Media,
    transcript: Transcript,
    speakers: Speakers,
    deck: Deck,
    companions: Companions,
    terms: Terms,
    settings: WritingSettings,
    model: LlmSettings = NO_MODEL,
    *,
    scratch: Path | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Digest:
    """Return the digest: each sentence with the seconds it rests on. Empty sections stay empty.

    They are sentences that were said, and nothing is sent to anybody, unless `model` names an endpoint.
    """
    heard_so = sentences(utterances(transcript, speakers), transcript.language)
    said, respelt = spell_names(heard_so, known_names(event, deck, terms, (one.text for one in heard_so)))
    asked = exchanges(said)
    spoken = sum(len(one.words) for one in said)
    talk = Conversation(said, deck, Alignment(intervals=()), event)
    audience = find_audience(talk, event, companions)
    aside = _aside(said, asked) | {at for at, one in enumerate(said) if audience.is_named(one.text)}
    told = valued(said, event, terms, aside=aside)
    lengths = BRIEF if media.duration < LONG else FULL
    budget = min(settings.share * spoken, BODY_WORDS)
    places = {at for exchange in asked for at in exchange.places}
    chosen = account(told, outline, event, lengths, budget=budget, asked=places)
    material = Material(
        event,
        said,
        chosen,
        asked,
        frozenset(aside),
        speakers,
        audience,
        companions,
        terms,
        transcript.language,
        budget,
        lengths.points[1],
    )
    _log_choice(material, spoken)
    writer: Writer = partial(word_digest, Endpoint(model, scratch), progress=progress) if model.url else extractive
    quoted = _quote(material, outline, deck, [told.score(at) for at in range(len(said))])
    return writer(quoted.model_copy(update={"remarks": (*quoted.remarks, *_tell_spellings(respelt))}), material)


def _tell_spellings(respelt: Mapping[str, str]) -> Iterator[str]:
    """Yield which names are written as announcement and deck have them and not as they were heard, for editors."""
    if respelt:
        pairs = ", ".join(f"{name} for {word}" for word, name in sorted(respelt.items()))
        yield f"Names that sound alike are written as announcement and slides have them: {pairs}."


def _log_choice(material: Material, spoken: int) -> None:
    """Log how much of the `spoken` words was chosen."""
    chosen = material.chosen
    log.debug(
        "%d words in %d sentences, %d of them aside, %d questions: a budget of %.0f words took %d sentences",
        spoken,
        len(material.said),
        len(material.aside),
        len(material.asked),
        material.budget,
        len(chosen.taken),
    )
    chapters = [len(part) for part in chosen.chapters]
    log.debug("in brief %d, key points %d, chapters %s", len(chosen.in_brief), len(chosen.key_points), chapters)


def _quote(material: Material, outline: Outline, deck: Deck, scores: Sequence[float]) -> Digest:
    """Return all sections in the speakers' own words; `scores` are what each sentence of `said` is worth."""
    said, chosen, asked, companions = material.said, material.chosen, material.asked, material.companions
    called = {speaker.id: speaker.name or speaker.role for speaker in material.speakers.speakers}
    new = Numbering(material.speakers, material.audience)
    more = [0.0 if at in chosen.taken else score for at, score in enumerate(scores)]  # to look up, beyond the share
    quotes = _best(said, [score * opinion(one) for score, one in zip(more, said, strict=True)], QUOTES, QUOTE_WORDS)
    open_points = [float(phrases.leaves_open(one) and len(one.words) > SHORT_ANSWER) for one in said]
    left_open = _best(said, open_points, OPEN_POINTS)
    elsewhere = {*quotes, *left_open}
    figures = _best(
        said,
        [s * has_figure(one) * (one not in elsewhere) for s, one in zip(more, said, strict=True)],
        FIGURES,
    )
    return Digest(
        writer=WRITER,
        in_brief=tuple(new.sentence("in brief", one) for one in chosen.in_brief),
        key_points=tuple(new.sentence("key point", one) for one in chosen.key_points),
        chapters=tuple(
            DigestChapter(
                start=chapter.start,
                end=chapter.end,
                title=chapter.title,
                sentences=tuple(new.sentence("chapter", one) for one in told),
            )
            for chapter, told in zip(outline.chapters, chosen.chapters, strict=True)
        ),
        questions=(
            *(_question(exchange, scores, said, new, called.get(exchange.question[0].speaker)) for exchange in asked),
            *_typed(companions, asked, new),
        ),
        quotes=tuple(new.of("quote", one.text, heard(one), one.speaker) for one in quotes),
        figures=tuple(new.sentence("figure", one) for one in figures),
        polls=tuple(
            PollResult(question=new.of("poll", poll.question, Left(companion="polls", item=at)), options=poll.options)
            for at, poll in enumerate(companions.polls)
        ),
        left_open=tuple(new.sentence("left open", one) for one in left_open),
        terms=tuple(
            TermEntry(term=term, sentence=new.of("term", long, rests)) for term, long, rests in expansions(said, deck)
        ),
        resources=tuple(
            Resource(
                url=one.url, sentence=new.of("resource", one.text, one.evidence[0], one.speaker, more=one.evidence[1:])
            )
            for one in addresses(said, deck, companions)
        ),
        remarks=(
            *(() if material.language == phrases.LANGUAGE else (LACKING,)),
            *(
                f"At {clock(one.start)} an address was spoken that no slide and no message holds: {url}. "
                "It is no link before somebody has looked whether it was heard right."
                for url, one in unconfirmed_addresses(said, deck, companions)
            ),
        ),
    )


def _aside(said: Sequence[SpokenSentence], asked: Sequence[Exchange]) -> set[int]:
    """Return the places of what only runs the webinar: questions, hand-overs, a host between opening and closing."""
    closing = phrases.closing_from(said)
    others = phrases.only_leads(said) | phrases.audience(said) if len({one.speaker for one in said}) > 1 else set()
    questions = {one.start for exchange in asked for one in exchange.question}
    return set(phrases.hand_overs(said)) | {
        at for at, one in enumerate(said) if one.start in questions or (at < closing and one.speaker in others)
    }


def _best(
    said: Sequence[SpokenSentence], scores: Sequence[float], max_count: int, words: tuple[int, int] = (0, 99)
) -> tuple[SpokenSentence, ...]:
    """Return the sentences of the highest scores, in spoken order."""
    among = [at for at, score in enumerate(scores) if score > 0 and words[0] <= len(said[at].words) <= words[1]]
    return tuple(said[at] for at in sorted(sorted(among, key=lambda at: -scores[at])[:max_count]))


def _question(
    exchange: Exchange, scores: Sequence[float], said: Sequence[SpokenSentence], new: Numbering, asked_by: str | None
) -> Question:
    asked, answered = exchange.question, exchange.answer
    worths = {one.start: score for one, score in zip(said, scores, strict=True)}
    direct = [one for one in answered if not phrases.is_courtesy(one)][:1]  # "Yes, it can.": what was asked for
    others = sorted((one for one in answered if one not in direct), key=lambda one: -worths[one.start])
    best = direct + others[: ANSWER_SENTENCES - len(direct) + (bool(direct) and len(direct[0].words) < SHORT_ANSWER)]
    whole = join_sentences(asked)
    return Question(
        start=exchange.asked_from,
        end=whole.end,
        asked_by=asked_by,
        question=new.of("question", compressed(whole.text, whole.language), heard(whole), whole.speaker),
        answer=tuple(new.sentence("answer", one) for one in sorted(best, key=lambda one: one.start)),
        answer_start=answered[0].start if answered else None,
        answer_end=answered[-1].end if answered else None,
    )


def _typed(companions: Companions, asked: Sequence[Exchange], new: Numbering) -> Iterator[Question]:
    for at, question, answer in answered_in_writing(companions.questions, asked):
        rests = Left(companion="questions", item=at)
        yield Question(
            start=None,
            end=None,
            asked_by=question.asked_by,
            question=new.of("question", question.text, rests),
            answer=(new.of("answer", answer, rests),),
        )
