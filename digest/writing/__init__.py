"""The written account: sentences, paragraphs and readings of what was said, chapters, and the digest itself."""

from digest.writing.outline import outline
from digest.writing.reading import clean
from digest.writing.sentences import paragraphs
from digest.writing.write import write

__all__ = ["clean", "outline", "paragraphs", "write"]
