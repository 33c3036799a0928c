"""What readers can take away: one file a format, one row a format in `table.EXPORTS`."""

from digest.exports.table import EXPORTS, make_exports

__all__ = ["EXPORTS", "make_exports"]
