"""The editors' web app, on loopback; no rule of editing lives here."""

from digest.desk.overview import prepare
from digest.desk.routes import app

__all__ = ["app", "prepare"]
