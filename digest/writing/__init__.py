"""The written account: sentences and paragraphs of what was said, chapters, and the digest itself."""

from digest.writing.outline import outline
from digest.writing.sentences import paragraphs
from digest.writing.write import write

__all__ = ["outline", "paragraphs", "write"]
