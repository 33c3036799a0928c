"""The site: digest pages, event pages and their index, as readers get them."""

from digest.site.publish import digests, is_whole, publish
from digest.site.serve import serve

__all__ = ["digests", "is_whole", "publish", "serve"]
