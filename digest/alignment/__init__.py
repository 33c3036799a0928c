"""When each slide was on."""

from digest.alignment.align import align

__all__ = ["align"]
