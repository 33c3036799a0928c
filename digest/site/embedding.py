"""A digest inside pages of others: the player alone, and how to frame it (oEmbed 1.0, as a file)."""

import json
from collections.abc import Callable, Mapping
from html import escape

from digest import theme
from digest.model.artifact import StoredFile
from digest.model.media import WebCopy
from digest.model.public import PublicEdition
from digest.settings import Settings
from digest.site.cards import Cover

EMBED, OEMBED = "embed.html", "oembed.json"  # in the digest's folder; their addresses stay
WIDTH, HEIGHT, HEIGHT_OF_SOUND = 640, 400, 110  # pixels: 16:9 and the line with the title


def player(
    edition: PublicEdition,
    web: WebCopy,
    settings: Settings,
    *,
    address: Callable[[StoredFile], str],
    asset: Callable[[str], str],
    exported: Mapping[str, StoredFile],
) -> str:
    """Return the page that may be framed."""
    captions = exported.get("captions-vtt")
    return (
        theme.environment(settings)
        .get_template("embed.html")
        .render(
            event=edition.event,
            edition=edition,
            is_video=edition.has_video,
            recording=address(web),
            poster=address(edition.poster) if edition.poster else None,
            captions=address(captions) if captions else None,
            canonical=settings.organisation.address(f"{edition.event.slug}/digest/"),
            asset=asset,
        )
    )


def describe_frame(edition: PublicEdition, settings: Settings, cover: Cover | None) -> str | None:
    """Return what a page that frames the player asks for; None while nobody has said where the site will live."""
    organisation, event = settings.organisation, edition.event
    address = organisation.address(f"{event.slug}/digest/{EMBED}")
    if address is None:
        return None
    height = HEIGHT if edition.has_video else HEIGHT_OF_SOUND
    frame = (
        f'<iframe src="{escape(address)}" width="{WIDTH}" height="{height}" title="{escape(event.title)}" '
        'allow="fullscreen" loading="lazy" style="border:0"></iframe>'
    )
    said = {
        "version": "1.0",
        "type": "video" if edition.has_video else "rich",
        "title": event.title,
        "provider_name": organisation.name or None,
        "provider_url": organisation.address(""),
        "html": frame,
        "width": WIDTH,
        "height": height,
    }
    if cover:
        said |= {
            "thumbnail_url": organisation.address(cover.address),
            "thumbnail_width": cover.picture.width,
            "thumbnail_height": cover.picture.height,
        }
    return json.dumps({name: value for name, value in said.items() if value}, ensure_ascii=False, indent=1) + "\n"
