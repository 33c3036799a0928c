"""The verbs. Words and exit codes for every error are given here, and nowhere else.

0 all went well, 1 something failed, 2 the command was not understood, 3 this machine lacks something.
"""

import contextlib
import functools
import json
import os
import secrets
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from cyclopts import App, CycloptsError, Parameter
from cyclopts.validators import Number
from rich.console import Console
from rich.table import Table

from digest import __version__
from digest.errors import DigestError, MissingTool, NotAllowed, count_noun
from digest.settings import Room, Settings, load
from digest.store.workspace import Workspace, workspaces_in
from digest.text.clock import minutes_and_seconds

if TYPE_CHECKING:
    from digest.check import Report
    from digest.model.drop import Drop, Role
    from digest.store.queue import Kind, Request

FAILED, USAGE, ENVIRONMENT, INTERRUPTED = 1, 2, 3, 130
SITE_PORT = 8461
A_PORT = Number(gte=1, lte=65535)
WIDE = 200  # columns of a table that goes into a file or another program

Slug = Annotated[str, Parameter(help="The webinar's address, as `digest status` lists it.")]
By = Annotated[str, Parameter(help="Who decides; it is recorded and shown.")]
Out = Annotated[Path, Parameter(help="The folder for what is made; made if it is not there.")]


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """What every verb takes."""

    workspaces: Annotated[Path | None, Parameter(help="The folder of all webinars, instead of the settings' one.")] = (
        None
    )
    json: Annotated[bool, Parameter(help="Print JSON for programs to read.", negative="")] = False

    def settings(self) -> Settings:
        """Return the settings in force; Prefect's own files go into their state folder."""
        settings = load(workspaces=self.workspaces)
        os.environ.setdefault("PREFECT_HOME", str((settings.state / "prefect").resolve()))
        return settings


PLAIN = Common()


def _settings_explained() -> str:
    """Return every setting with what it does, for the help."""
    lines = [
        "Settings stand in digest.toml in the current folder; each can also be a variable, DIGEST_SPEECH__MODEL=small."
    ]
    for name, field in Settings.model_fields.items():
        room = field.annotation
        if isinstance(room, type) and issubclass(room, Room):
            lines += [f"  {name}.{inner}: {known.description}" for inner, known in room.model_fields.items()]
        else:
            lines.append(f"  {name}: {field.description}")
    return "\n".join(lines)


app = App(
    name="digest",
    help="From a webinar's recording and slides to a digest page in which every sentence leads to its second.",
    help_epilogue=_settings_explained(),
    help_format="plaintext",
    version=__version__,
    result_action="return_value",
)
models = App(name="models", help="The speech models: which there are, where they lie, whether they are whole.")
app.command(models)


def main(tokens: Sequence[str] | None = None) -> None:
    """Run a verb and exit: the console's entry."""
    sys.exit(status_of(lambda: app(tokens, exit_on_error=False)))


