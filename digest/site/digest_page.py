"""The digest page: a Publication in, HTML out. The site publishes it and the desk previews it."""

from collections.abc import Callable, Sequence

from digest import theme
from digest.exports import captions
from digest.model.artifact import StoredFile
from digest.model.edition import Edition, Publication
from digest.settings import Settings
from digest.site import view

DEMONSTRATION = "demonstration"  # who approves when no editor does


def render(
    publication: Publication,
    settings: Settings,
    *,
    address: Callable[[StoredFile], str],
    asset: Callable[[str], str] = "/static/{}".format,
    downloads: Sequence[StoredFile] = (),
) -> str:
    """Return the page. `address` says where a file of the Edition is served, `asset` a style sheet or script.

    `downloads` are the files of `exports` as they were stored; without them the page offers none and its captions
    travel in the page alone.
    """
    edition = view.as_published(publication.edition)
    template = theme.environment(settings).get_template("digest.html")
    return template.render(
        page=view.of(edition, downloads, address),
        edition=edition,
        event=edition.event,
        publication=publication,
        is_demonstration=publication.approved_by == DEMONSTRATION,
        licence=edition.event.licence or settings.organisation.licence,
        organisation=settings.organisation,
        canonical=f"{settings.organisation.base_url.rstrip('/')}/{edition.event.slug}/digest/"
        if settings.organisation.base_url
        else None,
        asset=asset,
        home="../../index.html",
    )


def exports(edition: Edition) -> dict[str, bytes]:
    """Return the files made from an Edition for readers, by name; none where the recording is not published.

    Raises DigestError where no player could show the captions.
    """
    edition = view.as_published(edition)
    if not edition.event.publish_recording:
        return {}
    cues = captions.of(edition)
    captions.check(cues)
    made = {
        "transcript.txt": captions.text(edition),
        "captions.vtt": captions.vtt(cues),
        "captions.srt": captions.srt(cues),
    }
    return {name: text.encode() for name, text in made.items()}
