"""What this machine has and lacks: programs, weights, fonts, room, the sandbox; each with its mend."""

import ctypes
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from digest import sandbox
from digest.errors import DigestError
from digest.model.artifact import Record
from digest.sandbox import Limits
from digest.settings import Settings, cache_folder

ROOM_WANTED = 10  # GB: a webinar of two hours with its web copy and sound takes some 3
FONTS = {
    "Carlito": "fonts-crosextra-carlito",
    "Caladea": "fonts-crosextra-caladea",
    "Liberation": "fonts-liberation",
    "DejaVu": "fonts-dejavu-core",
    "Noto": "fonts-noto-core",
}  # what decks are drawn with in place of Calibri, Cambria, Arial …
CODECS = ("libx264", "aac")


class Finding(Record):
    """One thing that was looked at. `worse` works with less, `missing` stops a run; `mend` is what to type."""

    name: str
    state: Literal["good", "worse", "missing"]
    found: str
    mend: str = ""


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Return what was found, in the order in which a run needs it. Nothing is fetched or changed."""
    looks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _ffmpeg,
        _libreoffice,
        _fonts,
        _pango,
        _weights,
        _sources,
        _model,
        _messages,
        _room,
        _sandbox,
    )
    return tuple(finding for look in looks for finding in look(settings))


def _ffmpeg(_: Settings) -> Iterator[Finding]:
    mend = "sudo apt-get install --no-install-recommends ffmpeg"
    for program in ("ffmpeg", "ffprobe"):
        said = _first_line(program, "-version")
        yield (
            Finding(name=program, state="good", found=said)
            if said
            else Finding(name=program, state="missing", found="not installed", mend=mend)
        )
    if shutil.which("ffmpeg"):
        encoders = sandbox.run(["ffmpeg", "-hide_banner", "-encoders"], limits=Limits(seconds=20)).stdout.decode()
        lacking = [codec for codec in CODECS if f" {codec} " not in encoders]
        if lacking:
            found = f"built without {' and '.join(lacking)}"
            yield Finding(name="ffmpeg's encoders", state="missing", found=found, mend=mend)


def _libreoffice(_: Settings) -> Iterator[Finding]:
    program = shutil.which("soffice")
    yield (
        Finding(name="LibreOffice", state="good", found=program)
        if program
        else Finding(
            name="LibreOffice",
            state="worse",
            found="not installed: pptx without a pdf is set as text with its pictures, ppt and odp are refused",
            mend="sudo apt-get install --no-install-recommends libreoffice-impress-nogui",
        )
    )


def _fonts(_: Settings) -> Iterator[Finding]:
    if not shutil.which("fc-list"):
        mend = "sudo apt-get install --no-install-recommends fontconfig"
        yield Finding(name="fonts", state="worse", found="fc-list is not installed: unknown", mend=mend)
        return
    listed = sandbox.run(["fc-list", ":", "family"], limits=Limits(seconds=60)).stdout.decode(errors="replace")
    lacking = [name for name in FONTS if name not in listed]
    mend = "sudo apt-get install --no-install-recommends " + " ".join(FONTS[name] for name in lacking)
    yield (
        Finding(name="fonts", state="good", found=", ".join(FONTS))
        if not lacking
        else Finding(
            name="fonts", state="worse", found=f"without {', '.join(lacking)}: slides look different", mend=mend
        )
    )


def _pango(settings: Settings) -> Iterator[Finding]:
    """Say whether PDFs and covers can be drawn, where somebody wants them."""
    wanted = [name for name in ("pdf", "epub", "audio") if name in settings.exports.formats]
    mend = "sudo apt-get install --no-install-recommends libpangoft2-1.0-0"
    if wanted:
        try:
            ctypes.CDLL("libpangoft2-1.0.so.0")
        except OSError:
            found = f"not installed: nothing is published with {', '.join(wanted)} in [exports]"
            yield Finding(name="Pango", state="missing", found=found, mend=mend)
        else:
            yield Finding(name="Pango", state="good", found="draws PDFs and covers")


def _weights(settings: Settings) -> Iterator[Finding]:
    from digest.weights import whisper

    model = settings.speech.model
    name = f"speech model {model}"
    listed = {entry.name: entry.size for entry in whisper.catalogue()}
    if model in listed and listed[model] is None:
        mend = f"digest models fetch {model}"
        yield Finding(name=name, state="missing", found=f"not in {cache_folder()}", mend=mend)
        return
    try:
        whisper.load(model)
    except DigestError as error:
        yield Finding(name=name, state="missing", found=error.what, mend=error.remedy)
    else:
        yield Finding(name=name, state="good", found="loads without the network")


def _model(settings: Settings) -> Iterator[Finding]:
    """Say whether a language model is asked, what is sent where, and whether the endpoint answers."""
    from digest.writing.llm.client import answers

    llm = settings.llm
    if not llm.url:
        yield Finding(name="language model", state="good", found="none: accounts are quoted, and nothing is sent")
        return
    found = (
        f"{llm.model} at {llm.host} words the account. Sent there of each webinar: titles, terms, and what was chosen "
        f"of the transcript, with the names that the page will carry; at most {llm.max_in_words}."
    )
    if not answers(llm):
        mend = "Start it, or see to DIGEST_LLM_URL and DIGEST_LLM_KEY; until then accounts are quoted."
        yield Finding(name="language model", state="worse", found=f"{found} It does not answer.", mend=mend)
    elif llm.is_local or llm.url.startswith("https://"):
        yield Finding(name="language model", state="good", found=found)
    else:
        mend = "Name an address with https://, or make sure that nobody else is on this network."
        yield Finding(name="language model", state="worse", found=f"{found} Whoever is between can read it.", mend=mend)


def _sources(settings: Settings) -> Iterator[Finding]:
    """Name the weights that one source alone has: if it is gone, a new machine cannot have them."""
    from digest.weights import campplus, whisper

    model = settings.speech.model
    known = {f"the speech model {model}": whisper.sources(model), "the model of voices": (campplus.PACKAGE,)}
    alone = [f"{name} ({where[0]})" for name, where in known.items() if len(where) == 1]
    found = f"one source alone has {' and '.join(alone)}: keep a copy of {cache_folder()}"
    yield Finding(name="sources of weights", state="good", found=found)


def _messages(settings: Settings) -> Iterator[Finding]:
    """Say whether people can be told; nobody is."""
    from digest.messages import mail, outlets, webhook
    from digest.messages.unsent import Unsent

    notify, told = settings.notify, len(outlets(settings))
    good = f"{told} are told of drafts, approvals, publications and failures" if told else "nobody is told of anything"
    try:
        if notify.smtp:
            mail.connect(notify).quit()
        if notify.webhooks:
            webhook.signing_key()
    except Unsent as error:
        mend = "Correct [notify] in digest.toml, or the variable; messages wait until then, three days at most."
        yield Finding(name="messages", state="worse", found=str(error), mend=mend)
    else:
        yield Finding(name="messages", state="good", found=good)


def _room(settings: Settings) -> Iterator[Finding]:
    for name, folder in (("workspaces", settings.workspaces), ("public", settings.public), ("state", settings.state)):
        there = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())
        free = shutil.disk_usage(there).free / 1e9
        found = f"{free:.0f} GB free at {there}"
        mend = f"Make room there, or name another folder: {name} in digest.toml."
        enough = free >= ROOM_WANTED
        yield Finding(
            name=f"room for {name}", state="good" if enough else "worse", found=found, mend="" if enough else mend
        )


def _sandbox(settings: Settings) -> Iterator[Finding]:
    level = sandbox.level()
    lacks = {
        "no network": "what opens dropped files has limits and no network, but sees this machine's other files",
        "limits alone": "what opens dropped files has limits alone: it sees other files and reaches the network",
    }
    is_good = level in sandbox.ISOLATED
    yield Finding(
        name="sandbox",
        state="good" if is_good else "missing" if settings.sandbox == "strict" else "worse",
        found=level if is_good else lacks[level],
        mend="" if is_good else sandbox.ISOLATE,
    )


def _first_line(program: str, *args: str) -> str:
    if not shutil.which(program):
        return ""
    lines = sandbox.run([program, *args], limits=Limits(seconds=20)).stdout.decode(errors="replace").splitlines()
    return lines[0].split(" Copyright")[0] if lines else str(Path(program))
