"""Where a person stands: workspaces, site and state folder in, every place out; nothing is changed."""

import contextlib
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from digest import sandbox
from digest.editing import read_draft
from digest.errors import DigestError
from digest.model.artifact import Record, Span
from digest.model.edition import Edition
from digest.model.speech import Transcript
from digest.privacy import DataSubject
from digest.privacy.office import without_person
from digest.privacy.places import name_moments, named_slides, texts_in, voice_stretches
from digest.sandbox import Limits
from digest.settings import Settings
from digest.store.workspace import Workspace
from digest.temporary import temporary_folder

LIMITS = Limits(seconds=60, megabytes=1024, file_megabytes=512)
OFFICE = (".pptx", ".docx", ".xlsx", ".odp", ".odt", ".ods")
NO_TEXT = (".mp4", ".m4a", ".webp", ".jpg", ".png", ".ico", ".woff2", ".pdf")  # of the site


class NamedAt(Record):
    """Where a person stands: `slug` is the webinar's, or empty for what belongs to none; `times` counts texts."""

    slug: str
    where: str
    times: int


class About(Record):
    """All places of a person, and `near`: words that may be the same person, by slug, with how often each is there."""

    places: tuple[NamedAt, ...]
    near: dict[str, dict[str, int]]


def find_person(person: DataSubject, settings: Settings) -> About:
    """Return every place of a person in workspaces, site and state folder; nothing is changed."""
    places, near = list[NamedAt](), dict[str, dict[str, int]]()
    for root in webinars(settings):
        found, like = look(Workspace(root), person)
        places += [NamedAt(slug=root.name, where=where, times=times) for where, times in found.items() if times]
        if like:
            near[root.name] = dict(like.most_common())
    for slug, files in _by_webinar(settings).items():
        times = sum(count_in(path, person) for path in files)
        places += [NamedAt(slug=slug, where="the site", times=times)] if times else []
    for path in sorted(settings.state.rglob("*")) if settings.state.is_dir() else ():
        if path.is_file() and (times := count_in(path, person)):
            places.append(NamedAt(slug="", where=str(path), times=times))
    times = sum(map(person.is_named, settings.organisation.glossary))
    places += [NamedAt(slug="", where="digest.toml, [organisation] glossary", times=times)] if times else []
    return About(places=tuple(places), near=near)


def webinars(settings: Settings) -> list[Path]:
    """Return the folders of all workspaces, by slug."""
    return sorted(path for path in settings.workspaces.glob("[!.]*") if path.is_dir())


def _by_webinar(settings: Settings) -> dict[str, list[Path]]:
    """Return the files of the site by webinar, under no name those of all."""
    found, public = dict[str, list[Path]](), settings.public
    for path in sorted(public.rglob("*")) if public.is_dir() else ():
        if path.is_file() and path.suffix not in NO_TEXT:
            first = path.relative_to(public).parts[0]
            found.setdefault(first if (settings.workspaces / first).is_dir() else "", []).append(path)
    return found


def count_in(path: Path, person: DataSubject) -> int:
    """Return how many texts of a file name the person."""
    try:
        if path.suffix in OFFICE:
            return reword_office(path, person, None)
        return sum(map(person.is_named, texts_in(path)))
    except OSError:
        return 0


def reword_office(path: Path, person: DataSubject, to: Path | None) -> int:
    """Return in how many parts of an Office file the name stands, and write a copy without it where one is wanted."""
    with temporary_folder() as folder, contextlib.suppress(DigestError):
        limits = replace(LIMITS, writes=(folder,))
        copy = folder / f"copy{path.suffix}"
        found = sandbox.call(without_person, limits, path, list(person.spellings), copy)
        if to:
            shutil.copyfile(copy, to)
        return found
    return 0


def look(workspace: Workspace, person: DataSubject) -> tuple[Counter[str], Counter[str]]:
    """Return how often the person stands where in a webinar, and which words are nearly the name."""
    found, near = Counter[str](), Counter[str]()
    found["the address"] = int(person.is_named(workspace.slug))
    for path in sorted(path for path in workspace.root.rglob("*") if path.is_file()):
        first, *rest = path.relative_to(workspace.root).parts
        where = f"drop/{rest[0]}" if first == "drop" and rest else f"{first}/" if rest else first
        found[where] += count_in(path, person) + sum(map(person.is_named, rest))
        if not rest and path.suffix.startswith(".json"):
            near.update(word for text in texts_in(path) for word in person.near(text))
    for view in views_of(workspace):
        heard = list(voice_stretches(view, person))
        seconds = round(sum(one.end - one.start for one in heard))
        found[f"the voice, {seconds} s of the recording"] = len(heard)
        found["the sound of the name"] = len(list(moments_of(workspace, view, person)))
        found["slides that show it"] = len(named_slides(view, person))
    return found, near


def views_of(workspace: Workspace) -> list[Edition]:
    """Return all Editions, and the draft as it stands, as far as they can be read."""
    views = list[Edition]()
    for path in sorted((workspace.root / "editions").glob("[!.]*")):
        with contextlib.suppress(DigestError):
            views.append(workspace.edition(path.name))
    with contextlib.suppress(DigestError):
        if workspace.has_draft() and (draft := read_draft(workspace)):
            views.append(draft.edition)
    return views


def moments_of(workspace: Workspace, view: Edition, person: DataSubject) -> Iterator[Span]:
    """Yield where the name is said, as the machine heard it and as editors corrected it."""
    yield from name_moments([word for one in view.paragraphs for word in one.words], person)
    transcript = workspace.artifact(Transcript, view.made_from.get(Transcript.FILE, ""))
    if transcript:
        yield from name_moments(list(transcript.words()), person)
