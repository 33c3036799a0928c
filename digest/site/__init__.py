"""The site: digest pages, event pages and their index, as readers get them."""

from digest.site.build import build
from digest.site.publish import Published, publish
from digest.site.record import is_whole
from digest.site.serve import serve

__all__ = ["Published", "build", "is_whole", "publish", "serve"]
