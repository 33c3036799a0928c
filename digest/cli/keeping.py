"""The verbs of whoever keeps what was made, and of who asks how the work goes: verify, drill, report."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from digest.cli.parameters import PLAIN, Common
from digest.cli.words import FAILED, print_json, print_table, say, say_wrong
from digest.errors import count_noun

MAX_SHOWN = 20  # differences that are listed; --json has them all


def verify(*, common: Common = PLAIN) -> int:
    """Read everything that is kept and published, and compare it with its hashes; nothing is changed."""
    from digest.integrity import examine

    found = list(examine(common.settings()))
    damaged = [one for one in found if one.faults]
    if common.json:
        print_json([one.model_dump(mode="json") for one in found])
        return FAILED if damaged else 0
    print_table(
        ("webinar", "state", "read"),
        ([one.slug, "damaged" if one.faults else "whole", count_noun(one.files, "file")] for one in found),
    )
    for one in found:
        for note in one.notes:
            say(f"  note     {one.slug}: {note}")
        for fault in one.faults:
            say_wrong(f"  DAMAGED  {one.slug}: {fault}")
    say(f"{len(found) - len(damaged)} of {len(found)} are whole.")
    if damaged:
        say_wrong("Put what is damaged back from a backup; what is whole was not touched.")
    return FAILED if damaged else 0


def drill(
    backup: Annotated[Path, Parameter(help="A restored backup: workspaces/, digest.toml and your theme.")],
    into: Annotated[Path, Parameter(help="An empty or new folder, for the site that it gives.")],
    /,
    *,
    common: Common = PLAIN,
) -> int:
    """Make the site from a backup alone, and compare it byte for byte with the one that is published here."""
    from digest import drill as drilling

    done = drilling.drill(backup, into, common.settings(), at=datetime.now(UTC))
    if common.json:
        print_json(done.model_dump(mode="json"))
        return 0 if done.is_good else FAILED
    say(f"The backup gives a site of {count_noun(done.files, 'file')}: {into}")
    for slug, why in sorted(done.left.items()):
        say_wrong(f"  LEFT OUT  {slug}: {why}")
    for difference in done.differences[:MAX_SHOWN]:
        say_wrong(f"  DIFFERS   {difference}")
    if len(done.differences) > MAX_SHOWN:
        say_wrong(f"  … and {len(done.differences) - MAX_SHOWN} more: digest drill --json lists them.")
    if done.compared is None:
        say("There is no published site here to compare it with.")
    elif done.is_good:
        say("It is the published site, byte for byte.")
    return 0 if done.is_good else FAILED


def report(
    *,
    into: Annotated[
        Path | None, Parameter(help="The file to write, instead of report.html in the state folder.")
    ] = None,
    common: Common = PLAIN,
) -> None:
    """Write a page on how the work goes, week by week: drops, times, speed, doubts, editors' minutes, failures."""
    from digest import report as reporting
    from digest.store.files import write_atomically

    settings = common.settings()
    figures = reporting.gather(settings)
    if common.json:
        print_json(figures.model_dump(mode="json"))
        return
    path = into or settings.state / "report.html"
    write_atomically(path, reporting.render(figures, settings, datetime.now(UTC)).encode())
    say(f"{count_noun(len(figures.webinars), 'webinar')}: {path}")