def status_of(verb: Callable[[], int | None]) -> int:
    """Run a verb, say in words what went wrong, and return the exit status."""
    try:
        return verb() or 0
    except CycloptsError:  # cyclopts has said it
        return USAGE
    except DigestError as error:
        return _failed(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # digest status | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 (the edge: no trace ever reaches the terminal)
        from digest.notices import unforeseen

        return _failed(unforeseen(error, _settings_at_hand()))


def _failed(error: DigestError) -> int:
    """Say what went wrong and return the exit status."""
    _say_wrong(str(error))
    return ENVIRONMENT if isinstance(error, MissingTool) else FAILED


@app.command
def run(
    drop: Annotated[Path, Parameter(help="A folder with a recording and whatever belongs to it.")],
    /,
    *more: Annotated[Path, Parameter(help="More such folders.")],
    common: Common = PLAIN,
) -> int:
    """Make the draft of one or more drops; only what is not current is made, and nothing is published."""
    from flows.dispatch import make_draft

    settings = common.settings()
    drafts, codes = list[dict[str, object]](), list[int]()
    if settings.llm.url and not common.json:
        _say(f"Drafts are worded by {settings.llm.model} at {settings.llm.host}, each for at most {settings.llm.most}.")

    def one(folder: Path) -> None:
        drafts.append(_draft(*make_draft(folder, settings)))
        if not common.json:
            _say_draft(drafts[-1])

    for folder in (drop, *more):  # one that fails does not stop the next
        codes.append(status_of(functools.partial(one, folder)))
    if common.json:
        _print_json(drafts)
    return max(codes)


@app.command
def check(
    drop: Annotated[Path, Parameter(help="A folder as `digest run` takes it.")], /, *, common: Common = PLAIN
) -> int:
    """Say what would come of a drop: what is used, ignored, missing or wrong. Nothing is transcribed or changed."""
    from digest.check import check as checked

    report = checked(drop, common.settings())
    if common.json:
        _print_json(report.model_dump(mode="json"))
    else:
        _say("\n".join(_in_words(report)))
    return FAILED if report.wrong else 0


@app.command
def status(*, common: Common = PLAIN) -> None:
    """List all webinars and what has been asked for."""
    from digest.editing import state
    from digest.model.event import Event
    from digest.store.queue import Queue

    settings = common.settings()
    queue = Queue(settings)

    def state_of(workspace: Workspace) -> str:
        try:
            return state(workspace.decisions())
        except DigestError as error:
            _say_wrong(str(error))
            return "damaged"

    webinars = [
        {
            "slug": workspace.slug,
            "state": state_of(workspace),
            "title": event.title if (event := workspace.load(Event)) else None,
            "starts_at": event.starts_at.isoformat() if event else None,
            "unconfirmed": list(event.guessed) if event else [],
        }
        for workspace in workspaces_in(settings.workspaces)
    ]
    asked_for = [request.model_dump(mode="json") for request in queue.requests() if request.state != "done"]
    if common.json:
        _print_json({"webinars": webinars, "queue": asked_for})
        return
    if not webinars and not asked_for:
        _say(f"No webinars yet in {settings.workspaces}. Begin with: digest run FOLDER")
    if webinars:
        _table(
            ("webinar", "state", "title", "when"),
            ([w["slug"], w["state"], w["title"], (w["starts_at"] or "")[:10]] for w in webinars),
        )
    if asked_for:
        asked = ([q["kind"], q["slug"] or Path(q["folder"]).name, q["state"], q["said"]] for q in asked_for)
        _table(("asked for", "of", "state", "what became of it"), asked)


@app.command
def review(
    *,
    port: Annotated[
        int | None, Parameter(help="Listen here instead of at the settings' port.", validator=A_PORT)
    ] = None,
    common: Common = PLAIN,
) -> None:
    """Open the editors' desk on this machine; prints the link that lets one editor in. Publishes what is approved."""
    import uvicorn

    from digest import desk

    settings = common.settings()
    port = port or settings.desk.port
    token = secrets.token_urlsafe(24)
    with _listening(port) as listening, _dispatching(settings):
        _say(
            f"Open this link; it works once:\n\n  http://127.0.0.1:{port}/enter?token={token}\n\nCtrl+C ends the desk."
        )
        config = uvicorn.Config(desk.app(settings, token=token), log_level="critical", lifespan="off")
        uvicorn.Server(config).run(sockets=[listening])


@app.command
def approve(slug: Slug, /, *, by: By, common: Common = PLAIN) -> int:
    """Approve a webinar's draft exactly as it stands now, and publish it."""
    from digest import editing

    settings = common.settings()
    workspace = _workspace(slug, settings)
    artifacts = workspace.artifacts()
    if artifacts is None:
        raise NotAllowed(
            "There is no finished draft of this webinar.", file=slug, remedy="Run the drop to its end first."
        )
    edition = editing.revise(artifacts, workspace.overlay())
    decision = editing.approve(workspace, edition.sha256(), by=_name(by), at=datetime.now(UTC))
    return _published(workspace, decision.edition, decision.by, settings, common)


@app.command
def publish(slug: Slug, /, *, common: Common = PLAIN) -> int:
    """Put the approved edition of a webinar on the site; needed only where that failed or the site was removed."""
    from digest import editing

    settings = common.settings()
    workspace = _workspace(slug, settings)
    held = editing.approval_in_force(workspace.decisions())
    if held is None:
        raise NotAllowed(
            "No edition of this webinar is approved.", file=slug, remedy=f"digest approve {slug} --by NAME"
        )
    return _published(workspace, held.edition, held.by, settings, common)


@app.command
def retract(slug: Slug, /, *, by: By, common: Common = PLAIN) -> int:
    """Take a digest back; a note stays at its address."""
    from digest import editing

    settings = common.settings()
    workspace = _workspace(slug, settings)
    decision = editing.retract(workspace, by=_name(by), at=datetime.now(UTC))
    row = _worked_off("retract", slug, decision.edition, decision.by, settings)
    if common.json:
        _print_json(row.model_dump(mode="json"))
    elif row.state == "done":
        _say(row.said or "")
    return _outcome(row)


@app.command
def watch(
    *,
    still: Annotated[float, Parameter(help="Seconds without a change after which a drop counts as complete.")] = 30.0,
    common: Common = PLAIN,
) -> None:
    """Take what is dropped into the inbox, make drafts, and publish what is approved, until Ctrl+C."""
    from flows import inbox

    settings = common.settings()
    with _dispatching(settings) as ended:
        _say(f"Watching {settings.inbox}. Ctrl+C ends it.")
        inbox.watch(settings, ended, still=still)


@app.command
def serve(
    *, port: Annotated[int, Parameter(help="Listen here.", validator=A_PORT)] = SITE_PORT, common: Common = PLAIN
) -> None:
    """Show the published site on this machine."""
    from digest import site

    settings = common.settings()
    if not (settings.public / "index.html").is_file():
        raise NotAllowed("Nothing is published yet.", file=settings.public, remedy="digest approve SLUG --by NAME")
    with _listening(port):  # taken by another program: said in words
        pass
    _say(f"http://127.0.0.1:{port}/\nCtrl+C ends it.")
    site.serve(settings.public, port)


@app.command
def doctor(*, common: Common = PLAIN) -> int:
    """Look at what this machine has and lacks, each with the exact mend."""
    from digest.doctor import examine

    findings = examine(common.settings())
    if common.json:
        _print_json([finding.model_dump(mode="json") for finding in findings])
    else:
        _table(("", "state", "found", "mend"), ([f.name, f.state, f.found, f.mend] for f in findings))
    return ENVIRONMENT if any(finding.state == "missing" for finding in findings) else 0


@models.command(name="list")
def list_models(*, common: Common = PLAIN) -> None:
    """List the models that can be asked for by name."""
    from digest.weights import whisper

    listed = whisper.catalogue()
    if common.json:
        _print_json([{"name": entry.name, "bytes": entry.size} for entry in listed])
    else:
        sizes = (f"{entry.size / 1e6:,.0f} MB" if entry.size else "not fetched" for entry in listed)
        _table(("model", "here"), ([entry.name, size] for entry, size in zip(listed, sizes, strict=True)))


@models.command
def fetch(model: Annotated[str, Parameter(help="The name of a model.")], /) -> None:
    """Fetch a model into the cache, if it is not there."""
    from digest.weights import whisper

    _say(whisper.find(model))


@models.command
def path(model: Annotated[str, Parameter(help="The name of a model.")], /) -> None:
    """Print where a model lies; it is fetched if it is not there."""
    from digest.weights import whisper

    _say(whisper.find(model))


@models.command
def verify(model: Annotated[str, Parameter(help="The name of a model.")], /) -> None:
    """Compare a model with the hash that it was saved with."""
    from digest.weights import whisper

    _say(f"{whisper.verify(model)} is whole.")


@app.command
def schema() -> None:
    """Print the JSON Schema of every file of a workspace, by file name."""
    from pydantic import BaseModel
    from pydantic.json_schema import models_json_schema

    from digest.model import edition
    from digest.model.provenance import Provenance

    kinds = [kind for kind in get_type_hints(edition.Artifacts).values() if hasattr(kind, "FILE")]
    files: dict[str, type[BaseModel]] = {kind.FILE: kind for kind in (*kinds, edition.Edition)}
    files |= {"overlay.jsonl": edition.Revision, "decisions.jsonl": edition.Decision, "provenance.json": Provenance}
    _, defined = models_json_schema([(kind, "serialization") for kind in files.values()])
    _print_json(defined | {"files": {file: f"#/$defs/{kind.__name__}" for file, kind in sorted(files.items())}})


@app.command
def transcribe(
    file: Annotated[Path, Parameter(help="A recording.")], /, *, out: Out = Path("transcript"), common: Common = PLAIN
) -> None:
    """Transcribe one recording, without a drop: media.json and transcript.json."""
    from digest import media, transcription
    from digest.model.companions import Companions
    from digest.model.speech import Terms
    from digest.store.stages import make

    settings, workspace = common.settings(), _of_its_own(out)
    recording = make(workspace, media.prepare, _alone(file, "recording", workspace), settings.media)
    make(workspace, transcription.transcribe, recording, Terms(), Companions(), settings.speech)
    _say_made(out / "transcript.json", common)


@app.command
def slides(
    file: Annotated[Path, Parameter(help="A presentation: pptx, pdf, ppt or odp.")],
    /,
    *,
    out: Out = Path("slides"),
    common: Common = PLAIN,
) -> None:
    """Read and draw one presentation, without a drop: deck.json, pages.json and the pictures."""
    from digest import slides as room
    from digest.store.stages import make

    settings, workspace = common.settings(), _of_its_own(out)
    drop = _alone(file, "deck", workspace)
    deck = make(workspace, room.read, drop, settings.slides)
    make(workspace, room.render, drop, deck, settings.slides)
    _say_made(out / "deck.json", common)


@app.command
def align(
    drop: Annotated[Path, Parameter(help="A folder as `digest run` takes it.")],
    /,
    *,
    out: Out = Path("aligned"),
    common: Common = PLAIN,
) -> None:
    """Find when each slide was on, without Prefect: alignment.json and all that it rests on."""
    from digest import intake
    from digest.pipeline import run_stages
    from digest.store.stages import make

    settings, workspace = common.settings(), _of_its_own(out)
    taken = make(workspace, intake.take_in, intake.look(drop))
    run_stages(workspace, taken, settings, partial(make, workspace))
    _say_made(out / "alignment.json", common)


for verb in app:
    app[verb].help_epilogue = ""  # the settings stand in the help of `digest` itself


def _draft(workspace: Workspace, made: bool) -> dict[str, object]:
    """Return what there is to say of a draft."""
    from digest import editing

    artifacts = workspace.artifacts()
    if artifacts is None:
        raise NotAllowed("The draft is not complete.", file=workspace.slug, remedy="Run the drop again.")
    edition = editing.revise(artifacts, workspace.overlay())
    return {
        "slug": workspace.slug,
        "made": made,
        "state": editing.state(workspace.decisions()),
        "edition": edition.sha256(),
        "draft": str(workspace.root / edition.digest.FILE),
        "sentences": sum(1 for _ in edition.digest.sentences()),
        "slides": len(edition.slides),
        "seconds": edition.shown.end - edition.shown.start,
        "unconfirmed": list(edition.event.guessed),
        "unfit": list(edition.unfit),
        "remarks": list(artifacts.remarks()),
    }


def _say_draft(draft: dict[str, Any]) -> None:
    _say("The draft is made." if draft["made"] else "Everything is current; nothing had to be made.")
    _say(f"\n  draft    {draft['draft']}")
    holds = f"{count_noun(draft['slides'], 'slide')}, {count_noun(draft['sentences'], 'sentence')}"
    _say(f"           {minutes_and_seconds(draft['seconds'])}, {holds}")
    _say(f"  state    {draft['state']}")
    _say(f"  next     digest review\n           or as it stands: digest approve {draft['slug']} --by NAME")
    for remark in draft["remarks"]:
        _say(f"  note     {remark}")
    if draft["unconfirmed"]:
        _say(f"  note     To be confirmed before approval: {', '.join(draft['unconfirmed'])}.")
    if draft["unfit"]:
        _say(f"  note     Corrections that no longer fit (see the desk): {', '.join(map(str, draft['unfit']))}.")


def _in_words(report: "Report") -> Iterator[str]:
    """Yield the lines of a check."""
    yield report.folder
    for used in report.used:
        yield f"  used     {used.name}: {used.used_as}" + (f" ({used.found})" if used.found else "")
    for ignored in report.ignored:
        yield f"  ignored  {ignored.name}: {ignored.why}"
    for missing in report.missing:
        yield f"  missing  {missing}"
    for remark in report.remarks:
        yield f"  note     {remark}"
    for wrong in report.wrong:
        yield f"  WRONG    {f'{wrong.file}: ' if wrong.file else ''}{wrong.what}\n           {wrong.remedy}"
    yield "Mend what is wrong and check again." if report.wrong else "This drop can be run."


def _published(workspace: Workspace, edition: str, by: str, settings: Settings, common: Common) -> int:
    """Bring an approved edition onto the site, say where its pages are, and return the exit status."""
    from flows.dispatch import digest_page, is_published

    page = digest_page(workspace.slug, settings)
    where = {"digest_page": str(page), "event_page": str(page.parent.parent / page.name)}
    if is_published(workspace, edition, settings):
        said = {"edition": edition, "made": False, **where}
    else:
        row = _worked_off("publish", workspace.slug, edition, by, settings)
        if row.state != "done":
            return _outcome(row)
        said = {"edition": edition, "made": True, **where}
    if common.json:
        _print_json(said)
        return 0
    _say("Published." if said["made"] else "This edition is already published.")
    _say(f"\n  digest page  {where['digest_page']}\n  event page   {where['event_page']}\n  to look      digest serve")
    return 0


def _worked_off(kind: "Kind", slug: str, edition: str, by: str, settings: Settings) -> "Request":
    """Ask, and work the request off here where no dispatcher is running."""
    from digest.store.queue import Queue
    from flows.dispatch import work_off

    return work_off(Queue(settings).ask(kind, slug=slug, edition=edition, by=by), settings)


def _say_made(file: Path, common: Common) -> None:
    if common.json:
        _print_json({"made": str(file)})
    else:
        _say(file)


def _outcome(row: "Request") -> int:
    """Return the exit status of a request, having said what became of it where it is not done."""
    if row.state == "done":
        return 0
    _say_wrong(row.said or "A dispatcher is still at it: `digest status` says what becomes of it.")
    return FAILED


def _workspace(slug: str, settings: Settings) -> Workspace:
    known = {workspace.slug: workspace for workspace in workspaces_in(settings.workspaces)}
    if slug not in known:
        raise NotAllowed("There is no such webinar.", file=slug, remedy="`digest status` lists them all.")
    return known[slug]


def _name(by: str) -> str:
    name = " ".join(by.split())
    if not name or not name.isprintable():
        raise NotAllowed("A decision needs the name of who decides.", remedy="Say who: --by NAME")
    return name


def _of_its_own(out: Path) -> Workspace:
    """Return the folder for what a stage makes. Raises NotAllowed where it holds anything else: that could be lost."""
    workspace = Workspace(out.resolve())
    if workspace.root.is_dir() and any(workspace.root.iterdir()) and not workspace.provenance():
        raise NotAllowed("This folder holds other files.", file=workspace.root, remedy="Name a new one with --out.")
    return workspace


def _alone(file: Path, role: "Role", workspace: Workspace) -> "Drop":
    """Return a drop that holds one file, copied into the workspace."""
    import shutil

    from digest.model.drop import Drop, DroppedFile
    from digest.store.files import file_sha256

    if not file.is_file():
        raise NotAllowed("There is no such file.", file=file, remedy="Check its name.")
    copy = workspace.root / "drop" / f"{role}{file.suffix.lower()}"
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, copy)
    stored = {"path": f"drop/{copy.name}", "sha256": file_sha256(copy), "size": copy.stat().st_size}
    return Drop(slug="alone", folder="", files=(DroppedFile(name=file.name, role=role, **stored),))


