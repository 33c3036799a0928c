"""The digest: chooses passages that were said, quotes them, and hands them to the writer.

In brief, key points, discussion and questions together take at most a share of the words spoken; what is said stands in
one of them.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from digest.language.quoting import has_figure, printed_passage, printed_text
from digest.model.alignment import Alignment
from digest.model.companions import Companions
from digest.model.deck import Deck
from digest.model.digest import Digest, DigestChapter, PollResult, Question, Resource, TermEntry
from digest.model.event import Event
from digest.model.evidence import Evidence, Left
from digest.model.media import Media
from digest.model.outline import Outline
from digest.model.speech import Speakers, Terms, Transcript
from digest.privacy.roles import published_name
from digest.settings import LlmSettings, WritingSettings
from digest.text.clock import clock
from digest.writing.account import MAIN_SHARE, Passage, Stock, account, take_stock
from digest.writing.audience_names import Audience, find_audience
from digest.writing.conversation import Conversation, conversation
from digest.writing.doubtful import find_doubts, find_misstatements, find_risks
from digest.writing.in_brief import BriefSentence, attribute, in_brief
from digest.writing.llm.client import Endpoint
from digest.writing.llm.writer import word_digest
from digest.writing.lookup import addresses, expansions, spoken_addresses, unconfirmed_addresses
from digest.writing.models import Models, shipped_models
from digest.writing.questions import Exchange, exchanges, is_asked_again
from digest.writing.spelling import known_names, spell_names
from digest.writing.titles import names_without_subject
from digest.writing.typed_questions import answered_in_writing
from digest.writing.writer import Material, Numbering, Writer, extractive, heard

log = logging.getLogger(__name__)

VERSION = 15

WRITER = "extractive"
LONG = 30 * 60.0  # seconds from which a webinar has more key points
POINTS, POINTS_OF_LONG = 5, 7  # key points, at most
MAX_WORDS = 4000  # of the account: nobody reads more, however long the webinar was
QUESTIONS_SHARE = 0.5  # of the budget that the words of questions may take, at most; the surest come first
QUESTIONS_BY_SHARE = 2.0  # and times the share of the words that is told: a short account has fewer questions too
BRIEF_SHARE = 0.08  # of the budget that the frame of in brief may take
MIN_BRIEF = 25  # words of it that there is always room for: what took place when
QUOTES, FIGURES = 3, 6
QUOTE_WORDS, FIGURE_WORDS = (15, 45), (6, 30)
COURTESY_WORDS = 10  # a sentence of so few that thanks or greets does nothing else
ANSWER_SENTENCES = 3  # of an answer, the surest; the figures of docs/decisions/0023 are for so many
FORMULA = 3  # times that what only runs a webinar is said: "Your line is now open."
LACKING = (
    "No words of this language are listed yet: who asks, what leans on another sentence and which names are the "
    "audience's is guessed from voices and figures alone. Look at questions and names with care."
)
NO_MODEL = LlmSettings()


def write(  # noqa: PLR0917
    event: Event,
    outline: Outline,
    media: Media,
    transcript: Transcript,
    speakers: Speakers,
    deck: Deck,
    alignment: Alignment,
    companions: Companions,
    terms: Terms,
    settings: WritingSettings,
    model: LlmSettings = NO_MODEL,
    *,
    models: Models | None = None,
    scratch: Path | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Digest:
    """Return the digest: each sentence with the seconds it rests on. Empty sections stay empty.

    They are sentences that were said, and nothing is sent to anybody, unless `model` names an endpoint. `models` are
    others than those that ship with the program: a benchmark's, fitted to other talks.
    """
    fitted = models or shipped_models()
    heard_so = conversation(transcript, speakers, deck, alignment, event)
    said, respelt = spell_names(heard_so.said, known_names(event, deck, terms, heard_so.texts))
    talk = Conversation(said, deck, alignment, event)
    budget = min(settings.share * float(talk.lengths.sum()), MAX_WORDS)
    risks, audience = find_risks(talk, fitted.traps), find_audience(talk, event, companions, fitted.audience_names)
    other = _in_another_language(talk, transcript)
    kept_out = risks.private | other
    found = [one for one in exchanges(talk, fitted.questions) if kept_out.isdisjoint(one.places)]
    for_questions = min(QUESTIONS_SHARE, QUESTIONS_BY_SHARE * settings.share) * budget
    asked = _affordable(talk, found, for_questions)
    unfit = risks.unfit | other | _aside(talk, audience) | {place for one in found for place in one.asked}
    stock = take_stock(talk, fitted, outline, [talk.whole(_surest(one)) for one in asked], unfit)
    answered = [heard(_question_passage(talk, one)) for one in asked if one.answer]
    room = max(MIN_BRIEF, BRIEF_SHARE * budget)
    frame = _frame(event, speakers, outline, answered=answered, language=transcript.language, room=room)
    spent = sum(map(_length, frame)) + sum(_question_length(talk, one) for one in asked)
    points = POINTS if media.duration < LONG else POINTS_OF_LONG
    main = [voice for voice, share in talk.shares.items() if share >= MAIN_SHARE]
    chosen = account(stock, outline, main=main, points=points, budget=budget - spent)
    material = Material(
        event, talk.said, chosen, asked, frozenset(unfit), speakers, audience, companions, terms, transcript.language,
        budget, points,
    )  # fmt: skip
    _log_choice(material)
    quoted = _quote(material, talk, stock, outline=outline, deck=deck, frame=frame)
    quoted = quoted.model_copy(update={"remarks": (*quoted.remarks, *_tell_spellings(respelt))})
    writer: Writer = partial(word_digest, Endpoint(model, scratch), progress=progress) if model.url else extractive
    written = writer(quoted, material)
    called = {one.id: name for one in speakers.speakers if (name := published_name(one, event))}
    doubted = (
        *find_doubts(written, talk, found, risks, speakers=speakers, audience=audience),
        *find_misstatements(written, quoted, talk, called),
    )
    return written.model_copy(update={"doubts": tuple(sorted(doubted, key=lambda doubt: -doubt.probability))})


def _affordable(talk: Conversation, found: Sequence[Exchange], room: float) -> tuple[Exchange, ...]:
    """Return the exchanges to print, in order, whose questions fit into `room` words: the answered and surest first.

    A question that was not heard and is asked again is printed once.
    """
    kept = list[Exchange]()
    sure = [one for one in found if one.is_printed]
    sure = [one for one in sure if one.answer or not any(is_asked_again(talk, one, other) for other in sure)]
    for one in sorted(sure, key=lambda one: (not one.answer, -one.probability)):
        if (words := _question_length(talk, one)) <= room:
            room -= words
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.question))


def _surest(one: Exchange) -> tuple[int, ...]:
    """Return the places of an answer that are printed: the surest few."""
    ranked = sorted(zip(one.certainty, one.answer, strict=True), reverse=True)
    return tuple(sorted(place for _, place in ranked[:ANSWER_SENTENCES]))


def _question_passage(talk: Conversation, one: Exchange) -> Passage:
    return tuple(talk.said[place] for place in one.question)


def _question_length(talk: Conversation, one: Exchange) -> int:
    return len(printed_passage(_question_passage(talk, one)).split())


def _aside(talk: Conversation, audience: Audience) -> frozenset[int]:
    """Return the places of what asks, thanks or only runs the webinar, and of what names somebody of the audience."""
    language = talk.language
    times = Counter(frozenset(words) for words in talk.content)
    return frozenset(
        place
        for place, tokens in enumerate(talk.tokens)
        if talk.asks[place]
        or times[frozenset(talk.content[place])] >= FORMULA
        or (talk.lengths[place] <= COURTESY_WORDS and _any_begins(tokens, language.thanks))
        or (talk.voices[place] in talk.leads and _any_begins(tokens, language.asking))
        or any(spoken_addresses(talk.said[place]))
        or audience.is_named(talk.texts[place])
    )


def _in_another_language(talk: Conversation, transcript: Transcript) -> frozenset[int]:
    """Return the places of what is in another language than the account; all where that is not the one expected."""
    if transcript.expected:
        return frozenset(range(len(talk.said)))
    stretches = [(one.start, one.end) for one in transcript.segments if one.language]
    return frozenset(
        place
        for place, one in enumerate(talk.said)
        if any(start < one.end and one.start < end for start, end in stretches)
    )


def _any_begins(tokens: Sequence[str], beginnings: frozenset[str]) -> bool:
    return any(token.startswith(tuple(beginnings)) for token in tokens)


def _frame(
    event: Event,
    speakers: Speakers,
    outline: Outline,
    *,
    answered: Sequence[Evidence],
    language: str,
    room: float,
) -> tuple[BriefSentence, ...]:
    """Return the first sentences of in brief, as many as fit into `room` words."""
    found = list[BriefSentence]()
    for one in in_brief(event, speakers, outline, answered, language=language, untold=names_without_subject(language)):
        if _length(one) > room:
            break
        room -= _length(one)
        found.append(one)
    return tuple(found)


def _length(one: BriefSentence) -> int:
    return len(one.text.split())


def _tell_spellings(respelt: Mapping[str, str]) -> Iterator[str]:
    """Yield which names are written as announcement and deck have them and not as they were heard, for editors."""
    if respelt:
        pairs = ", ".join(f"{name} for {word}" for word, name in sorted(respelt.items()))
        yield f"Names that sound alike are written as announcement and slides have them: {pairs}."


def _log_choice(material: Material) -> None:
    """Log how much was chosen."""
    chosen = material.chosen
    log.debug(
        "%d sentences, %d of them aside, %d questions: a budget of %.0f words took %d sentences",
        len(material.said), len(material.aside), len(material.asked), material.budget, len(chosen.taken),
    )  # fmt: skip
    chapters = [len(part) for part in chosen.chapters]
    log.debug("claims %d, key points %d, chapters %s", len(chosen.claims), len(chosen.key_points), chapters)


def _quote(
    material: Material,
    talk: Conversation,
    stock: Stock,
    *,
    outline: Outline,
    deck: Deck,
    frame: Sequence[BriefSentence],
) -> Digest:
    """Return all sections, but for the frame in the speakers' own words."""
    chosen, companions = material.chosen, material.companions
    new = Numbering(material.speakers, material.audience)
    quotes = _more(talk, stock, chosen.taken, max_count=QUOTES, words=QUOTE_WORDS, fits=_is_opinion)
    figures = _more(talk, stock, chosen.taken | quotes, max_count=FIGURES, words=FIGURE_WORDS, fits=_has_figure)
    questions = tuple(
        _question(talk, one, answer, new) for one, answer in zip(material.asked, chosen.answers, strict=True)
    )
    return Digest(
        writer=WRITER,
        in_brief=tuple(
            new.of("in brief", one.text, *one.evidence, speaker=one.speaker)
            for one in (*frame, *(attribute(claim, material.event, material.speakers) for claim in chosen.claims))
        ),
        key_points=tuple(new.sentence("key point", one) for one in chosen.key_points),
        chapters=tuple(
            DigestChapter(
                start=chapter.start,
                end=chapter.end,
                title=chapter.title,
                sentences=tuple(one for passage in told for one in new.each("chapter", passage)),
            )
            for chapter, told in zip(outline.chapters, chosen.chapters, strict=True)
        ),
        questions=(*questions, *_typed(companions, questions, new)),
        quotes=tuple(
            new.of("quote", talk.texts[at], heard((talk.said[at],)), speaker=talk.voices[at]) for at in sorted(quotes)
        ),
        figures=tuple(new.sentence("figure", (talk.said[at],)) for at in sorted(figures)),
        polls=tuple(
            PollResult(question=new.of("poll", poll.question, Left(companion="polls", item=at)), options=poll.options)
            for at, poll in enumerate(companions.polls)
        ),
        terms=tuple(
            TermEntry(term=term, sentence=new.of("term", long, rests))
            for term, long, rests in expansions(talk.said, deck)
        ),
        resources=tuple(
            Resource(url=one.url, sentence=new.of("resource", one.text, *one.evidence, speaker=one.speaker))
            for one in addresses(talk.said, deck, companions)
        ),
        remarks=(
            *(() if talk.language.function_words else (LACKING,)),
            *(
                f"At {clock(one.start)} an address was spoken that no slide and no message holds: {url}. "
                "It is no link before somebody has looked whether it was heard right."
                for url, one in unconfirmed_addresses(talk.said, deck, companions)
            ),
        ),
    )


