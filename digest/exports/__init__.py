"""What readers can take away: one file a format, one row a format in `table.EXPORTS`."""

from digest.exports.table import EXPORTS, chosen_exports, make_exports

__all__ = ["EXPORTS", "chosen_exports", "make_exports"]
