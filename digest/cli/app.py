"""The command line: which verbs there are, what its help says, and the console's entry."""

import sys
from collections.abc import Callable, Sequence

from cyclopts import App

from digest import __version__
from digest.cli.announcing import announce, cancel, withdraw
from digest.cli.decisions import approve, publish, retract, share
from digest.cli.deploying import deploy
from digest.cli.drafts import check, run, status
from digest.cli.erasing import about, erase
from digest.cli.fetching import fetch
from digest.cli.keeping import drill, report, verify
from digest.cli.machine import clean, doctor, fetch_model, list_models, path, verify_model
from digest.cli.people import end, invite, list_people, remove
from digest.cli.queueing import logs, pause, queue, retry
from digest.cli.schema import schema
from digest.cli.serving import review, serve, watch
from digest.cli.speakers import ask, end_link, list_speakers
from digest.cli.stages import align, companions, slides, transcribe
from digest.cli.words import status_of
from digest.settings import Group, Settings

VERBS: tuple[Callable[..., int | None], ...] = (
    *(run, check, status),
    *(announce, cancel, withdraw),
    *(approve, publish, retract, share),
    *(review, watch, serve),
    fetch,
    deploy,
    *(queue, pause, retry, logs),
    *(transcribe, slides, companions, align),
    *(verify, drill, report),
    *(about, erase),
    *(doctor, clean, schema),
)
OF_MODELS: dict[str, Callable[..., int | None]] = {
    "list": list_models,
    "fetch": fetch_model,
    "path": path,
    "verify": verify_model,
}
OF_PEOPLE: dict[str, Callable[..., None]] = {"invite": invite, "list": list_people, "end": end, "remove": remove}

OF_SPEAKERS: dict[str, Callable[..., None]] = {"ask": ask, "list": list_speakers, "end": end_link}


def main(tokens: Sequence[str] | None = None) -> None:
    """Run a verb and exit: the console's entry."""
    app = build_app()
    sys.exit(status_of(lambda: app(tokens, exit_on_error=False)))


def build_app() -> App:
    """Return the app that knows all verbs; the settings are explained in the help of `digest` itself alone."""
    app = App(
        name="digest",
        help="From a webinar's recording and slides to a digest page in which every sentence leads to its second.",
        help_epilogue=_explain_settings(),
        help_format="plaintext",
        version=__version__,
        result_action="return_value",
    )
    models = App(name="models", help="The speech models: which there are, where they lie, whether they are whole.")
    for name, of_models in OF_MODELS.items():
        models.command(of_models, name=name)
    app.command(models)
    people = App(name="people", help="Who may come in at the desk, and as what, where several people work at it.")
    for name, of_people in OF_PEOPLE.items():
        people.command(of_people, name=name)
    app.command(people)
    speakers = App(
        name="speakers", help="What speakers say to a draft, each on a page of their own without an account."
    )
    for name, of_speakers in OF_SPEAKERS.items():
        speakers.command(of_speakers, name=name)
    app.command(speakers)
    for verb in VERBS:
        app.command(verb)
    for name in app:
        app[name].help_epilogue = ""
    return app


def _explain_settings() -> str:
    """Return every setting with what it does, for the help."""
    lines = [
        "Settings stand in digest.toml in the current folder; each can also be a variable, DIGEST_SPEECH__MODEL=small."
    ]
    for name, field in Settings.model_fields.items():
        group = field.annotation
        if isinstance(group, type) and issubclass(group, Group):
            lines += [f"  {name}.{inner}: {known.description}" for inner, known in group.model_fields.items()]
        else:
            lines.append(f"  {name}: {field.description}")
    return "\n".join(lines)
