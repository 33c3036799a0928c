"""The editors' web app, who may come in and do what there; no rule of editing lives here."""

from digest.desk.overview import prepare
from digest.desk.routes import app

__all__ = ["app", "prepare"]
