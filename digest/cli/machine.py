"""The verbs of whoever looks after the machine: doctor, clean, and models with list, fetch, path, verify."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from digest.cli.parameters import PLAIN, Common, Model
from digest.cli.words import ENVIRONMENT, print_json, print_table, say, say_wrong
from digest.errors import MissingTool, count_noun

if TYPE_CHECKING:
    from digest.clean import Litter


def doctor(*, common: Common = PLAIN) -> int:
    """Look at what this machine has and lacks, each with the exact mend."""
    from digest.doctor import examine

    findings = examine(common.settings())
    if common.json:
        print_json([finding.model_dump(mode="json") for finding in findings])
    else:
        print_table(("", "state", "found", "mend"), ([f.name, f.state, f.found, f.mend] for f in findings))
    return ENVIRONMENT if any(finding.state == "missing" for finding in findings) else 0


def list_models(*, common: Common = PLAIN) -> None:
    """List the models that can be asked for by name."""
    from digest.weights import whisper

    listed = whisper.catalogue()
    if common.json:
        print_json([{"name": entry.name, "bytes": entry.size} for entry in listed])
    else:
        sizes = (f"{entry.size / 1e6:,.0f} MB" if entry.size else "not fetched" for entry in listed)
        print_table(("model", "here"), ([entry.name, size] for entry, size in zip(listed, sizes, strict=True)))


def fetch_model(model: Model, /) -> None:
    """Fetch a model into the cache, if it is not there."""
    from digest.weights import whisper

    say(whisper.find(model))


def path(model: Model, /) -> None:
    """Print where a model lies; it is fetched if it is not there."""
    from digest.weights import whisper

    say(whisper.find(model))


def verify_model(model: Model | None = None, /) -> int:
    """Compare a model with the hash that it was saved with; without a name all that are in the cache."""
    from digest.weights import campplus, whisper

    if model:
        say(f"{whisper.verify(model)} is whole.")
        return 0
    checks: list[Callable[[], Path]] = [partial(whisper.verify, one.name) for one in whisper.catalogue() if one.size]
    checks += [campplus.verify] if campplus.cache_path().is_file() else []
    faults = list[MissingTool]()
    for check in checks:
        try:
            say(f"{check()} is whole.")
        except MissingTool as error:
            faults.append(error)
            say_wrong(str(error))
    say(f"{len(checks) - len(faults)} of {len(checks)} are whole.")
    return ENVIRONMENT if faults else 0


def clean(
    *,
    remove: Annotated[bool, Parameter(help="Remove what is shown without it.", negative="")] = False,
    common: Common = PLAIN,
) -> int:
    """Show what no edition and no draft needs any more, and what is past its time; with --remove, remove it."""
    from digest import clean as cleaning

    settings = common.settings()
    found, outdated = cleaning.find_litter(settings), cleaning.find_outdated(settings, datetime.now(UTC))
    for litter in found if remove else ():
        cleaning.remove(litter, settings)
    for path in (path for paths in outdated.values() for path in paths if remove):
        path.unlink(missing_ok=True)
    if common.json:
        print_json([{"slug": one.slug, "bytes": one.size, "why_not": one.why_not} for one in found])
        return 0
    for kind, paths in outdated.items():
        say(f"{kind}, past the time they are kept: {count_noun(len(paths), 'file')}{', removed' if remove else ''}.")
    rows = ([one.slug, one.why_not or f"{len(one.paths)} of kept/ and made/, {_megabytes([one])}"] for one in found)
    if found:
        print_table(("webinar", "removed" if remove else "may go"), rows)
    if remove:
        say(f"{_megabytes(found)} freed.")
    else:
        has_some = bool(found) or any(outdated.values())
        say(f"{_megabytes(found)} may go. To remove it: digest clean --remove" if has_some else "Nothing may go.")
    return 0


def _megabytes(found: "Iterable[Litter]") -> str:
    return f"{sum(one.size for one in found) / 1e6:,.1f} MB"