def _more(
    talk: Conversation,
    stock: Stock,
    taken: Collection[int],
    *,
    max_count: int,
    words: tuple[int, int],
    fits: Callable[[Conversation, int], bool],
) -> frozenset[int]:
    """Return the places of the worthiest sentences that were not chosen: to look up, beyond the share."""
    worth = stock.single()
    among = [at for at in worth if at not in taken and words[0] <= talk.lengths[at] <= words[1] and fits(talk, at)]
    return frozenset(sorted(among, key=lambda at: -worth[at])[:max_count])


def _is_opinion(talk: Conversation, at: int) -> bool:
    """Return whether somebody says what they think or what should be, in words that can be quoted as they were said."""
    language = talk.language
    is_theirs = not language.first_person.isdisjoint(talk.tokens[at])
    is_clean = printed_text(talk.said[at]) == talk.texts[at]
    return is_clean and is_theirs and not language.modals.isdisjoint(talk.tokens[at])


def _has_figure(talk: Conversation, at: int) -> bool:
    return has_figure(talk.said[at])


def _question(talk: Conversation, one: Exchange, answer: Sequence[Passage], new: Numbering) -> Question:
    asked = _question_passage(talk, one)
    return Question(
        start=talk.said[one.asked.start].start,
        end=talk.said[one.asked[-1]].end,
        asked_by=new.name_of(one.asked_by),
        question=new.sentence("question", asked),
        answer=tuple(sentence for passage in answer for sentence in new.each("answer", passage)),
        answer_start=talk.said[min(one.answer)].start if one.answer else None,
        answer_end=talk.said[max(one.answer)].end if one.answer else None,
    )


def _typed(companions: Companions, asked: Sequence[Question], new: Numbering) -> Iterator[Question]:
    spoken = [one.question.text for one in asked]
    for at, question, answer in answered_in_writing(companions.questions, spoken):
        rests = Left(companion="questions", item=at)
        yield Question(
            start=None,
            end=None,
            asked_by=question.asked_by,
            question=new.of("question", question.text, rests),
            answer=(new.of("answer", answer, rests),),
        )
