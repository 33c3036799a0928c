"""What belongs to languages and not to webinars: sentences, the clean reading, word lists of closed classes."""
