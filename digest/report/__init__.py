"""What the work took, week by week: ledger, journals and artifacts in, one page with plots out."""

from digest.report.figures import Figures, Webinar, gather
from digest.report.page import render

__all__ = ["Figures", "Webinar", "gather", "render"]
