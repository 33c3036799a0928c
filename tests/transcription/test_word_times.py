"""Every word has its time, in order, inside its window."""

import unicodedata
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from whisper.tokenizer import get_tokenizer

from digest.model.artifact import Span
from digest.model.speech import text_of
from digest.transcription.windows import MARGIN, Window
from digest.transcription.word_times import MEDIAN, WindowWord, _median_sum, find_word_times, place_words

TOKENIZER = get_tokenizer(multilingual=True, language="en", task="transcribe")
WORDS = st.sampled_from(
    ["Norms", "of", "restraint,", "12.5", "2016", "(see", "below)", "\u201cyes\u201d", "R&D", "–", "50%", "Łódź"]
)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=30), st.integers(0, 2**32 - 1), st.integers(60, 700))
def test_every_word_is_timed_in_order_and_inside_its_window(words: list[str], seed: int, frames: int) -> None:
    """Whatever the scores: no word is lost, none runs backwards, none lies outside; numbers have times too."""
    tokens = TOKENIZER.encode(" " + " ".join(words))
    followed = torch.randn(len(tokens) + 1, 3, frames, generator=torch.Generator().manual_seed(seed))
    length = frames * 0.02
    window = Window(voiced=(Span(start=100, end=100 + length / 3), Span(start=107 + length / 3, end=107 + length)))

    found = list(place_words(find_word_times(TOKENIZER, tokens, np.ones(len(tokens), np.float32), followed), window))

    assert "".join(word.text for word in found) == "".join(words)
    assert all(window.pieces[0].start <= word.start <= word.end <= window.pieces[-1].end for word in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


def test_a_word_is_where_the_heads_look() -> None:
    """Scores that follow the sound put each word at its second, punctuation with the word it belongs to."""
    tokens = TOKENIZER.encode(" Norms hold, always.")
    begins = [0, 30, 60, 110, 120, 200, 230]  # frames: Nor, ms, hold, the comma, always, the full stop, the end
    followed = torch.zeros(len(begins), 2, 250)
    for row, (one, two) in enumerate(pairwise([*begins, 250])):
        followed[row, :, one:two] = 9

    found = find_word_times(TOKENIZER, tokens, np.ones(len(tokens), np.float32), followed)

    assert [word.text for word in found] == [" Norms", " hold,", " always."]
    assert [word.start for word in found] == pytest.approx([0.0, 1.2, 2.4], abs=0.1)


def test_words_are_parted_where_people_write_a_space() -> None:
    """An address or a word with a hyphen is one word: readers, captions and search see it as it is written."""
    said = " Bye-bye, see dialogue.example.org for 12.5% off."
    tokens = TOKENIZER.encode(said)
    followed = torch.zeros(len(tokens) + 1, 2, 250)

    found = find_word_times(TOKENIZER, tokens, np.ones(len(tokens), np.float32), followed)

    assert [word.text.strip() for word in found] == said.split()


def test_a_word_does_not_reach_over_a_pause() -> None:
    """A word that the scores stretch over a pause ends with the voice."""
    window = Window(voiced=(Span(start=10, end=12), Span(start=20, end=22)))
    seam = 2 + 2 * MARGIN  # where in the window's sound the pause was taken out
    stretched = [WindowWord(" before", MARGIN + 0.5, seam - 0.1, 1.0), WindowWord(" after", seam - 0.1, seam + 1, 1.0)]

    before, after = place_words(stretched, window)

    assert (before.start, before.end) == pytest.approx((10.5, 12))
    assert (after.start, after.end) == pytest.approx((20, 21 - MARGIN))


def test_the_median_is_the_median() -> None:
    """Thirteen exchanges find what sorting finds, and the heads are added up."""
    weights = torch.randn(3, 2, 1000, generator=torch.Generator().manual_seed(1))

    medians = weights.unfold(-1, MEDIAN, 1).median(-1).values

    assert torch.equal(torch.from_numpy(_median_sum(weights.numpy())), medians.sum(1))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "今日はAIとGitHub Copilotの話です。（笑）ちょっと、質問は？"),
        ("zh", "我们今天讨论 2016 年的网络安全规范。"),
        ("th", "สวัสดีครับ เราจะเริ่มแล้ว"),
        ("km", "សូមស្វាគមន៍ ខ្ញុំឈ្មោះ"),
    ],
)
def test_a_script_without_spaces_is_written_as_the_tokenizer_gives_it(language: str, said: str) -> None:
    """No space comes between its letters and none is lost; no word begins with a mark or a full stop."""
    tokenizer = get_tokenizer(multilingual=True, language=language, task="transcribe")
    tokens = tokenizer.encode(said)
    followed = torch.randn(len(tokens) + 1, 2, 400, generator=torch.Generator().manual_seed(3))
    window = Window(voiced=(Span(start=100, end=108),))

    words = find_word_times(tokenizer, tokens, np.ones(len(tokens), np.float32), followed)
    found = list(place_words(words, window))

    assert text_of(found) == said
    assert len(found) > 4
    assert not [one.text for one in found if one.text[0] in "。、？っ" or unicodedata.category(one.text[0])[0] == "M"]
