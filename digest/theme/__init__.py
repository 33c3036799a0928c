"""What site and desk share: the Jinja environment, an organisation's own templates, filters, the page's own words."""

from digest.theme.environment import environment, static_file, template_folders

__all__ = ["environment", "static_file", "template_folders"]
