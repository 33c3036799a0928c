"""What a digest's folder holds, for whoever keeps it for years: its files in, `manifest.json` out."""

import hashlib
import json
from collections.abc import Mapping

from digest.model.artifact import StoredFile
from digest.model.public import Publication

MANIFEST = "manifest.json"
SCHEMA = 1


def manifest(
    publication: Publication, folder: str, files: Mapping[str, StoredFile], assets: Mapping[str, bytes]
) -> bytes:
    """Return every file under `folder`, by its path there, with size and SHA-256.

    `files` and `assets`, by their path in the site, may be of other folders too: these are left out. With all that is
    named the folder opens by itself, from any disk; the manifest does not name itself.
    """
    named = {path: (file.size, file.sha256) for path, file in files.items()}
    named |= {path: (len(content), hashlib.sha256(content).hexdigest()) for path, content in assets.items()}
    event = publication.edition.event
    return json.dumps(
        {
            "schema": SCHEMA,
            "slug": event.slug,
            "title": event.title,
            "starts_at": event.starts_at.isoformat(),
            "edition": publication.sha256,
            "published_at": publication.published_at.isoformat(),
            "files": [
                {"path": path.removeprefix(folder), "size": size, "sha256": sha256}
                for path, (size, sha256) in sorted(named.items())
                if path.startswith(folder)
            ],
        },
        ensure_ascii=False,
        indent=1,
    ).encode()
