"""The verb that brings recordings from elsewhere into the inbox: fetch."""

from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import unquote, urlsplit

from cyclopts import Parameter

from digest.cli.parameters import PLAIN, Common
from digest.cli.words import FAILED, say, say_wrong


def fetch(
    url: Annotated[str, Parameter(help="Of one file, over https, at a host that [fetch] names.")] = "",
    /,
    *,
    folder: Annotated[str, Parameter(help="The folder of the inbox; by default named as the file.")] = "",
    sha256: Annotated[str, Parameter(help="The hash that the file must have.")] = "",
    common: Common = PLAIN,
) -> int:
    """Fetch a file into the inbox; without an address what is new at Zoom, BigBlueButton or in the bucket."""
    return _fetch_file(url, folder, sha256, common) if url else _fetch_new(common)


def _fetch_file(url: str, folder: str, sha256: str, common: Common) -> int:
    from digest.fetching import Reach, RemoteFile, fetch_file

    settings = common.settings()
    name = PurePosixPath(unquote(urlsplit(url).path)).name
    file = RemoteFile(name=name, url=url, sha256=sha256 or None)
    there = fetch_file(file, folder or PurePosixPath(name).stem, settings, Reach.of(settings))
    say(f"{there} is whole: {there.stat().st_size:,} bytes.")
    return 0


def _fetch_new(common: Common) -> int:
    from digest.store.queue import Queue
    from flows.dispatch import work_off
    from flows.fetching import ask_for_new

    settings = common.settings()
    looked = ask_for_new(settings)
    if not looked:
        say("The settings name no source: [zoom], [bigbluebutton] or [s3]; or give the address of a file.")
    faults = [f"{name}: {error}" for name, error in looked.items() if error]
    waiting = Queue(settings).waiting("fetch")
    for row in waiting:
        ended = work_off(row, settings)
        if ended.state == "done":
            say(f"{ended.name}: {ended.said}")
        else:
            faults.append(f"{ended.name}: {ended.said or 'a running digest watch is at it.'}")
    if looked and not waiting and not faults:
        say("There is nothing new.")
    for fault in faults:
        say_wrong(fault)
    return FAILED if faults else 0
