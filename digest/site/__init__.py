"""The site: digest pages, event pages and their index, as readers get them."""

from digest.site.publish import digests, publish
from digest.site.serve import serve

__all__ = ["digests", "publish", "serve"]
