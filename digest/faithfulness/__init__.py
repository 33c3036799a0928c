"""Does a sentence say what was said, and where do slides and speakers differ: writers and desk ask the same here."""
