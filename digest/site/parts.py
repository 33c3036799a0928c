"""What a webinar has on the site: a Publication or an Event in, its files out, kept in made/ by what they depend on."""

import contextlib
import hashlib
import json
import shutil
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pydantic import AwareDatetime, Field, ValidationError

from digest.errors import DigestError
from digest.intake.slugs import slugify
from digest.model.announcement import Invitation
from digest.model.artifact import Record, StoredFile
from digest.model.media import WebCopy
from digest.model.public import Publication, PublicEdition, PublicEvent
from digest.settings import Settings
from digest.site import calendar_file, cards, citation, digest_page, embedding, event_page, feeds
from digest.site.assets import Assets, hashed_name
from digest.site.checksums import MANIFEST, manifest
from digest.site.listed import State
from digest.site.search_index import Searched, index_webinar
from digest.site.verify import Either, verify
from digest.store.files import MADE, fill_folder, record_file

VERSION = 4  # raised when the same Edition gives another page: each is made anew at the next publication

PART = "part.json"
CALENDAR = "event.ics"  # its address is in people's calendars, and stays
Exported = Callable[[Publication], Mapping[str, StoredFile]]  # the files made of an Edition, by the export's name


class SitePart(Record):
    """A webinar's share of the site, by path: files of its workspace (pages among them), and assets by their name.

    `until_then` is the event page without a word of the digest: something to lead back to while there is none yet.
    Assets under static/ are shared by all webinars. `card` is what the lists show of it, `language` what was spoken,
    `entries` what the feeds say of it, by feed, `searched` what the search of all webinars needs.
    """

    slug: str
    key: str
    state: State
    event: PublicEvent | None
    files: dict[str, StoredFile]
    assets: dict[str, str]
    until_then: StoredFile | None = None
    card: str = ""
    language: str | None = None
    published_at: AwareDatetime | None = None
    entries: dict[str, str] = Field(default_factory=dict)
    searched: Searched | None = None

    @property
    def event_page(self) -> str:
        """Return the path of its event page."""
        return f"{self.slug}/index.html"

    @property
    def digest_page(self) -> str:
        """Return the path of its digest page, or of the tombstone that stands there."""
        return f"{self.slug}/digest/index.html"

    @property
    def embedded_page(self) -> str:
        """Return the path of the page that may be framed; it leads to the digest page."""
        return f"{self.slug}/digest/{embedding.EMBED}"


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


@dataclass(frozen=True)
class SiteContent:
    """What a webinar shows: its digest, or its event alone, or nothing any more; and how that was announced, if it was.

    `is_over`: the event has taken place, and nobody is asked to register.
    """

    content: Publication | PublicEvent | None
    invitation: Invitation | None = None
    is_over: bool = False

    @property
    def publication(self) -> Publication | None:
        """Return the digest."""
        return self.content if isinstance(self.content, Publication) else None

    @property
    def event(self) -> PublicEvent | None:
        """Return the event."""
        return self.content.edition.event if isinstance(self.content, Publication) else self.content

    @property
    def language(self) -> str | None:
        """Return what was spoken, or is announced to be."""
        if isinstance(self.content, Publication):
            return self.content.edition.language
        return self.content.language if self.content else None


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
    shown: SiteContent,
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
    files = {*made.html, *made.files, *made.stored, *made.assets, "index.html"}
    styles = {path: assets.content(name) for path, name in made.assets.items()}
    verify(made.html | {"by/card.html": made.card.replace(cards.UP, "../")}, Either(files, known), styles)
    return _keep(made, shown, root, key)


