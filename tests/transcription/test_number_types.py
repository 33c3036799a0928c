"""The number type is the processor's, stands in what was made, and another processor's result is not taken for ours."""

from pathlib import Path

import pytest
import torch

from digest.store.stages import current, make
from digest.store.workspace import Workspace
from digest.transcription import number_types
from digest.transcription.number_types import of_processor
from tests.transcription import numbered


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ("fma avx2 avx512_bf16 amx_bf16", "bfloat16"),
        ("fma avx2", "int16"),
        ("fma", "float32"),
        ("", "float32"),
    ],
)
def test_the_processor_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, kind: str) -> None:
    """What it has, and nothing else: a busy machine computes as an idle one does."""
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"processor\t: 0\nflags\t\t: {flags}\n" if flags else "")
    monkeypatch.setattr(number_types, "CPUINFO", cpuinfo)
    of_processor.cache_clear()

    assert of_processor() == kind

    of_processor.cache_clear()


def test_torch_says_the_same() -> None:
    """Instructions that torch would not use are none that we count on."""
    assert (of_processor() == "bfloat16") == torch.cpu._is_avx512_bf16_supported()


def test_what_another_processor_made_is_not_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its transcript may have other words; what an earlier version made, which recorded no type, stays as it is."""
    workspace = Workspace(tmp_path / "norms")
    monkeypatch.setattr(numbered, "ARITHMETIC", lambda: "float32")
    make(workspace, numbered.listen)
    assert current(workspace, numbered.listen)

    monkeypatch.setattr(numbered, "ARITHMETIC", lambda: "bfloat16")
    assert current(workspace, numbered.listen) is None

    provenance = workspace.root / "provenance.json"
    provenance.write_text(provenance.read_text(encoding="utf-8").replace('"float32"', "null"), encoding="utf-8")
    assert current(workspace, numbered.listen)
