"""How pages and documents look: the tokens of page.css."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from digest.errors import MissingTool
from digest.settings import Settings
from digest.theme.environment import static_file

STYLE = "page.css"
TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")
COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class ThemeLook:
    """The colours of a theme by the name of the token, as #rrggbb, and the fonts of `text` and `ui` as CSS has them."""

    colours: dict[str, str]
    fonts: dict[str, str]

    @property
    def css(self) -> str:
        """Return it as a style sheet begins with it."""
        return (
            ":root { " + " ".join(f"--{name}: {value};" for name, value in (self.colours | self.fonts).items()) + " }"
        )


def look(settings: Settings) -> ThemeLook:
    """Return the look of an organisation's pages by day. Raises MissingTool where our own style sheet is gone."""
    path = static_file(settings, STYLE)
    if path is None:
        raise MissingTool("The style sheet of the pages is missing.", file=STYLE, remedy="Install the program again.")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _: int) -> ThemeLook:
    by_day = path.read_text(encoding="utf-8").partition("@media")[0]
    tokens = dict(TOKEN.findall(by_day))
    colours = {name: value for name, value in tokens.items() if COLOUR.fullmatch(value)}
    return ThemeLook(colours, {name: tokens[name] for name in ("text", "ui")})