@dataclass
class _Pages:
    """The pages of a webinar while they are rendered, with what they name."""

    slug: str
    state: State
    settings: Settings
    theme: Assets
    html: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    stored: dict[str, StoredFile] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)
    until_then: str | None = None
    card: str = ""
    cover: cards.Cover | None = None
    entries: dict[str, str] = field(default_factory=dict)
    searched: Searched | None = None

    def add(self, shown: SiteContent, exported: Exported) -> None:
        event, publication, invitation = shown.event, shown.publication, shown.invitation
        if event and invitation:
            calendar = calendar_file.render(event, invitation, self.settings.organisation)
            self.files[f"{self.slug}/{CALENDAR}"] = calendar
        if self.state == "withdrawn":
            asset = self._asset("static/", "../static/")
            self.html[f"{self.slug}/index.html"] = event_page.withdrawal_note(self.settings, asset=asset)
        elif event:
            self.html[f"{self.slug}/index.html"] = self._event_page(shown, event, publication)
        if publication:
            self.until_then = self._event_page(shown, publication.edition.event, None)
            self._add_digest(publication, exported(publication))
        elif self.state == "retracted":
            self.html[f"{self.slug}/digest/index.html"] = event_page.tombstone(
                event, self.settings, asset=self._asset("static/", "../../static/")
            )
        if event and self.state != "withdrawn":
            self.card = self._card(shown, event)

    def _card(self, shown: SiteContent, event: PublicEvent) -> str:
        return cards.render(
            event,
            shown.publication.edition if shown.publication else None,
            self.settings,
            cover=self.cover,
            is_over=shown.is_over,
            is_cancelled=self.state == "cancelled",
        )

    def _event_page(self, shown: SiteContent, event: PublicEvent, publication: Publication | None) -> str:
        return event_page.render(
            event,
            publication,
            self.settings,
            asset=self._asset("static/", "../static/"),
            is_over=shown.is_over,
            invitation=shown.invitation,
        )

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
        self.cover = cards.cover_of(publication.edition, lambda file: f"{folder}{address(file)}")
        self.files[f"{folder}{citation.CITATION}"] = citation.render(publication, self.settings).encode()
        if publication.edition.web:
            self._add_embed(publication.edition, publication.edition.web, folder, address, exported)
        self.searched, found = index_webinar(publication.edition)
        self.files |= {f"{folder}{name}": content for name, content in found.items()}
        at = {file.sha256: str(self.settings.organisation.address(path)) for path, file in self.stored.items()}
        self.entries = feeds.entries_of(
            publication, self.settings, addresses=at, exported=dict(exported), cover=self.cover
        )

    def _add_embed(
        self,
        edition: PublicEdition,
        web: WebCopy,
        folder: str,
        address: Callable[[StoredFile], str],
        exported: Mapping[str, StoredFile],
    ) -> None:
        """Add the page that may be framed, and how to frame it."""
        asset = self._asset(folder, "")
        page = embedding.player(edition, web, self.settings, address=address, asset=asset, exported=exported)
        self.html[f"{folder}{embedding.EMBED}"] = page
        if described := embedding.describe_frame(edition, self.settings, self.cover):
            self.files[f"{folder}{embedding.OEMBED}"] = described.encode()

    def manifest(self, publication: Publication, pages: Mapping[str, StoredFile]) -> bytes:
        """Return what the digest's folder holds."""
        assets = {path: self.theme.content(name) for path, name in self.assets.items()}
        return manifest(publication, f"{self.slug}/digest/", {**pages, **self.stored}, assets)

    def _asset(self, folder: str, prefix: str) -> Callable[[str], str]:
        """Return what adds a static file to a folder of the site and answers with its relative address."""

        def asset(name: str) -> str:
            hashed = self.theme.hashed_name(name)
            self.assets[f"{folder}{hashed}"] = name
            return f"{prefix}{hashed}"

        return asset


def _keep(made: _Pages, shown: SiteContent, root: Path, key: str) -> SitePart:
    folder = _folder(root, key)
    for earlier in folder.parent.glob("site-*"):
        shutil.rmtree(earlier, ignore_errors=True)
    parts = list[SitePart]()

    def fill(into: Path) -> None:
        def write(name: str, content: bytes) -> StoredFile:
            (into / name).write_bytes(content)
            return record_file(into / name, folder=f"{MADE}/{folder.name}")

        written = {path: html.encode() for path, html in made.html.items()} | made.files
        pages = {path: write(path.replace("/", "_"), content) for path, content in written.items()}
        if shown.publication:
            pages[f"{made.slug}/digest/{MANIFEST}"] = write(MANIFEST, made.manifest(shown.publication, pages))
        part = SitePart(
            slug=made.slug,
            key=key,
            state=made.state,
            event=shown.event if made.state != "withdrawn" else None,
            files=pages | made.stored,
            assets=made.assets,
            until_then=write("until_then.html", made.until_then.encode()) if made.until_then else None,
            card=made.card,
            language=shown.language,
            published_at=shown.publication.published_at if shown.publication else None,
            entries=made.entries,
            searched=made.searched,
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
    for at, deck in enumerate(edition.more_original_decks, start=2):
        yield deck.sha256, f"presentation-{at}"
    for slide in edition.slides:
        if slide.image:
            yield slide.image.sha256, f"slide-{slide.number}"
        if slide.thumbnail:
            yield slide.thumbnail.sha256, f"slide-{slide.number}-small"
        for at, part in enumerate(slide.parts, start=1):
            yield part.sha256, f"slide-{slide.number}-picture-{at}"
