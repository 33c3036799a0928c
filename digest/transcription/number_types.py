"""In which number type this processor computes: what it has decides, never how busy it is."""

from functools import cache
from pathlib import Path

from digest.model.speech import NumberType

CPUINFO = Path("/proc/cpuinfo")
BFLOAT16 = "avx512_bf16"  # its flag; processors with AMX have these instructions too
INT16 = "avx2"  # the flag of those that multiply sixteen pairs of 16 bits at once


@cache
def of_processor() -> NumberType:
    """Return bfloat16 where the processor has instructions for it, else float32.

    Products are some four times as fast in bfloat16 with these instructions, and as many times slower without.
    """
    return "bfloat16" if BFLOAT16 in _flags() else "float32"


@cache
def of_recogniser() -> NumberType:
    """Return in what Whisper runs: as above, but int16 instead of float32 where the processor has what that takes."""
    kind = of_processor()
    return "int16" if kind == "float32" and INT16 in _flags() else kind


def _flags() -> list[str]:
    try:
        lines = CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return next((line.split() for line in lines if line.startswith("flags")), [])
