"""Pages of the desk as answers: a template's name and what it shows in, HTML out."""

import re

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from digest import theme
from digest.desk.overview import ago, day_and_time
from digest.settings import Settings
from digest.text.clock import clock_with_tenths


class Answers:
    """The desk's templates, compiled when it starts and not while the first editor waits."""

    def __init__(self, settings: Settings) -> None:
        self._shown = {"organisation": settings.organisation, "login": settings.desk.login}
        self._templates = theme.environment(settings)
        self._templates.filters |= {"day_and_time": day_and_time, "ago": ago, "moment": clock_with_tenths}
        for name in self._templates.list_templates(filter_func=lambda name: name.startswith("desk/")):
            self._templates.get_template(name)

    def page(self, name: str, status: int = 200, **shown: object) -> Response:
        """Return a page."""
        context = {"session": None, "said": None} | self._shown | shown
        return HTMLResponse(self._templates.get_template(f"desk/{name}.html").render(context), status)

    def refuse(self, what: str, remedy: str, status: int) -> Response:
        """Return a plain page that says what happened and what to do."""
        return self.page("refused", status, what=what, remedy=remedy)

    def speaker_page(self, status: int = 200, **shown: object) -> Response:
        """Return a page for a speaker, in the language of readers."""
        context = {"asset": "/static/{}".format, "home": None} | self._shown | shown
        return HTMLResponse(self._templates.get_template("speaker.html").render(context), status)

    def no_link(self) -> Response:
        """Return what a link gets that opens nothing: it is forged, its time is up, or somebody took it back."""
        return self.speaker_page(403, own=None, is_broken=False)

    def no_speaker_page(self, status: int) -> Response:
        """Return what a speaker gets where something failed, or is not there: nothing of the desk's own words."""
        return self.speaker_page(status, own=None, is_broken=True)


def sound(request: Request, content: bytes) -> Response:
    """Return a WAV file, or the bytes of it that are asked for: telephones play nothing of which they get no part."""
    asked = re.fullmatch(r"bytes=(\d{1,12})-(\d{0,12})", request.headers.get("range", ""))
    headers, last = {"Accept-Ranges": "bytes"}, len(content) - 1
    if asked is None:
        return Response(content, media_type="audio/wav", headers=headers)
    start, end = int(asked[1]), min(int(asked[2] or last), last)
    if start > end:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
    return Response(content[start : end + 1], 206, media_type="audio/wav", headers=headers)
