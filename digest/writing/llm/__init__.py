"""A language model that words the account: the client that asks it, the writer that checks what it answers."""
