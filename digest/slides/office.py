"""LibreOffice: a presentation in, the same as .pptx or PDF out; in a limited child with a profile of its own."""

import json
from pathlib import Path
from typing import Literal

from digest import sandbox
from digest.errors import UnusableDrop
from digest.sandbox import Limits
from digest.settings import SlidesSettings

MEGABYTES = 16_384  # of address space, of which LibreOffice asks for far more than it uses
# Nothing linked is fetched, no macro runs: without this it calls hosts, and puts local files into the PDF.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"""
PDF_OPTIONS = {"ExportHiddenSlides": True, "UseTaggedPDF": True, "ExportNotes": False, "ExportBookmarks": True}
FILTERS = {
    "pptx": "pptx:Impress MS PowerPoint 2007 XML",
    "pdf": "pdf:impress_pdf_Export:"
    + json.dumps({name: {"type": "boolean", "value": str(on).lower()} for name, on in PDF_OPTIONS.items()}),
}


def convert(path: Path, to: Literal["pptx", "pdf"], settings: SlidesSettings, folder: Path) -> Path:
    """Return the presentation in another format, hidden slides too, as a new file in a folder.

    Raises MissingTool without LibreOffice, LimitReached where it does not come to an end, UnusableDrop where it
    makes nothing. Its exit status means nothing.
    """
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
    made = folder / "made"
    made.mkdir(exist_ok=True)
    asked = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--norestore", "--nolockcheck"]
    sandbox.run(
        [*asked, "--convert-to", FILTERS[to], "--outdir", made, path.absolute()],
        limits=Limits(seconds=settings.seconds_limit, megabytes=MEGABYTES),
        environment={"HOME": str(folder)},
    )
    file = made / f"{path.stem}.{to}"
    if not file.is_file():
        raise UnusableDrop(
            "LibreOffice cannot open the presentation.",
            file=path.name,
            remedy="Open it on your computer, save it anew as .pptx without a password, and put that in its place.",
        )
    return file
