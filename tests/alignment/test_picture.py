"""What the picture shows: real recordings, and what is done to them."""

from pathlib import Path

import numpy as np
import pytest

from digest.alignment.layouts import fit_into_frame, homography, map_points
from tests import truth as t
from tests.alignment.measures import fit
from tests.alignment.test_align import NOTHING, check_cover
from tests.alignment.videos import DAMAGES, Shown, copied, shown

DEMO = Path("recordings/demo")
SAID = t.transcript(t.DEMO)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Return the demo's deck, drawn, beside its recording."""
    return shown(DEMO, tmp_path_factory.mktemp("demo") / "shown")


def without(*numbers: int) -> list[dict[str, float | None]]:
    """Return when each slide was on, had some not been in the deck."""
    return [one | {"slide": None} if one["slide"] in numbers else one for one in t.DEMO["slides"]]


def test_the_demo_is_right_to_the_frame(demo: Shown) -> None:
    """Every slide is found, gone back to, skipped and away for a question, and no change is off by a frame."""
    alignment = demo.aligned(SAID, t.DEMO["duration"])

    found = fit(alignment, t.DEMO["slides"])
    assert (found.right, found.missed, found.invented) == (1, 0, 0)
    assert found.error_95 < 0.001
    assert {interval.known_by for interval in alignment.intervals} == {"picture"}
    check_cover(alignment, demo.deck, t.DEMO["duration"])


def test_a_slide_that_is_not_in_the_deck_is_not_its_sibling(demo: Shown) -> None:
    """The last slide looks like the first; without it in the deck, nothing is claimed where it was."""
    alignment = demo.without(4, 7).aligned(SAID, t.DEMO["duration"])

    assert fit(alignment, without(4, 7)).right > 0.999


@pytest.mark.parametrize("damage", ["320 × 180, crf 40", "second camera tile", "slant"])
def test_a_damaged_picture_is_read_all_the_same(demo: Shown, tmp_path: Path, damage: str) -> None:
    """Small and blocky, half covered, or filmed from aside: 99 of 100 seconds are right, and no change is lost."""
    filters, quality = DAMAGES[damage]
    start, end = 85.0, 165.0  # four changes
    video = copied(demo.video, tmp_path / "copy.mp4", filters, quality, part=(start, end))

    alignment = Shown(demo.root, demo.deck, demo.pages, video).aligned(NOTHING, end - start)

    found = fit(alignment, t.between(t.DEMO["slides"], start, end))

    assert found.right > 0.99
    assert (found.missed, found.invented) == (0, 0)


def test_a_change_is_located_between_two_looks(demo: Shown, tmp_path: Path) -> None:
    """At 25 frames a second a slide that is on for a second is found, and where it begins, to a frame."""
    video = copied(demo.video, tmp_path / "short.mp4", "fps=25,trim=start=29.88:end=32.28,setpts=PTS-STARTPTS")

    intervals = Shown(demo.root, demo.deck, demo.pages, video).aligned(NOTHING, 2.4).intervals

    assert [interval.slide for interval in intervals] == [1, 2]
    assert intervals[1].start == pytest.approx(0.92, abs=0.041)


def test_a_foreign_deck_is_never_on(tmp_path: Path) -> None:
    """Another webinar's deck, dropped by mistake, is not on for a second, nor is it spoken of."""
    gold = t.gold("dev-2-standards")
    if gold is None:
        pytest.skip("needs DIGEST_GOLD")
    foreign = shown(gold / "drop", tmp_path / "shown")

    alignment = Shown(foreign.root, foreign.deck, foreign.pages, DEMO.absolute() / "recording.mp4").aligned(
        SAID, t.DEMO["duration"]
    )

    by_speech = foreign.heard(SAID, t.DEMO["duration"])
    assert [interval.slide for interval in alignment.intervals] == [None]
    assert [(interval.slide, interval.known_by) for interval in by_speech.intervals] == [(None, "none")]


def test_slides_beside_a_camera_and_a_demonstration(tmp_path: Path) -> None:
    """Beside a moving camera, step by step, after a hidden slide, before and after a terminal: 999 of 1000 seconds."""
    gold = t.gold("dev-2-standards")
    if gold is None:
        pytest.skip("needs DIGEST_GOLD")
    truth = t.read(gold / "truth.json")

    alignment = shown(gold / "drop", tmp_path / "shown").aligned(t.transcript(truth), truth["duration"])

    found = fit(alignment, truth["slides"])
    assert found.right > 0.999
    assert (found.missed, found.invented) == (0, 0)


def test_a_page_fills_the_frame_as_far_as_it_can() -> None:
    """A 4:3 page on a wide screen has bars at its sides."""
    layout = fit_into_frame(1280, 720, 960, 720)

    assert layout.corners == ((0.125, 0.0), (0.875, 0.0), (0.875, 1.0), (0.125, 1.0))


def test_a_homography_takes_points_where_they_belong() -> None:
    """Four corners define it."""
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    slanted = np.array([[0.1, 0.0], [0.9, 0.1], [1.0, 0.8], [0.0, 1.0]])

    assert np.allclose(map_points(homography(square, slanted), square), slanted)
