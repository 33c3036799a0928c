"""The lists of webinars: how each stands in, pages out: the front page, and lists by year, series, tag and so on.

A list is made of cards that are already there, so that one more webinar costs the few lists that it is in, and a list
too long for a page goes on in older ones, which stay as they are.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup

from digest import theme
from digest.intake.slugs import slugify
from digest.settings import Settings
from digest.site.cards import UP
from digest.site.listed import Listed
from digest.site.site_files import SiteFile

INDEX = "index.html"
NOT_FOUND = "404.html"  # the name that static hosts and our own server look for
LISTS = "by"  # the folder of all lists but the front page
MAX_NEWEST = 48  # cards on the front page: four rows of three on a desktop, four times
MAX_CARDS = 96  # on an older page of a list; the newest has from half of it to half as many more
MAX_VALUES = 36  # of a way to look, on the front page: more have a page of their own


@dataclass(frozen=True)
class Way:
    """A way to look for webinars. `name` stands in addresses and stays; labels are English."""

    name: str
    label: str
    labels: str
    values: Callable[[Listed], Iterable[str]]
    in_order: Callable[["WebinarList"], object] = lambda one: one.value.casefold()
    filter: str = "string"  # that writes a value


def _year(one: Listed) -> list[str]:
    return [str(one.event.starts_at.astimezone(ZoneInfo(one.event.timezone)).year)]


WAYS = (
    Way("year", "Year", "Years", _year, lambda one: -int(one.value)),
    Way("series", "Series", "Series", lambda one: filter(None, [one.event.series])),
    Way("tag", "Tag", "Tags", lambda one: one.event.tags),
    Way("speaker", "Speaker", "Speakers", lambda one: [speaker.name for speaker in one.event.speakers]),
    Way("language", "Language", "Languages", lambda one: filter(None, [one.language]), filter="language_name"),
)


@dataclass
class WebinarList:
    """All webinars of which one thing is the same, the oldest first."""

    way: Way
    value: str
    name: str
    webinars: list[Listed] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Return where its newest webinars are, from the top of the site."""
        return f"{LISTS}/{self.way.name}/{self.name}.html"

    def pages(self) -> Iterator[tuple[str, list[Listed]]]:
        """Yield each page's address and its webinars, the oldest page first: what is new changes the last alone."""
        full = max(0, len(self.webinars) - MAX_CARDS // 2) // MAX_CARDS
        for number in range(full):
            older = self.webinars[number * MAX_CARDS : (number + 1) * MAX_CARDS]
            yield f"{LISTS}/{self.way.name}/{self.name}-{number + 1}.html", older
        yield self.address, self.webinars[full * MAX_CARDS :]


def list_files(
    listed: Sequence[Listed], settings: Settings, *, key: str, asset: Callable[[str, str], str]
) -> list[SiteFile]:
    """Return the lists' pages, what is led to before what leads there; `key` is of all that every page depends on."""
    in_order = sorted(listed, key=lambda one: (one.event.starts_at, one.event.slug))
    to_come = [one for one in in_order if one.is_to_come and one.state in ("announced", "cancelled")]
    newest = [one for one in reversed(in_order) if one not in to_come]
    lists = _group(in_order)
    pages = _ListPages(settings, key, asset)
    return [
        *(page for one in lists for page in pages.of_list(one)),
        *(pages.of_way(way, lists) for way in WAYS if _count(way, lists) > MAX_VALUES),
        pages.not_found(),
        pages.front(to_come, newest, lists),
    ]


def root_path(settings: Settings) -> str:
    """Return the path under which the site lives: / unless it shares its host with something else."""
    return f"{urlsplit(settings.organisation.base_url).path.rstrip('/')}/"


def _group(in_order: Sequence[Listed]) -> list[WebinarList]:
    """Return all lists, those of a way in its order; spellings that make one address make one list."""
    lists = dict[tuple[str, str], WebinarList]()
    for one in in_order:
        for way in WAYS:
            for name, value in {_name(value): value for value in way.values(one)}.items():
                found = lists.setdefault((way.name, name), WebinarList(way, value, name))
                found.webinars.append(one)
    return sorted(lists.values(), key=lambda one: (WAYS.index(one.way), one.way.in_order(one), one.name))


def _name(value: str) -> str:
    return slugify(value) or sha256(value.casefold().encode()).hexdigest()[:10]


def _count(way: Way, lists: Iterable[WebinarList]) -> int:
    return sum(one.way is way for one in lists)


class _ListPages:
    """The pages of all lists; none is rendered before somebody asks for it."""

    def __init__(self, settings: Settings, key: str, asset: Callable[[str, str], str]) -> None:
        self._settings, self._key, self._asset = settings, key, asset

    def front(self, to_come: Sequence[Listed], newest: Sequence[Listed], lists: Sequence[WebinarList]) -> SiteFile:
        """Return the front page: what is to come, the newest, and the ways to all others."""
        shown, count = newest[:MAX_NEWEST], len(to_come) + len(newest)
        parting = [way for way in WAYS if _parts(way, lists, count)]
        ways = [(way, _by_count(way, lists), _count(way, lists) > MAX_VALUES) for way in parting]
        return self._page(
            INDEX,
            "index.html",
            [*_cards(to_come), "", *_cards(shown), *(_describe(one) for _, some, _ in ways for one in some)],
            to_come=_join(to_come, ""),
            past=_join(shown, ""),
            count=count,
            is_all=len(shown) == len(newest),
            ways=ways,
        )

    def of_list(self, one: WebinarList) -> Iterator[SiteFile]:
        """Yield the pages of a list: one that is new before the older one that leads to it, the newest last."""
        pages = list(one.pages())
        for at in [*reversed(range(len(pages) - 1)), len(pages) - 1]:
            path, webinars = pages[at]
            older = pages[at - 1][0] if at else None
            newer = pages[at + 1][0] if at + 1 < len(pages) else None
            yield self._page(
                path,
                "list.html",
                [one.value, older or "", newer or "", *_cards(webinars)],
                one=one,
                cards=_join(webinars[::-1], "../../"),
                older=older,
                newer=newer,
            )

    def of_way(self, way: Way, lists: Iterable[WebinarList]) -> SiteFile:
        """Return the page with all values of a way to look."""
        some = [one for one in lists if one.way is way]
        return self._page(f"{LISTS}/{way.name}/index.html", "way.html", map(_describe, some), way=way, lists=some)

    def not_found(self) -> SiteFile:
        """Return what a web server answers with where nothing is: at any depth, so it counts from the root."""
        return self._page(NOT_FOUND, "not_found.html", [], up=root_path(self._settings))

    def _page(
        self, path: str, template: str, depends_on: Iterable[str], *, up: str | None = None, **shown: object
    ) -> SiteFile:
        up = "../" * path.count("/") if up is None else up
        hashed = sha256("\0".join([self._key, path, *depends_on]).encode())

        def render() -> bytes:
            page = theme.environment(self._settings).get_template(template)
            html = page.render(
                organisation=self._settings.organisation,
                asset=lambda name: self._asset(name, up),
                home=f"{up}{INDEX}",
                up=up,
                **shown,
            )
            return html.encode()

        return SiteFile(path, hashed.hexdigest()[:16], render)


def _cards(some: Iterable[Listed]) -> Iterator[str]:
    return (one.card for one in some)


def _join(some: Iterable[Listed], up: str) -> Markup:
    return Markup("\n".join(_cards(some)).replace(UP, up))  # noqa: S704 - the template escaped them


def _describe(one: WebinarList) -> str:
    return f"{one.address} {one.value} {len(one.webinars)}"


def _parts(way: Way, lists: Iterable[WebinarList], count: int) -> bool:
    """Return whether a way parts the webinars at all: not all of them are in each of its lists."""
    return any(len(one.webinars) < count for one in lists if one.way is way)


def _by_count(way: Way, lists: Iterable[WebinarList]) -> list[WebinarList]:
    """Return the lists of a way in its order, those with most webinars where there are too many."""
    some = [one for one in lists if one.way is way]
    if len(some) <= MAX_VALUES:
        return some
    most = sorted(some, key=lambda one: -len(one.webinars))[:MAX_VALUES]
    return [one for one in some if one in most]


def empty_front(settings: Settings, *, asset: Callable[[str, str], str]) -> str:
    """Return the front page with no webinar: something to lead back to while there is none."""
    return _ListPages(settings, "", asset).front([], [], []).render().decode()
