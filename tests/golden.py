"""A workspace that an earlier version made, laid out as that version left it."""

import json
import os
import shutil
import subprocess
import wave
from pathlib import Path

from digest.model.drop import Drop
from digest.settings import Settings
from digest.store.files import file_sha256

GOLDEN = Path(__file__).parent / "data" / "golden-0.1.0"
DEMO = Path(__file__).parent.parent / "recordings" / "demo"
EDITION = "31c1b035d7a649d1f1eb3f7f6b03b5e7df41169f97034f4ad883efa21d5e62e8"  # what was approved and published


def lay_out(folder: Path) -> tuple[Path, Settings]:
    """Lay the golden workspace and its drop out in an empty folder; return the drop, and settings that name both."""
    drop = json.loads((GOLDEN / "drop.json").read_bytes())
    settings = Settings(workspaces=folder / "workspaces", public=folder / "public", state=folder / ".digest")
    workspace = settings.workspaces / drop["slug"]
    shutil.copytree(GOLDEN, workspace, ignore=shutil.ignore_patterns("README.md", "*.flac"))
    (workspace / "drop").mkdir()
    for file in Drop.model_validate(drop).files:
        shutil.copyfile(DEMO / file.name, workspace / file.path)
        assert file_sha256(workspace / file.path) == file.sha256, f"recordings/demo/{file.name} is not version 0.1.0's"
    _write_sound(GOLDEN / "media" / "sound.flac", workspace / "media" / "sound.wav")
    return _drop_again(folder / "drop", workspace / "provenance.json"), settings


def _drop_again(drop: Path, provenance: Path) -> Path:
    """Put the demo where `provenance` says that the drop lay, as old as it was then."""
    shutil.copytree(DEMO, drop)
    made = json.loads(provenance.read_bytes())
    looked = made["take_in"]["settings"][0]
    for entry in looked["entries"]:
        os.utime(drop / entry["name"], ns=(entry["modified"], entry["modified"]))
    looked["path"] = str(drop)
    provenance.write_text(json.dumps(made), encoding="utf-8")
    return drop


def _write_sound(flac: Path, to: Path) -> None:
    raw = ["ffmpeg", "-v", "error", "-i", str(flac), "-f", "s16le", "-"]
    samples = subprocess.run(raw, capture_output=True, check=True).stdout
    with wave.open(str(to), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(samples)
