"""The verbs that go on until Ctrl+C: review, watch, serve."""

import contextlib
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from typing import Annotated

from cyclopts import Parameter

from digest.cli.parameters import PLAIN, PORT, Common
from digest.cli.words import say
from digest.errors import MissingTool, NotAllowed
from digest.settings import Settings

SITE_PORT = 8461


def review(
    *,
    port: Annotated[int | None, Parameter(help="Listen here instead of at the settings' port.", validator=PORT)] = None,
    common: Common = PLAIN,
) -> None:
    """Open the editors' desk and print the link that lets one editor in; it publishes what is approved."""
    import uvicorn

    from digest import desk

    settings = common.settings()
    if port:
        settings = settings.model_copy(update={"desk": settings.desk.model_copy(update={"port": port})})
    token = secrets.token_urlsafe(24)
    app, at = desk.app(settings, token=token), settings.desk.origin
    with _listen(settings.desk.port, settings.desk.listen) as listening, _run_dispatchers(settings):
        is_for_one = settings.desk.login == "link"
        told = (
            f"Open this link; it works once:\n\n  {at}/enter?token={token}" if is_for_one else f"The desk:\n\n  {at}/"
        )
        say(f"{told}\n\nCtrl+C ends the desk.")
        # Who asks is the address that the connection comes from, and not what a header says of it.
        config = uvicorn.Config(app, log_level="critical", lifespan="off", proxy_headers=False, server_header=False)
        uvicorn.Server(config).run(sockets=[listening])


def watch(
    *,
    still: Annotated[float, Parameter(help="Seconds without a change after which a drop counts as complete.")] = 30.0,
    common: Common = PLAIN,
) -> None:
    """Take what is dropped into the inbox, or lies at a source; make drafts, publish what is approved, until Ctrl+C."""
    from digest import fetching
    from flows import inbox
    from flows.fetching import look_at_sources

    settings = common.settings()
    if os.geteuid() == 0 and not settings.watch.root:
        raise NotAllowed(
            "Watching as root: what strangers dropped would be worked on by who may do everything here.",
            remedy="Start it as a user that owns workspaces, public and state and nothing else; docs/security.md says "
            "why. Where root is meant, as in a container of its own, set [watch] root = true.",
        )
    with _run_dispatchers(settings) as ended, fetching.listening(settings):
        threading.Thread(target=look_at_sources, args=(settings, ended), daemon=True).start()
        say(f"Watching {settings.inbox}. Ctrl+C ends it.")
        inbox.watch(settings, ended, still=still)


def serve(
    *, port: Annotated[int, Parameter(help="Listen here.", validator=PORT)] = SITE_PORT, common: Common = PLAIN
) -> None:
    """Show the published site on this machine."""
    from digest import site

    settings = common.settings()
    if not (settings.public / "index.html").is_file():
        raise NotAllowed("Nothing is published yet.", file=settings.public, remedy="digest approve SLUG --by NAME")
    with _listen(port):  # taken by another program: said in words
        pass
    say(f"http://127.0.0.1:{port}/\nCtrl+C ends it.")
    site.serve(settings.public, port)


@contextlib.contextmanager
def _listen(port: int, address: str = "127.0.0.1") -> Iterator[socket.socket]:
    """Listen there. Raises MissingTool where another program does."""
    try:
        listening = socket.create_server((address, port), family=_family(address))
    except OSError as error:
        raise MissingTool(
            f"Port {port} is taken by another program.", remedy="Close that program, or choose another with --port."
        ) from error
    with listening:
        yield listening


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


@contextlib.contextmanager
def _run_dispatchers(settings: Settings) -> Iterator[threading.Event]:
    """Work off drafts and publications, and tell people, in the background; yields what ends it."""
    from digest.store.runlog import log_service
    from flows.dispatch import LANES, dispatch
    from flows.host import Host
    from flows.tell import tell

    ended, host = threading.Event(), Host()
    with log_service(settings):
        for lane in LANES:
            given = {"host": host}
            threading.Thread(target=dispatch, args=(lane, settings, ended), kwargs=given, daemon=True).start()
        threading.Thread(target=tell, args=(settings, ended), daemon=True).start()
        try:
            yield ended
        finally:
            ended.set()
