"""The written account: chapters, and the digest itself."""

from digest.writing.outline import outline
from digest.writing.write import write

__all__ = ["outline", "write"]
