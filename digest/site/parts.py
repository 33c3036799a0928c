"""What a webinar has on the site: a Publication or an Event in, its files out, kept in made/ by what they depend on."""

import contextlib
import hashlib
import json
import shutil
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import ValidationError

from digest.errors import DigestError
from digest.intake.slugs import slugify
from digest.model.artifact import Record, StoredFile
from digest.model.public import Publication, PublicEdition, PublicEvent
from digest.settings import Settings
from digest.site import digest_page, event_page
from digest.site.assets import Assets, hashed_name
from digest.site.verify import Either, verify
from digest.store.files import MADE, fill_folder, record_file

VERSION = 3  # raised when the same Edition gives another page: each is made anew at the next publication

PART = "part.json"
State = Literal["announced", "published", "retracted"]
Exported = Callable[[Publication], Mapping[str, StoredFile]]  # the files made of an Edition, by the export's name


class SitePart(Record):
    """A webinar's share of the site, by path: files of its workspace (pages among them), and assets by their name.

    `until_then` is the event page without a word of the digest: something to lead back to while there is none yet.
    Assets under static/ are shared by all webinars.
    """

    slug: str
    key: str
    state: State
    event: PublicEvent | None
    files: dict[str, StoredFile]
    assets: dict[str, str]
    until_then: StoredFile | None = None

    @property
    def event_page(self) -> str:
        """Return the path of its event page."""
        return f"{self.slug}/index.html"

    @property
    def digest_page(self) -> str:
        """Return the path of its digest page, or of the tombstone that stands there."""
        return f"{self.slug}/digest/index.html"


@dataclass(frozen=True)
class Wish:
    """What a webinar is to have on the site. `key` says what that depends on; `make` is called where it is not there.

    `make` takes the paths that the site has, to which a page may lead. `is_withdrawal`: only where something of it is
    on the site.
    """

    slug: str
    key: str
    make: Callable[[Container[str]], SitePart]
    is_withdrawal: bool = False


def key_of(assets: Assets, slug: str, state: State, *depends_on: object) -> str:
    """Return the key of a webinar's part."""
    named = [VERSION, assets.key, slug, state, *map(str, depends_on)]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()


def find_part(root: Path, key: str) -> SitePart | None:
    """Return a part that was made before and is whole in the workspace folder `root`, else None."""
    folder = _folder(root, key)
    with contextlib.suppress(OSError, ValidationError):
        part = SitePart.model_validate_json((folder / PART).read_bytes())
        made = [file for file in (*part.files.values(), part.until_then) if file and file.path.startswith(MADE)]
        return part if all((root / file.path).stat().st_size == file.size for file in made) else None
    return None


def make_part(
    shown: Publication | PublicEvent | None,
    wish: tuple[str, State, str],
    settings: Settings,
    assets: Assets,
    *,
    root: Path,
    exported: Exported,
    known: Container[str],
) -> SitePart:
    """Make a webinar's part (`wish`: slug, state, key) and keep it in the workspace folder `root`.

    Raises DigestError where its slug cannot be an address or a page is not fit to be published.
    """
    slug, state, key = wish
    _check_address(slug)
    made = _Pages(slug, state, settings, assets)
    made.add(shown, exported)
    files = {*made.html, *made.stored, *made.assets, "index.html"}
    styles = {path: assets.content(name) for path, name in made.assets.items()}
    verify(made.html, Either(files, known), styles)
    return _keep(made, shown, root, key)


