"""From a webinar's recording and slides to a digest page."""

__version__ = "0.1.0"
