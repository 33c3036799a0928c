"""Pictures as every reader of documents shows them: a file in, JPEG out."""

import io
from pathlib import Path

MAX_WIDTH = 1200  # pixels: a slide as wide as a sheet of paper, at 180 dots per inch
QUALITY = 85


def as_jpeg(picture: Path, *, max_width: int = MAX_WIDTH) -> bytes:
    """Return a picture as JPEG, no wider than that; what shows through it is white."""
    from PIL import Image

    with Image.open(picture) as opened:
        whole = opened.convert("RGBA")
        flat = Image.new("RGB", whole.size, "white")
        flat.paste(whole, mask=whole.getchannel("A"))
    flat.thumbnail((max_width, 10 * max_width))
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
