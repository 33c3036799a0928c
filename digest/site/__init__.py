"""The site: digest pages, event pages and their index, as readers get them."""

from digest.site.apply import digests, is_whole
from digest.site.publish import publish
from digest.site.serve import serve

__all__ = ["digests", "is_whole", "publish", "serve"]
