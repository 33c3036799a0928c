"""What site and desk share: the Jinja environment, an organisation's own templates, filters, the page's own words."""

from digest.theme.environment import environment, key, static_file, template_folders
from digest.theme.look import look

__all__ = ["environment", "key", "look", "static_file", "template_folders"]
