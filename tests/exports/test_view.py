"""How sentences are laid out on a page."""

from digest.exports.view import Moment, QuotedSentence, SourceLink, split_paragraphs


def a_sentence(text: str, speaker: str | None, start: float, end: float) -> QuotedSentence:
    """Return a sentence that was said in some seconds."""
    return QuotedSentence(text, text, speaker, (SourceLink(moment=Moment(start, end, None)),))


def layout(*sentences: QuotedSentence) -> list[tuple[str | None, list[str]]]:
    """Return the paragraphs: who is named, and the sentences."""
    return [(one.speaker, [said.text for said in one.sentences]) for one in split_paragraphs(sentences)]


def test_what_was_said_in_a_row_is_one_paragraph_and_its_speaker_named_once() -> None:
    """A new passage is a new paragraph; who speaks on is not named again, who speaks next is."""
    assert layout(
        a_sentence("The pump failed.", "Ann Lee", 10, 12),
        a_sentence("Nobody had another.", "Ann Lee", 12.5, 14),
        a_sentence("The village paid.", "Ann Lee", 90, 92),
        a_sentence("Twelve thousand.", "Ben Ode", 92.5, 94),
        a_sentence("That is true.", "Ann Lee", 94.5, 96),
    ) == [
        ("Ann Lee", ["The pump failed.", "Nobody had another."]),
        (None, ["The village paid."]),
        ("Ben Ode", ["Twelve thousand."]),
        ("Ann Lee", ["That is true."]),
    ]


def test_nobody_is_taken_for_somebody_unknown() -> None:
    """Where one speaker is not known, everybody else is named at each of their paragraphs."""
    assert [
        name
        for name, _ in layout(
            a_sentence("The pump failed.", "Ann Lee", 10, 12),
            a_sentence("The village paid.", "Ann Lee", 90, 92),
            a_sentence("Twelve thousand.", None, 92.5, 94),
        )
    ] == ["Ann Lee", "Ann Lee", None]


def test_a_sentence_that_says_who_said_it_names_nobody_again() -> None:
    """“Lee said …” has no name before it."""
    assert layout(a_sentence("Lee said that the pump failed.", "Ann Lee", 10, 12)) == [
        (None, ["Lee said that the pump failed."])
    ]
