"""Pages of the desk as answers: a template's name and what it shows in, HTML out."""

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