@contextlib.contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """Listen on loopback. Raises MissingTool where another program does."""
    try:
        listening = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise MissingTool(
            f"Port {port} is taken by another program.", remedy="Close that program, or choose another with --port."
        ) from error
    with listening:
        yield listening


@contextlib.contextmanager
def _dispatching(settings: Settings) -> Iterator[threading.Event]:
    """Work off drafts and publications in the background as long as the block runs; yields what ends it."""
    from flows.dispatch import LANES, dispatch

    ended = threading.Event()
    for lane in LANES:
        threading.Thread(target=dispatch, args=(lane, settings, ended), daemon=True).start()
    try:
        yield ended
    finally:
        ended.set()


def _settings_at_hand() -> Settings:
    """Return the settings in force, or the defaults where they are what is wrong."""
    try:
        return load()
    except DigestError:
        return Settings.model_construct()


def _say(text: object) -> None:
    Console(soft_wrap=True, markup=False, highlight=False, emoji=False).print(text)


def _say_wrong(text: str) -> None:
    Console(stderr=True, soft_wrap=True, markup=False, highlight=False, emoji=False).print(text)


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for at, head in enumerate(heads):
        table.add_column(head, no_wrap=at == 0, overflow="fold")  # the first is there to be copied
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    terminal = Console()
    (terminal if terminal.is_terminal else Console(width=WIDE)).print(table)


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
