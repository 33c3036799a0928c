"""The one room that knows where a person's name can stand."""

from digest.privacy.contact_details import slides_with_contacts
from digest.privacy.off_record import silences
from digest.privacy.public_edition import public_edition, public_event

__all__ = ["public_edition", "public_event", "silences", "slides_with_contacts"]
