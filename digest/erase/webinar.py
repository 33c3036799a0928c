"""A webinar without a person: a workspace in, in its place one whose files, words and moments are not theirs."""

import contextlib
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from digest.clean import dropped_from, litter_of
from digest.erase.places import OFFICE, count_in, moments_of, reword_office, views_of
from digest.intake.slugs import slugify
from digest.media.mute import without_stretches
from digest.media.poster import poster
from digest.media.probe import probe
from digest.media.sound import silence
from digest.model.announcement import Announcement
from digest.model.artifact import Artifact, Picture, Span, StoredFile, dumps_indented
from digest.model.deck import Pages
from digest.model.drop import Drop, DroppedFile
from digest.model.edition import Edition
from digest.model.erasure import Tombstone
from digest.model.media import Media
from digest.model.speech import Speakers
from digest.privacy import DataSubject, silences
from digest.privacy.erasing import Erasure, goes
from digest.privacy.erasing import erase as without
from digest.privacy.person import NAME
from digest.privacy.places import named_slides, reword_text, texts_of, voice_stretches
from digest.settings import Settings
from digest.store.files import MADE, exchange, file_sha256, temporary_beside, write_atomically
from digest.store.journal import append, chain_anew, hold
from digest.store.leases import Leases
from digest.store.workspace import COMMENTS, CONSENT, DECISIONS, ERASING, ERASURES, KEPT, OVERLAY, RUNS, Workspace
from digest.temporary import temporary_folder

log = logging.getLogger(__name__)

JOURNALS = (RUNS, OVERLAY, DECISIONS, COMMENTS, CONSENT, ERASURES)
PROVENANCE = "provenance.json"
MADE_ANEW = (MADE, "logs", "scratch", "mail")  # of a workspace: goes, and comes again where it is needed
TYPED = ("captions", "chat", "questions")  # roles of companions that hold what people said and typed
AS_WEB_COPY = {"container": "mov", "audio_codec": "aac"}  # what a recording in drop/ is once it was changed
EVERYTHING = Span(start=0, end=1e9)

A = TypeVar("A", bound=Artifact)
Item = Mapping[str, Any]


@dataclass
class _Moments:
    """When, by the web copy's SHA-256, nothing may be heard and seen, and what else of the webinar is the person's."""

    silent: dict[str, list[Span]] = field(default_factory=dict)
    dark: dict[str, list[Span]] = field(default_factory=dict)
    voice: list[Span] = field(default_factory=list)
    slides: set[int] = field(default_factory=set)
    sentences: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    by_others: set[str] = field(default_factory=set)


@dataclass
class _Copy:
    """The workspace that is written anew. `files` are those that changed, by their old SHA-256; None for what went."""

    workspace: Workspace
    settings: Settings
    views: Sequence[Edition]
    files: dict[str, Item | None] = field(default_factory=dict)

    def artifacts(self, kind: type[A]) -> list[A]:
        """Return all artifacts of a kind that the draft or an Edition names, or that lie in their place."""
        there = self.workspace.load(kind)
        named = (*(view.made_from.get(kind.FILE) for view in self.views), self.workspace.last_run().get(kind.FILE))
        found = [one for sha256 in named if sha256 and (one := self.workspace.artifact(kind, sha256))]
        return list({one.sha256(): one for one in (*found, *([there] if there else []))}.values())

    def remove(self, file: StoredFile) -> None:
        """Take a file away, wherever it lies."""
        self.files[file.sha256] = None
        for path in self._places(file):
            path.unlink()

    def put(self, file: StoredFile, made: Path, **fields: object) -> None:
        """Put another file in the place of one, wherever that lies; the `fields` of its records change with it."""
        sha256, kept = file_sha256(made), self.workspace.root / KEPT
        for path in self._places(file):
            to = kept / sha256 if path.parent == kept else path
            beside = temporary_beside(to)
            shutil.copyfile(made, beside)
            path.unlink()
            beside.replace(to)
            to.chmod(0o444)
        known = self.files.get(file.sha256) or {}
        self.files[file.sha256] = {**known, "sha256": sha256, "size": made.stat().st_size, **fields}
        made.unlink()

    def _places(self, file: StoredFile) -> Iterator[Path]:
        for path in (self.workspace.root / file.path, self.workspace.root / KEPT / file.sha256):
            if path.is_file() and path.stat().st_size == file.size and file_sha256(path) == file.sha256:
                yield path


