"""LibreOffice: a presentation in, the same as .pptx or PDF out; in a limited child with a profile of its own."""

import errno
import json
import os
import socket
from pathlib import Path
from typing import Literal

from digest import sandbox
from digest.errors import UnusableDrop
from digest.sandbox import Limits
from digest.settings import SlidesSettings

MEGABYTES, ADDRESSES = 4096, 16_384  # of memory, and of addresses, of which LibreOffice asks for far more than it uses
# Nothing linked is fetched, no macro runs: without this it calls hosts, and puts local files into the PDF.
PIPES = Path("/tmp")  # noqa: S108  # where it makes a socket to find itself again, whatever TMPDIR says (sal/osl/unx/pipe.cxx)
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
    program: list[str | Path] = [*asked, "--convert-to", FILTERS[to], "--outdir", made, path.absolute()]
    limits = Limits(
        seconds=settings.seconds_limit,
        megabytes=MEGABYTES,
        address_megabytes=ADDRESSES,
        reads=(path,),
        writes=(folder,),
        sockets=PIPES,
    )
    file = made / f"{path.stem}.{to}"
    sandbox.run(program, limits=limits, environment={"HOME": str(folder)})
    # With a new profile it ends once and starts again by itself, which fails where its first socket is in the way.
    if _remove_pipes() and not file.is_file():
        sandbox.run(program, limits=limits, environment={"HOME": str(folder)})
        _remove_pipes()
    if not file.is_file():
        raise UnusableDrop(
            "LibreOffice cannot open the presentation.",
            file=path.name,
            remedy="Open it on your computer, save it anew as .pptx without a password, and put that in its place.",
        )
    return file


def _remove_pipes() -> bool:
    """Remove LibreOffice's sockets at which nobody listens: in its sandbox it makes one and cannot remove it.

    Say whether there was one.
    """
    was_one = False
    for pipe in PIPES.glob(f"OSL_PIPE_{os.getuid()}_SingleOfficeIPC_*"):
        with socket.socket(socket.AF_UNIX) as asked:
            if asked.connect_ex(str(pipe)) == errno.ECONNREFUSED:
                pipe.unlink(missing_ok=True)
                was_one = True
    return was_one
