"""The verb of whoever writes programs that read workspaces: schema."""

from typing import get_type_hints

from digest.cli.words import print_json


def schema() -> None:
    """Print the JSON Schema of every file of a workspace, by file name."""
    from pydantic import BaseModel
    from pydantic.json_schema import models_json_schema

    from digest.model import edition
    from digest.model.announcement import Announcement
    from digest.model.comments import CommentLine
    from digest.model.consent import ConsentLine
    from digest.model.overlay import Revision
    from digest.model.provenance import FinishedRun, Provenance

    kinds = [kind for kind in get_type_hints(edition.Artifacts).values() if hasattr(kind, "FILE")]
    files: dict[str, type[BaseModel]] = {kind.FILE: kind for kind in (*kinds, edition.Edition)}
    files |= {"overlay.jsonl": Revision, "decisions.jsonl": edition.Decision, "provenance.json": Provenance}
    files |= {"comments.jsonl": CommentLine, "runs.jsonl": FinishedRun, Announcement.FILE: Announcement}
    files |= {"consent.jsonl": ConsentLine}
    _, defined = models_json_schema([(kind, "serialization") for kind in files.values()])
    print_json(defined | {"files": {file: f"#/$defs/{kind.__name__}" for file, kind in sorted(files.items())}})
