"""The style sheets, scripts and drawings of a theme, under names that hold their hash, and what all pages depend on."""

import contextlib
import hashlib
import json
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath

from digest import theme
from digest.errors import MissingTool
from digest.exports import chosen_exports
from digest.settings import Settings

LOGO = "logo"


class Assets:
    """A theme's static files by name; each is read once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._content = lru_cache(maxsize=None)(self._read)

    def content(self, name: str) -> bytes:
        """Return what a file holds. Raises MissingTool if it is missing."""
        return self._content(name)[1]

    def hashed_name(self, name: str) -> str:
        """Return a file's name on the site. Raises MissingTool if it is missing."""
        path, content = self._content(name)
        stem = path.stem if name != LOGO else name
        return hashed_name(stem, hashlib.sha256(content).hexdigest(), path.name)

    def has(self, path: str, name: str) -> bool:
        """Return whether an asset of all webinars, that lies at a path of the site, is still the theme's."""
        with contextlib.suppress(MissingTool):
            return path == f"static/{self.hashed_name(name)}"
        return False

    @cached_property
    def key(self) -> str:
        """Return the hash of all that every page depends on: settings, templates, words, exports."""
        named = [self._settings.organisation.model_dump(mode="json"), self._settings.media.model_dump(mode="json")]
        named.append({row.name: row.version for row in chosen_exports(self._settings)})
        named.append({"theme": theme.key(self._settings)})
        return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()

    def _read(self, name: str) -> tuple[Path, bytes]:
        path = theme.static_file(self._settings, name)
        if path is None:
            missing = self._settings.organisation.logo if name == LOGO else name
            raise MissingTool(
                "A file that the pages need is missing.", file=missing, remedy="Check templates and logo."
            )
        return path, path.read_bytes()


def hashed_name(stem: str, sha256: str, path: str) -> str:
    """Return a file's name on the site: what it is, its hash, its ending."""
    return f"{stem}-{sha256[:8]}{PurePosixPath(path).suffix}"
