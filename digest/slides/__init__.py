"""The presentation: what its slides say, and their pictures."""

from digest.slides.pages import render
from digest.slides.reading import read

__all__ = ["read", "render"]
