"""Settings in, the Jinja environment out: templates are an organisation's own where it has them, else ours."""

import gettext
import hashlib
import io
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from digest.errors import MissingTool
from digest.settings import Settings
from digest.theme import filters


def environment(settings: Settings) -> Environment:
    """Return the environment in which all pages are made: everything is escaped, an unknown name is an error.

    Raises MissingTool where the organisation's language is none that we know.
    """
    return _environment(tuple(template_folders(settings)), settings.organisation.language)


@lru_cache(maxsize=4)  # compiling the templates takes half a second; one that changed is compiled again
def _environment(folders: tuple[Path, ...], language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(folders, language), newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(filters.in_language(_locale(language)))
    made.globals["language"] = language
    return made


def static_file(settings: Settings, name: str) -> Path | None:
    """Return where a style sheet, script or picture lies: an organisation's own first; None if there is none.

    `logo` is the picture that the settings name. A name is no path: none leads out of the folder.
    """
    if name != Path(name).name:
        return None
    logo = settings.organisation.logo
    paths = [logo] if name == "logo" and logo else [f / "static" / name for f in template_folders(settings)]
    return next((path for path in paths if path.is_file()), None)


def template_folders(settings: Settings) -> list[Path]:
    """Return the folders in which templates are looked up, the first found wins."""
    here = Path(__file__).resolve().parent
    installed = here / "templates"  # in a wheel; in a checkout they lie beside the package
    ours = installed if installed.is_dir() else here.parents[1] / "templates"
    return [*([settings.templates] if settings.templates else []), ours]


def key(settings: Settings) -> str:
    """Return the hash of all templates, style sheets and words, and of the logo."""
    hashed = hashlib.sha256()
    for folder in template_folders(settings):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            hashed.update(f"{path.relative_to(folder)} {path.stat().st_size} ".encode() + path.read_bytes())
    if logo := static_file(settings, "logo"):
        hashed.update(logo.read_bytes())
    return hashed.hexdigest()


def translations(folders: Sequence[Path], language: str) -> gettext.NullTranslations:
    """Return the page's own words in a language; what no catalogue has stays English.

    A folder has them in locale/<language>/LC_MESSAGES/, as digest.po or compiled to digest.mo; `pt` serves `pt-BR` too.
    """
    whole, found = language.replace("-", "_"), gettext.NullTranslations()
    for folder in reversed(folders):
        for name in dict.fromkeys((whole.partition("_")[0], whole)):
            for own in _catalogues(folder / "locale" / name / "LC_MESSAGES"):
                own.add_fallback(found)
                found = own
    return found


def _catalogues(folder: Path) -> Iterator[gettext.GNUTranslations]:
    """Yield the catalogues of a folder, the one that wins last."""
    if (written := folder / "digest.po").is_file():
        with written.open("rb") as lines, io.BytesIO() as compiled:
            write_mo(compiled, read_po(lines))
            compiled.seek(0)
            yield gettext.GNUTranslations(compiled)
    if (compiled_before := folder / "digest.mo").is_file():
        with compiled_before.open("rb") as content:
            yield gettext.GNUTranslations(content)


def _locale(language: str) -> Locale:
    if language == "en":
        return Locale.parse("en_001")  # English of no country: 23 November 2016
    try:
        return Locale.parse(language, sep="-" if "-" in language else "_")
    except (UnknownLocaleError, ValueError) as error:
        raise MissingTool(
            f"The language “{language}” is not known.",
            file="digest.toml",
            remedy="Write one like “en” or “pt-BR” into [organisation] language.",
        ) from error