def erase_webinar(
    workspace: Workspace, person: DataSubject, tombstone: Tombstone, settings: Settings
) -> tuple[int, dict[str, str]]:
    """Write a webinar anew without a person, and put it in the place of what it was, in one step.

    Returns how many files changed, and what is called otherwise now: hashes of Editions, and the slug where it held the
    name. Raises Busy while a run is at it, and whatever is wrong with a file that must be read.
    """
    with contextlib.ExitStack() as held:
        if folder := dropped_from(workspace):
            held.enter_context(Leases(settings).hold_drop(folder))
        held.enter_context(hold([workspace.root / name for name in JOURNALS]))
        work = held.enter_context(temporary_folder(settings.workspaces, prefix=ERASING))
        is_quiet = tombstone.what == "words"
        copied = _copy(workspace, work)
        copy = _Copy(copied, settings, views_of(workspace))
        moments = _moments(workspace, copy.views, person, is_quiet=is_quiet)
        _change_media(copy, moments)
        _remove_dark_posters(copy, moments)
        _change_slides(copy, moments)
        _change_drop(copy, person, moments, is_quiet=is_quiet)
        erasure = Erasure(
            person,
            stretches=tuple(moments.voice),
            files=copy.files,
            slug=_free_slug(workspace, person, settings),
            sentences=frozenset(moments.sentences),
            alone=frozenset(moments.said - moments.by_others),
            is_quiet=is_quiet,
        )
        renamed = _change_records(copied, erasure)
        changed = len(copy.files) + len(renamed)
        line = tombstone.model_copy(update={"files": changed})
        append(copied.root / ERASURES, Tombstone, lambda _: line)
        exchange(workspace.root, copied.root)
    if erasure.slug:
        workspace.root.rename(settings.workspaces / erasure.slug)
        renamed |= {workspace.slug: erasure.slug}
    log.info("A person was erased from %s: %d files", erasure.slug or workspace.slug, changed)
    return changed, renamed


def _copy(workspace: Workspace, work: Path) -> Workspace:
    """Return a copy whose files are those of the workspace; what nobody needs stays out."""
    litter = {path.relative_to(workspace.root) for path in litter_of(workspace).paths}
    root = work / workspace.slug
    shutil.copytree(workspace.root, root, copy_function=os.link, ignore=_leave_out(workspace.root))
    for path in litter:
        (root / path).unlink(missing_ok=True)
    for name in JOURNALS:  # which are appended to: not to what is locked
        path = root / name
        content = path.read_bytes()
        path.unlink()
        if content:
            write_atomically(path, content)
    return Workspace(root)


def _leave_out(root: Path) -> Any:
    def ignore(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if Path(folder) == root and (name in MADE_ANEW or name.startswith("."))]

    return ignore


def _moments(workspace: Workspace, views: Sequence[Edition], person: DataSubject, *, is_quiet: bool) -> _Moments:
    """Return when the person is heard and seen, of all Editions and the draft."""
    found = _Moments()
    for view in views:
        voice = list(voice_stretches(view, person)) if is_quiet else []
        slides = named_slides(view, person)
        names = moments_of(workspace, view, person)
        shown = [Span(start=one.start, end=one.end) for one in view.intervals if one.slide in slides]
        turns = _turns(workspace, view, person) if is_quiet else []
        found.silent.setdefault(view.web.sha256, []).extend(_silences(view, [*voice, *turns, *names]))
        found.dark.setdefault(view.web.sha256, []).extend([*voice, *turns, *shown])
        found.voice += voice
        found.slides |= slides
        said = Erasure(person, stretches=tuple(voice))
        sentences = view.digest.sentences()
        found.sentences |= {one.id for one in sentences if goes(one.model_dump(mode="json"), said)}
        for word in (word for paragraph in view.paragraphs for word in paragraph.words):
            (found.said if said.is_said(word.model_dump()) else found.by_others).update(_lower(word.text))
        for text in (text for slide in view.slides for text in texts_of(slide.model_dump(mode="json"))):
            found.by_others.update(_lower(text))
    return found