@dataclass
class _Pages:
    """The pages of a webinar while they are rendered, with what they name."""

    slug: str
    state: State
    settings: Settings
    theme: Assets
    html: dict[str, str] = field(default_factory=dict)
    stored: dict[str, StoredFile] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)
    until_then: str | None = None

    def add(self, shown: Publication | PublicEvent | None, exported: Exported) -> None:
        publication = shown if isinstance(shown, Publication) else None
        event = publication.edition.event if publication else shown
        if isinstance(event, PublicEvent):
            is_over = self.state == "retracted"
            self.html[f"{self.slug}/index.html"] = self._event_page(event, publication, is_over=is_over)
        if publication:
            self.until_then = self._event_page(publication.edition.event, None, is_over=True)
            self._add_digest(publication, exported(publication))
        elif self.state == "retracted":
            self.html[f"{self.slug}/digest/index.html"] = event_page.tombstone(
                event if isinstance(event, PublicEvent) else None,
                self.settings,
                asset=self._asset("static/", "../../static/"),
            )

    def _event_page(self, event: PublicEvent, publication: Publication | None, *, is_over: bool) -> str:
        asset = self._asset("static/", "../static/")
        return event_page.render(event, publication, self.settings, asset=asset, is_over=is_over)

    def _add_digest(self, publication: Publication, exported: Mapping[str, StoredFile]) -> None:
        """Add a digest page with what it names and nothing else: what it does not show is not published."""
        folder = f"{self.slug}/digest/"
        names = dict(_names(publication.edition)) | {
            file.sha256: PurePosixPath(file.path).stem for file in exported.values()
        }

        def address(file: StoredFile) -> str:
            name = hashed_name(names[file.sha256], file.sha256, file.path)
            self.stored[f"{folder}{name}"] = file
            return name

        self.html[f"{folder}index.html"] = digest_page.render(
            publication, self.settings, address=address, asset=self._asset(folder, ""), exported=exported
        )

    def _asset(self, folder: str, prefix: str) -> Callable[[str], str]:
        """Return what adds a static file to a folder of the site and answers with its relative address."""

        def asset(name: str) -> str:
            hashed = self.theme.hashed_name(name)
            self.assets[f"{folder}{hashed}"] = name
            return f"{prefix}{hashed}"

        return asset


def _keep(made: _Pages, shown: Publication | PublicEvent | None, root: Path, key: str) -> SitePart:
    folder = _folder(root, key)
    for earlier in folder.parent.glob("site-*"):
        shutil.rmtree(earlier, ignore_errors=True)
    event = shown.edition.event if isinstance(shown, Publication) else shown
    parts = list[SitePart]()

    def fill(into: Path) -> None:
        def write(name: str, html: str) -> StoredFile:
            (into / name).write_text(html, encoding="utf-8")
            return record_file(into / name, folder=f"{MADE}/{folder.name}")

        pages = {path: write(path.replace("/", "_"), html) for path, html in made.html.items()}
        part = SitePart(
            slug=made.slug,
            key=key,
            state=made.state,
            event=event,
            files=pages | made.stored,
            assets=made.assets,
            until_then=write("until_then.html", made.until_then) if made.until_then else None,
        )
        (into / PART).write_bytes(part.model_dump_json(by_alias=True).encode())
        parts.append(part)

    fill_folder(folder, fill)
    return parts[0]


def _folder(root: Path, key: str) -> Path:
    return root / MADE / f"site-{key[:16]}"


def _check_address(slug: str) -> None:
    if slugify(slug) != slug:
        raise DigestError(
            f"“{slug}” cannot be a webinar's address.",
            remedy="Write another slug into event.toml: small letters, digits and hyphens, no reserved name.",
        )


def _names(edition: PublicEdition) -> Iterator[tuple[str, str]]:
    """Yield what each file of an Edition is called on the site, by its SHA-256."""
    if edition.web:
        yield edition.web.sha256, "recording"
    if edition.poster:
        yield edition.poster.sha256, "poster"
    if edition.slides_pdf:
        yield edition.slides_pdf.sha256, "slides"
    if edition.original_deck:
        yield edition.original_deck.sha256, "presentation"
    for slide in edition.slides:
        if slide.image:
            yield slide.image.sha256, f"slide-{slide.number}"
        if slide.thumbnail:
            yield slide.thumbnail.sha256, f"slide-{slide.number}-small"
        for at, part in enumerate(slide.parts, start=1):
            yield part.sha256, f"slide-{slide.number}-picture-{at}"
