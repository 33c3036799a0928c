"""Recordings from elsewhere: an address, Zoom, BigBlueButton or a bucket in, a folder of the inbox out."""

from digest.fetching.arriving import fetch_file, fetch_offer
from digest.fetching.download import RemoteFile
from digest.fetching.journal import Journal
from digest.fetching.reach import Reach
from digest.fetching.table import sources
from digest.fetching.webhook import listening

__all__ = ["Journal", "Reach", "RemoteFile", "fetch_file", "fetch_offer", "listening", "sources"]
