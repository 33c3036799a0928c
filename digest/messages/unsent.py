"""Why a message could not be sent."""


class Unsent(Exception):
    """It could not be sent now and is tried again. Says why in words; never an address with a token, nor a secret."""
