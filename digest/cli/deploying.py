"""The verb of whoever has several machines: deploy."""

import os
from typing import Annotated

from cyclopts import Parameter

from digest.cli.parameters import PLAIN, Common
from digest.cli.words import say
from digest.errors import MissingTool


def deploy(
    *,
    folder: Annotated[str, Parameter(help="Where the project lies on the workers' machines; by default as here.")] = "",
    common: Common = PLAIN,
) -> None:
    """Make deployments of draft, publish, retract, clean and drill in the work pool that [work] pool names."""
    settings = common.settings()
    if not settings.work.pool or not os.environ.get("PREFECT_API_URL"):
        raise MissingTool(
            "No work pool is named, or no Prefect server.",
            remedy="Set [work] pool in digest.toml and the variable PREFECT_API_URL.",
        )
    from flows.pool import deploy as make

    for name in make(settings.work.pool, folder or None):
        say(name)
    say(f"On each machine, in the project's folder: prefect worker start --pool {settings.work.pool} --limit 1")