def _turns(workspace: Workspace, view: Edition, person: DataSubject) -> list[Span]:
    """Return the turns of the person: what was heard between words, and is in none, is theirs too."""
    voices = {one.id for one in view.speakers if person.is_named(one.name)}
    speakers = workspace.artifact(Speakers, view.made_from.get(Speakers.FILE, ""))
    turns = speakers.turns if speakers else ()
    return [Span(start=one.start, end=one.end) for one in turns if one.speaker in voices]


def _lower(text: str) -> set[str]:
    return {word.lower() for word in NAME.findall(text)}


def _silences(view: Edition, stretches: Sequence[Span]) -> tuple[Span, ...]:
    """Return where the sound goes: a little more than these stretches, as far as no other word is cut into."""
    alone = view.digest.model_copy(update={"doubts": ()})
    return silences(view.model_copy(update={"withheld": tuple(stretches), "digest": alone, "shown": EVERYTHING}))


def _change_media(copy: _Copy, moments: _Moments) -> None:
    """Make recordings silent and dark."""
    settings, folder = copy.settings.media, copy.workspace.root / "scratch"
    for media in copy.artifacts(Media):
        silent, dark = moments.silent.get(media.web.sha256, []), moments.dark.get(media.web.sha256, [])
        dark = dark if media.has_video else []
        if not (silent or dark) or media.web.sha256 in copy.files:
            continue
        folder.mkdir()
        web, recording, sound = folder / Path(media.web.path).name, folder / "recording", folder / "sound.wav"
        without_stretches(copy.workspace.find(media.web), media.web, settings, silent=silent, dark=dark, to=web)
        silence(copy.workspace.find(media.sound), silent, sound)
        if media.poster and dark:
            _change_poster(copy, media, media.poster, web)
        shutil.copyfile(web, recording)
        first, *others = media.sources
        codecs = {**AS_WEB_COPY, "video_codec": "h264" if media.has_video else None}
        copy.put(first, recording, **codecs, duration=media.duration)
        copy.put(media.web, web, audio_codec="aac")
        copy.put(media.sound, sound)
        for source in others:
            copy.remove(source)
        shutil.rmtree(folder)


def _remove_dark_posters(copy: _Copy, moments: _Moments) -> None:
    """Take away pictures of the recording that editors chose where it is black now."""
    root = copy.workspace.root
    for path in (root / "posters").glob("*/poster.jpg"):
        web_copy, second = path.parent.name.rsplit("-", 1)
        dark = [one for sha256, some in moments.dark.items() if sha256.startswith(web_copy) for one in some]
        if any(one.start <= int(second) / 1000 <= one.end for one in dark):
            copy.remove(
                StoredFile(path=str(path.relative_to(root)), sha256=file_sha256(path), size=path.stat().st_size)
            )


def _change_poster(copy: _Copy, media: Media, was: Picture, web: Path) -> None:
    limit = copy.settings.media.seconds_limit
    made = poster(web, probe(web), duration=media.duration, folder=str(Media.FOLDER), seconds_limit=limit)
    if made:
        copy.put(was, web.parent / "poster.jpg", width=made.width, height=made.height)
    else:
        copy.remove(was)


def _change_slides(copy: _Copy, moments: _Moments) -> None:
    """Take away the pictures of slides that name the person, and the PDF of all."""
    for pages in copy.artifacts(Pages) if moments.slides else ():
        for page in (page for page in pages.pages if page.number in moments.slides):
            copy.remove(page.image)
            copy.remove(page.thumbnail)
        for part in (part for part in pages.parts if part.number in moments.slides):
            copy.remove(part)
        if pages.pdf:
            copy.remove(pages.pdf)


