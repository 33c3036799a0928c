"""Which sources there are: one file a source, one row a source."""

from digest.fetching.sources import RecordingSource
from digest.settings import Settings


def sources(settings: Settings) -> dict[str, RecordingSource]:
    """Return the sources that the settings name, by name. Raises MissingTool where one lacks its extra."""
    found = list[RecordingSource]()
    if settings.zoom.account:
        from digest.fetching.zoom import Zoom

        found.append(Zoom(settings))
    if settings.bigbluebutton.url:
        from digest.fetching.bigbluebutton import BigBlueButton

        found.append(BigBlueButton(settings))
    if settings.s3.bucket:
        from digest.fetching.s3 import S3

        found.append(S3(settings))
    return {source.name: source for source in found}
