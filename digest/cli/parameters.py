"""What verbs take: the same words and the same rules for all of them."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from digest.settings import Settings, load
from digest.store.workspace import ARRIVING, CHECKED, ERASING
from digest.temporary import sweep

PORT = Number(gte=1, lte=65535)

Slug = Annotated[str, Parameter(help="The webinar's address, as `digest status` lists it.")]
By = Annotated[str, Parameter(help="Who decides; it is recorded and shown.")]
Out = Annotated[Path, Parameter(help="The folder for what is made; made if it is not there.")]
Model = Annotated[str, Parameter(help="The name of a model.")]


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """What every verb takes."""

    workspaces: Annotated[Path | None, Parameter(help="The folder of all webinars, instead of the settings' one.")] = (
        None
    )
    json: Annotated[bool, Parameter(help="Print JSON for programs to read.", negative="")] = False

    def settings(self) -> Settings:
        """Return the settings in force; Prefect's files go into their state folder, and what killed runs left goes."""
        settings = load(workspaces=self.workspaces)
        os.environ.setdefault("PREFECT_HOME", str((settings.state / "prefect").resolve()))
        sweep()
        for prefix in (ARRIVING, CHECKED, ERASING):
            sweep(settings.workspaces, prefix=prefix)
        return settings


PLAIN = Common()
