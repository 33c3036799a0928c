"""The artifacts: frozen, typed, saved as JSON; one file a subject."""
