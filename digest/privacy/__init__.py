"""The one room that knows where a person's name can stand."""

from digest.privacy.audience import audience_names
from digest.privacy.contact_details import shown_on_slides
from digest.privacy.off_record import silences
from digest.privacy.person import DataSubject
from digest.privacy.public_edition import public_edition, public_event

__all__ = ["DataSubject", "audience_names", "public_edition", "public_event", "shown_on_slides", "silences"]
