"""Pictures that stand for a webinar, or for all of them, in podcast players and on bookshelves: words in, JPEG out."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from digest import theme
from digest.exports.document import Find
from digest.exports.pdf import draw
from digest.exports.pictures import QUALITY
from digest.model.public import PublicEdition
from digest.settings import Settings

SQUARE, UPRIGHT = (700, 700), (700, 980)  # CSS pixels; twice as many in the picture: podcasts want 1400 to 3000


def draw_cover(public: PublicEdition, settings: Settings, find: Find, *, size: tuple[int, int] = UPRIGHT) -> bytes:
    """Return a webinar's cover: its first slide, its title and whose it is."""
    slide = next((one.image for one in public.slides if one.image), None)
    day = theme.environment(settings).filters["day"](public.event.starts_at, public.event.timezone)
    line = " · ".join(filter(None, (str(day), settings.organisation.name)))
    picture = find(slide) if slide else None
    return _draw(settings, title=public.event.title, line=line, spoken=public.language, picture=picture, size=size)


def draw_podcast_cover(settings: Settings) -> bytes:
    """Return the cover of all webinars of an organisation."""
    organisation = settings.organisation
    translated = theme.environment(settings).from_string("{% trans %}Webinars{% endtrans %}").render()
    title, line = (organisation.name, translated) if organisation.name else (translated, "")
    return _draw(settings, title=title, line=line, spoken=organisation.language, picture=None, size=SQUARE)


def _draw(
    settings: Settings, *, title: str, line: str, spoken: str, picture: Path | None, size: tuple[int, int]
) -> bytes:
    import pypdfium2

    environment, logo = theme.environment(settings), theme.static_file(settings, "logo")
    shown = {"picture": picture, "logo": logo, "title": title, "line": line, "spoken": spoken}
    html = environment.get_template("exports/cover.html").render(shown)
    style = environment.get_template("exports/cover.css").render(
        look=theme.look(settings), width=size[0], height=size[1]
    )
    pictures = {name: path for name, path in (("slide", picture), ("logo", logo)) if path}
    with TemporaryDirectory() as folder:
        drawn = Path(folder) / "cover.pdf"
        draw(html, style, drawn, pictures=pictures)
        with pypdfium2.PdfDocument(drawn) as pdf:
            image: Image.Image = pdf[0].render(scale=2 * size[0] / pdf[0].get_width()).to_pil()
    written = io.BytesIO()
    image.convert("RGB").save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