def _change_drop(copy: _Copy, person: DataSubject, moments: _Moments, *, is_quiet: bool) -> None:
    """Reword the files that staff dropped; what cannot be reworded goes."""
    root, dropped = copy.workspace.root, dict[str, DroppedFile]()
    for drop in copy.artifacts(Drop):
        dropped |= {file.sha256: file for file in drop.files if file.sha256 not in copy.files}
    for file in dropped.values():
        path = next((path for path in (root / file.path, root / KEPT / file.sha256) if path.is_file()), None)
        is_shown = file.role in ("deck", "pictures") and bool(moments.slides)
        if is_quiet and file.role in TYPED:
            copy.remove(file)
        elif path and (is_shown or count_in(path, person)):
            if made := _reworded_copy(path, person):
                copy.put(file, made)
            else:
                copy.remove(file)


def _reworded_copy(path: Path, person: DataSubject) -> Path | None:
    """Return a copy of a file without the name, beside it; None where it cannot be reworded."""
    beside = temporary_beside(path)
    if path.suffix in OFFICE:
        return beside if reword_office(path, person, beside) else None
    text = reword_text(path.read_bytes(), person) if path.suffix != ".pdf" else None
    if text is None:
        return None
    write_atomically(beside, text)
    return beside


def _free_slug(workspace: Workspace, person: DataSubject, settings: Settings) -> str | None:
    """Return another slug where this one names the person."""
    if not person.is_named(workspace.slug):
        return None
    slug = slugify(person.replace(workspace.slug, " ")) or "webinar"
    free = (f"{slug}-{number}" if number > 1 else slug for number in range(1, 1000))
    return next(one for one in free if not (settings.workspaces / one).exists())


def _change_records(workspace: Workspace, erasure: Erasure) -> dict[str, str]:
    """Rewrite artifacts, announcements and Editions, then what names them; return the new hashes by the old ones."""
    root, hashes = workspace.root, dict[str, str]()
    erasure = replace(erasure, hashes=hashes)
    for path in (*root.glob("*.json"), *_json_in(root / KEPT)):
        if path.name != PROVENANCE:
            _change_record(path, erasure, hashes)
    for folder in (root / "announcements").glob("[!.]*"):
        event_file = folder / "event.toml"
        if event_file.is_file() and count_in(event_file, erasure.person):
            was = file_sha256(event_file)
            write_atomically(event_file, reword_text(event_file.read_bytes(), erasure.person) or b"")
            hashes[was] = file_sha256(event_file)
        _change_folder(folder, Announcement.FILE, erasure, hashes)
    for folder in (root / "editions").glob("[!.]*"):
        _change_folder(folder, Edition.FILE, erasure, hashes)
    provenance = without(workspace.provenance(), erasure)
    content = json.dumps(provenance, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(root / PROVENANCE, content.encode() + b"\n")
    for name in JOURNALS:
        _change_journal(root / name, erasure)
    return hashes


def _json_in(folder: Path) -> Iterator[Path]:
    for path in folder.glob("*"):
        with path.open("rb") as file:
            if file.read(1) == b"{":
                yield path


def _change_record(path: Path, erasure: Erasure, hashes: dict[str, str]) -> None:
    """Rewrite an artifact as it is saved, and rename it where its name is its hash."""
    was = path.read_bytes()
    before = json.loads(was)
    after = without(before, erasure)
    if after == before:
        return
    write_atomically(path, (dumps_indented(after) + "\n").encode())
    old, new = hashlib.sha256(was).hexdigest(), file_sha256(path)
    hashes[old] = new
    if path.name == old:
        path.rename(path.with_name(new))


def _change_folder(folder: Path, name: str, erasure: Erasure, hashes: dict[str, str]) -> None:
    _change_record(folder / name, erasure, hashes)
    if new := hashes.get(folder.name):
        folder.rename(folder.with_name(new))


def _change_journal(path: Path, erasure: Erasure) -> None:
    content = path.read_bytes() if path.is_file() else b""
    before = [json.loads(line) for line in content[: content.rfind(b"\n") + 1].splitlines()]
    after = [without(line, erasure) for line in before]
    if after != before:
        write_atomically(path, chain_anew(after))
