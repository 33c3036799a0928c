"""The address of a speaker's own page: a line of consent.jsonl in, a signed path out, and back.

What is signed is the line itself: its webinar, number, speaker and end. Whether it still opens, the lines after it say.
"""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime
from pathlib import Path

from digest.editing.consent import is_live
from digest.errors import MissingTool
from digest.intake.slugs import slugify
from digest.model.consent import AskSpeaker, ConsentLine
from digest.store.files import fsync_folder
from digest.store.workspace import Workspace

KEY = ".links.key"  # beside the webinars, for their user alone; without it all links end
KEY_BYTES = 32
TOKEN = re.compile(r"([1-9]\d{0,8})-([\w-]{43})", re.ASCII)


def link_path(workspace: Workspace, link: ConsentLine) -> str:
    """Return the path of the page that a link opens; whoever has it may answer for the speaker."""
    return f"/speaker/{workspace.slug}/{link.number}-{_signature(workspace, link, _key(workspace.root.parent))}/"


def find_link(workspaces: Path, slug: str, token: str, now: datetime) -> tuple[Workspace, ConsentLine] | None:
    """Return the webinar and the line that a path names; None where it is forged, has ended, or was taken back."""
    found, workspace = TOKEN.fullmatch(token), Workspace(workspaces / slug)
    if found is None or slugify(slug) != slug or not workspace.has_draft() or not (workspaces / KEY).is_file():
        return None
    lines, number = workspace.consent(), int(found[1])
    link = lines[number - 1] if number <= len(lines) else None
    if link is None or not isinstance(link.said, AskSpeaker):
        return None
    is_ours = hmac.compare_digest(_signature(workspace, link, _key(workspaces)), found[2])
    return (workspace, link) if is_ours and is_live(lines, link, now) else None


def _signature(workspace: Workspace, link: ConsentLine, key: bytes) -> str:
    said = f"{workspace.slug}\n{link.number}\n{link.at.isoformat()}\n{link.said.model_dump_json()}"
    return base64.urlsafe_b64encode(hmac.new(key, said.encode(), hashlib.sha256).digest()).decode().rstrip("=")


def _key(workspaces: Path) -> bytes:
    """Return the key, made where there is none: whoever comes second takes the first one's."""
    path = workspaces / KEY
    if not path.is_file():
        beside = workspaces / f".{secrets.token_hex(8)}.tmp"
        try:
            beside.touch(mode=0o600, exist_ok=False)
            beside.write_bytes(secrets.token_bytes(KEY_BYTES))
            path.hardlink_to(beside)
            fsync_folder(workspaces)
        except FileExistsError:
            pass
        finally:
            beside.unlink(missing_ok=True)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise MissingTool(
            "The key of the speakers’ links is damaged.",
            file=path,
            remedy="Put it back from a backup, or delete it and make new links.",
        )
    return key
