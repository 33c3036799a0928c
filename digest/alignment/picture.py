"""What the picture shows of the pages, moment by moment: a reel and page images in, Sightings out.

Each frame is compared in every layout known so far; one that no layout explains is searched for a new one. What went
by unexplained before a layout was found is looked at again in the end.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digest.alignment.containment import Comparison, Mask, containment
from digest.alignment.layouts import Corners, Cut, Layout, fit_into_frame, frame_corners, page_corners, proposals
from digest.alignment.pages import BLOCKS, Floats, PageSet
from digest.media.frames import Frame, Reel
from digest.media.probe import probe

log = logging.getLogger(__name__)

Scores = NDArray[np.float32]  # (samples, pages)

FRAME_WIDTH = 640  # pixels
SECONDS_LIMIT = 4 * 3600.0  # for reading a picture once
PERIOD = 0.2  # seconds between two looks; changes are located between them
STILL = 5.0  # grey levels by which any 8 × 8 pixels must change to be looked at again; noise stays below
EXPLAINED = 0.9  # score from which no better layout is searched for
SAME = 0.02  # difference of scores below which a look is as the one before: keeps memory small while people move
ACCEPTED = 0.55  # score that a new layout must reach in the frame that it was found in
BETTER = 0.05  # and by how much it must surpass the layouts known
MAX_LAYOUTS = 8
MAX_PAGES = 60  # pages searched for at once; of a larger deck other ones in turn
SEARCHES, SECONDS_A_SEARCH = 12, 25.0  # searches at the start, and how many seconds earn another: bounds their cost
FIRST_WAIT, MAX_WAIT, PATIENCE = 1.0, 40.0, 1.6  # seconds between searches in one scene, and their growth
OTHER_SCENE = 12.0  # grey levels, mean over the frame: a different scene
COVERED = 0.8  # share of frames in which a block under a camera tile has structure
NEVER_ALIKE = 0.5  # correlation with the page that it never reaches
FEW_PAGES = 3  # pages seen before a block is taken to be covered
MAX_COVERED = 0.25  # of the blocks
APART = 5.0  # seconds: unexplained stretches nearer together are looked at again as one


@dataclass(frozen=True)
class Sightings:
    """Scores of pages from each of `starts` (seconds, first 0) until the next; the last ends at `end`."""

    starts: NDArray[np.float64]
    end: float
    period: float  # seconds between looks
    scores: Scores
    layouts: tuple[Layout, ...]


@dataclass
class _Place:
    """A layout with what was last seen in it, so that what stands still is compared once.

    A block that nearly always shows something, and never what is on the page, whichever it is, is covered by a camera
    tile or a caption: it is left out from then on.
    """

    layout: Layout
    cut: Cut
    window: tuple[slice, slice]
    inside: Mask
    scores: Scores
    looked_at: Floats | None = None
    won: set[int] = field(default_factory=set)  # pages
    frames: int = 0
    structured: Floats = field(default_factory=lambda: np.zeros(BLOCKS, np.float32))  # frames
    alike: Floats = field(default_factory=lambda: np.zeros(BLOCKS, np.float32))  # the highest so far

    def has_moved(self, tiny: Floats) -> bool:
        """Say whether something moved in it since it last had, in a frame an eighth as large."""
        now = tiny[self.window]
        if self.looked_at is not None and np.abs(now - self.looked_at).max() <= STILL:
            return False
        self.looked_at = now
        return True

    def compare(self, half: Floats, pages: PageSet) -> bool:
        """Score the pages in a frame half as large, and return whether blocks were found to be covered."""
        compared = containment(self.cut(half), pages, self.inside)
        self.scores = compared.scores
        return compared.scores.max() >= ACCEPTED and self._uncover(compared)

    def _uncover(self, compared: Comparison) -> bool:
        winner = int(compared.scores.argmax())
        self.won.add(winner)
        self.frames += 1
        self.structured += compared.structured
        self.alike = np.maximum(self.alike, np.where(compared.structured, compared.alike[:, winner], 0))
        covered = (self.structured > COVERED * self.frames) & (self.alike < NEVER_ALIKE) & self.inside
        if len(self.won) < FEW_PAGES or not 0 < covered.sum() <= MAX_COVERED * BLOCKS:
            return False
        self.inside = self.inside & ~covered
        self.looked_at = None
        return True


@dataclass
class Look:
    """Knows the pages and the layouts found so far; says of a frame how well each page explains it."""

    reel: Reel
    rate: float  # frames a second of the recording
    pages: PageSet
    places: list[_Place] = field(default_factory=list)
    last: Scores = field(default_factory=lambda: np.zeros(0, np.float32))
    uncovered: bool = False  # whether blocks of a layout were lately found to be covered

    def learn(self, layout: Layout) -> None:
        """Take up another layout."""
        left, top, right, bottom = layout.window()
        down, across = self.reel.height // 8, self.reel.width // 8
        window = (
            slice(int(top * down), max(int(bottom * down + 0.999), 1)),
            slice(int(left * across), max(int(right * across + 0.999), 1)),
        )
        cut = Cut(layout, self.reel.width // 2, self.reel.height // 2)
        self.places.append(_Place(layout, cut, window, cut.inside, np.zeros(len(self.pages.numbers), np.float32)))

    def scores(self, frame: Frame) -> Scores:
        """Return a score for each page, the best over all layouts; the very same array while nothing moves."""
        half = _halve(frame.astype(np.float32))
        tiny = _halve(_halve(half))
        moved = [place for place in self.places if place.has_moved(tiny)]
        for place in moved:
            self.uncovered |= place.compare(half, self.pages)
        if moved:
            self.last = np.asarray(np.max([place.scores for place in self.places], axis=0))
        return self.last

    def try_out(self, frame: Frame, layout: Layout) -> float:
        """Return the best score that a layout would give a frame."""
        cut = Cut(layout, self.reel.width // 2, self.reel.height // 2)
        return float(containment(cut(_halve(frame.astype(np.float32))), self.pages, cut.inside).scores.max())

    def change_near(self, second: float, before: int | None, after: int | None, none: float) -> float:
        """Return when one page gives way to another, to the frame; a look at `second` is the first that shows it.

        Pages are columns of the scores; None stands for no page, and scores `none` at every moment.
        """
        if self.rate <= 1.05 / PERIOD:  # every frame was looked at
            return second
        start = max(0.0, second - 2 * PERIOD)  # two, as a look may show what was on screen a few frames before
        scores = [self.scores(frame) for frame in self.reel.between(start, second + PERIOD / 2, self.rate)]
        if not scores:
            return second
        lead = [self._of(before, one, none) - self._of(after, one, none) for one in scores]
        return start + float(np.argmax(np.cumsum([0.0, *lead]))) / self.rate

    @staticmethod
    def _of(page: int | None, scores: Scores, none: float) -> float:
        return none if page is None else float(scores[page])


class _Search:
    """Looks for pages in frames that nothing explains, not too often."""

    def __init__(self, look: Look) -> None:
        self.known = look
        self.corners = dict[int, Corners]()
        self.searches, self.wait, self.last, self.scene = 0, FIRST_WAIT, -MAX_WAIT, np.zeros((1, 1), np.float32)

    def look(self, frame: Frame, at: float, explained: float) -> bool:
        """Return whether a new layout was found in a frame at `at` seconds that is `explained` so far."""
        if explained >= EXPLAINED or len(self.known.places) >= MAX_LAYOUTS or not self._is_time(frame, at):
            return False
        self.searches += 1
        grey = frame.astype(np.float32)
        for layout in proposals(frame_corners(grey), list(self._some_pages()), grey.shape):
            if (score := self.known.try_out(frame, layout)) > max(ACCEPTED, explained + BETTER):
                log.debug("a new layout at %.1f s: score %.2f, %.2f before", at, score, explained)
                self.known.learn(layout)
                return True
        return False

    def _is_time(self, frame: Frame, at: float) -> bool:
        if self.searches >= SEARCHES + at / SECONDS_A_SEARCH or at - self.last < FIRST_WAIT:
            return False
        scene = _halve(_halve(_halve(frame.astype(np.float32))))
        if scene.shape != self.scene.shape or np.abs(scene - self.scene).mean() > OTHER_SCENE:
            self.wait = FIRST_WAIT
        elif at - self.last < self.wait:
            return False
        else:
            self.wait = min(self.wait * PATIENCE, MAX_WAIT)
        self.last, self.scene = at, scene
        return True

    def _some_pages(self) -> Iterator[Corners]:
        drawn = self.known.pages.drawn
        stride = -(-len(drawn) // MAX_PAGES)
        for at in range(self.searches % stride, len(drawn), stride):
            if at not in self.corners:
                self.corners[at] = page_corners(drawn[at])
            yield self.corners[at]


def look_at(path: Path, pages: PageSet) -> Look | None:
    """Return how a recording is looked at for pages, or None if it has no picture."""
    known = probe(path)
    if not (known.width and known.height):
        return None
    size = FRAME_WIDTH, max(8, 2 * round(known.height * FRAME_WIDTH / known.width / 2))
    reel = Reel(path, known.container, *size, seconds_limit=SECONDS_LIMIT)
    return Look(reel, known.frame_rate or 1 / PERIOD, pages)


def watch(look: Look, *, duration: float, progress: Callable[[float], None] | None = None) -> Sightings:
    """Return what is seen of the pages from the first frame to the last; `look` learns the layouts on the way."""
    look.learn(fit_into_frame(look.reel.width, look.reel.height, *look.pages.drawn[0].shape[::-1]))
    search, starts, rows = _Search(look), list[int](), list[Scores]()
    learned = uncovered = 0  # looks before which a layout, or what covers one, was not yet known
    number = -1
    for number, frame in enumerate(look.reel.every(PERIOD)):
        scores = look.scores(frame)
        if search.look(frame, number * PERIOD, float(scores.max())):
            scores, learned = look.scores(frame), number
        if look.uncovered:
            look.uncovered, scores, uncovered = False, look.scores(frame), number
        if not rows or np.abs(scores - rows[-1]).max() > SAME:
            starts.append(number)
            rows.append(scores)
        if progress and number % 50 == 0:
            progress(min(1.0, number * PERIOD / duration))
    seen = _Samples(np.array(starts, dtype=np.int64), number + 1, np.array(rows, dtype=np.float32))
    best = seen.scores.max(axis=1)
    doubtful = (seen.starts < learned) & (best < ACCEPTED)
    doubtful |= (seen.starts < uncovered) & (best >= ACCEPTED) & (best < EXPLAINED)
    for first, last in _stretches(seen, doubtful):
        seen = _look_again(seen, look, first, last)
    layouts = tuple(place.layout for place in look.places)
    return Sightings(seen.starts.astype(float) * PERIOD, seen.end * PERIOD, PERIOD, seen.scores, layouts)


@dataclass(frozen=True)
class _Samples:
    """Scores from each sample of `starts` until the next; samples are PERIOD apart."""

    starts: NDArray[np.int64]
    end: int
    scores: Scores


def _stretches(seen: _Samples, doubtful: Mask) -> list[tuple[int, int]]:
    """Return stretches (first sample, one after the last) in which samples are doubtful, near ones joined."""
    stretches = list[tuple[int, int]]()
    for start, end in np.column_stack([seen.starts, np.append(seen.starts[1:], seen.end)])[doubtful].tolist():
        if stretches and start - stretches[-1][1] < APART / PERIOD:
            stretches[-1] = stretches[-1][0], end
        else:
            stretches.append((start, end))
    return stretches


def _look_again(seen: _Samples, look: Look, first: int, last: int) -> _Samples:
    """Return the samples with those from `first` until `last` seen anew."""
    again = [look.scores(frame) for frame in look.reel.between(first * PERIOD, last * PERIOD, 1 / PERIOD)]
    if not again:
        return seen
    before = seen.starts < first
    after = seen.starts >= first + len(again)
    resumes = [] if after.any() and seen.starts[after][0] == first + len(again) else [first + len(again)]
    resumes = [at for at in resumes if at < seen.end]
    held = seen.scores[np.searchsorted(seen.starts, resumes, side="right") - 1]
    numbers = np.arange(first, first + len(again))
    return _Samples(
        np.concatenate([seen.starts[before], numbers, np.array(resumes, dtype=np.int64), seen.starts[after]]),
        seen.end,
        np.concatenate([seen.scores[before], np.array(again, dtype=np.float32), held, seen.scores[after]]),
    )


def _halve(picture: Floats) -> Floats:
    height, width = picture.shape[0] // 2 * 2, picture.shape[1] // 2 * 2
    even = picture[:height, :width]
    return (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) * np.float32(0.25)
