"""Notices in, told by mail, signed webhook or apprise: what happened in the ledger, put into words and delivered."""

from digest.messages.delivery import deliver, outlets
from digest.messages.occasions import due_notices, reminder, write
from digest.messages.ping import Ping

__all__ = ["Ping", "deliver", "due_notices", "outlets", "reminder", "write"]
