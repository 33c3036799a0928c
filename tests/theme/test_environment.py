"""Templates: an organisation's own before ours, everything escaped, nothing misspelt."""

import struct
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from digest import theme
from digest.errors import MissingTool
from digest.settings import Organisation, Settings


def test_what_a_page_shows_is_escaped() -> None:
    """No title, name or word can put markup of its own into a page."""
    template = theme.environment(Settings()).from_string("{{ title }} <b title='{{ title }}'>")

    assert (
        template.render(title="<script>'\"&")
        == "&lt;script&gt;&#39;&#34;&amp; <b title='&lt;script&gt;&#39;&#34;&amp;'>"
    )


def test_an_unknown_name_fails_the_build() -> None:
    """A template that misspells a name does not quietly print nothing."""
    template = theme.environment(Settings()).from_string("{{ titel }}")

    with pytest.raises(UndefinedError):
        template.render(title="Cyber norms")


def test_an_organisation_changes_one_block(tmp_path: Path) -> None:
    """Two lines of their own are enough to change a part of a page; the rest stays ours."""
    (tmp_path / "static").mkdir()
    (tmp_path / "own.html").write_text("{% extends 'index.html' %}{% block foot %}Our own foot{% endblock %}")
    (tmp_path / "static" / "page.css").write_text("body { color: green }")
    settings = Settings(templates=tmp_path)

    html = (
        theme.environment(settings)
        .get_template("own.html")
        .render(organisation=settings.organisation, asset=str, home="index.html", to_come="", past="", ways=())
    )

    assert "Our own foot" in html
    assert "No webinar has been published yet." in html
    assert theme.static_file(settings, "page.css") == tmp_path / "static" / "page.css"
    assert theme.static_file(settings, "player.js") is not None


@pytest.mark.parametrize("name", ["../base.html", "/etc/passwd", "../../pyproject.toml", "..", ""])
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    """Whoever asks for a style sheet by an odd name gets no other file of the machine."""
    assert theme.static_file(Settings(), name) is None


def test_the_pages_speak_the_organisations_language(tmp_path: Path) -> None:
    """A catalogue beside an organisation's templates says it in its words, ours says the rest; numbers follow."""
    catalogue = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "digest.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_bytes(_compiled({"": "Content-Type: text/plain; charset=UTF-8\n", "Webinars": "Nos séances"}))
    settings = Settings(templates=tmp_path, organisation=Organisation(language="fr"))

    environment = theme.environment(settings)

    assert environment.from_string("{% trans %}Webinars{% endtrans %}").render() == "Nos séances"
    assert environment.from_string("{% trans %}Terms{% endtrans %}").render() == "Termes"
    assert environment.from_string("{{ 0.5 | percent }}").render() == "50 %"


def test_a_language_that_does_not_exist_is_refused() -> None:
    """A typing mistake in digest.toml is named, with what to write instead."""
    with pytest.raises(MissingTool, match="“qqq1” is not known"):
        theme.environment(Settings(organisation=Organisation(language="qqq1")))


def _compiled(words: dict[str, str]) -> bytes:
    """Return the words as a gettext .mo file."""
    pairs = [(key.encode(), value.encode()) for key, value in sorted(words.items())]
    table, texts = b"", b""
    start = 28 + 16 * len(pairs)
    for column in (0, 1):
        for pair in pairs:
            table += struct.pack("<II", len(pair[column]), start + len(texts))
            texts += pair[column] + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0) + table + texts
