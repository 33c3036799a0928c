"""From a folder as staff left it to a Drop in the workspace, and what event.toml says of the webinar."""

from digest.intake.companions import are_longer as are_longer
from digest.intake.companions import companions as companions
from digest.intake.event import deck_password as deck_password
from digest.intake.event import describe as describe
from digest.intake.event import event_as_written as event_as_written
from digest.intake.event import is_urgent as is_urgent
from digest.intake.event_file import read_event_file as read_event_file
from digest.intake.presentations import order_decks as order_decks
from digest.intake.settling import is_still as is_still
from digest.intake.slugs import slug_for as slug_for
from digest.intake.sources import is_announcement as is_announcement
from digest.intake.sources import look as look
from digest.intake.sources import take_in as take_in
from digest.intake.sources import take_in_companions as take_in_companions
from digest.intake.sources import take_in_event_file as take_in_event_file
