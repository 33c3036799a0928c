"""The verbs of `digest`: people's way into the program."""

from digest.cli.app import main

__all__ = ["main"]
