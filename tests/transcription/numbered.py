"""A stage whose result depends on the number type in which its model computes."""

from digest.model.speech import NumberType, Terms

VERSION = 1


def ARITHMETIC() -> NumberType:  # noqa: N802
    """Return the number type of this processor."""
    return "float32"


def listen() -> Terms:
    """Make terms of nothing."""
    return Terms(language="en")
