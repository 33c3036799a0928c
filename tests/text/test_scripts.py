"""Scripts without spaces, wide ones and those from the right are set as their readers set them."""

import pytest

from digest.text.scripts import join_pieces, join_sentences, split_pieces, width, with_direction


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("今日はAIとGitHub Copilotの話です。", "今 日 は AI と GitHub Copilot の 話 で す。"),
        ("（笑）ちょっと、コーヒー", "（笑） ちょっ と、 コー ヒー"),
        ("เราจะเริ่มแล้ว", "เรา จะ เริ่ ม แล้ ว"),
        ("ខ្ញុំជា", "ខ្ញុំ ជា"),
        ("Norms, of R&D", "Norms, of R&D"),
        ("الأعراف السيبرانية", "الأعراف السيبرانية"),
    ],
)
def test_a_text_is_parted_where_a_line_may_end(text: str, parts: str) -> None:
    """Between letters of a script without spaces, never before a mark, a small kana or a full stop; nothing is lost."""
    pieces = split_pieces(text)

    assert [piece.text for piece in pieces] == parts.split()
    assert join_pieces(pieces) == text


def test_sentences_are_joined_as_their_script_joins_them() -> None:
    """A space between English and between Thai ones, none between Japanese ones."""
    assert join_sentences(["Yes.", "No."]) == "Yes. No."
    assert join_sentences(["はい。", "いいえ。"]) == "はい。いいえ。"
    assert join_sentences(["ใช่", "ไม่"]) == "ใช่ ไม่"


def test_marks_take_no_room_and_wide_letters_take_more() -> None:
    """Thai vowels stand above their consonants; sixteen Chinese letters fill a line of forty-two."""
    assert width("เริ่ม", "th") == 3
    assert width("网" * 16, "zh") == 42


@pytest.mark.parametrize(
    ("line", "language", "is_marked"),
    [
        ("الأمن", "ar", False),
        ("NATO والأمن", "ar", True),
        ("2016 سنة", "fa", False),
        ("OSCE", "he", True),
        ("NATO", "en", False),
    ],
)
def test_a_line_from_the_right_says_so(line: str, language: str, is_marked: bool) -> None:
    """A player or an editor of plain text goes by the first letter: where that is Latin, a mark stands before it."""
    assert with_direction(line, language) == ("\u200f" + line if is_marked else line)
