"""What readers find on the event page and in the index."""

from pathlib import Path

import pytest

from digest.model.event import AlsoOfInterest, Event, EventSpeaker, Organiser
from digest.privacy import public_event
from digest.settings import Settings
from digest.site import event_page
from tests.site.editions import an_edition, announced, published

UPDATE = "[Update] Read the webinar digest"


def test_an_event_to_come_says_how_to_take_part(settings: Settings) -> None:
    """Before the webinar its page says when, where and how; the link to join is nowhere."""
    event = Event.model_validate(
        announced(
            description="About *attribution*.",
            speakers=(EventSpeaker(name="Ana Lind", role="Chair", url="https://example.org/ana"),),
            organisers=(Organiser(name="The Network", url="https://example.net/"),),
            also_of_interest=(AlsoOfInterest(title="Norms", url="https://example.org/n", when="May", text="A primer"),),
        ).model_dump()
        | {"join_url": "https://meet.example.org/secret"}
    )

    page = event_page.render(public_event(event), None, settings, asset=str)

    assert (
        '<time datetime="2017-03-09T13:00:00+00:00">Thursday, 9 March 2017, 14:00 (Central European Standard Time)'
        in page
    )
    assert "Fill in the form and follow the instructions on the screen; the link is" in page
    assert 'href="https://example.org/register"' in page
    assert "secret" not in page
    assert UPDATE not in page
    for shown in ("online", "<em>attribution</em>", "Ana Lind", "Chair", "The Network", "Norms", "May", "A primer"):
        assert shown in page


@pytest.mark.parametrize(
    ("recording", "slides", "named"),
    [
        (True, True, " (with webinar recording and the presentation used in the webinar)</a>"),
        (True, False, " (with webinar recording)</a>"),
        (False, True, " (with the presentation used in the webinar)</a>"),
        (False, False, "</a>"),
    ],
)
def test_the_update_names_only_what_is_published(
    tmp_path: Path, settings: Settings, recording: bool, slides: bool, named: str
) -> None:
    """The first line of the event page promises nothing that the digest page does not have."""
    edition = an_edition(tmp_path, publish_recording=recording)
    if not slides:
        edition = edition.model_copy(update={"slides": (), "slides_pdf": None})

    page = event_page.render(public_event(edition.event), published(edition), settings, asset=str)

    main = page.split("<main")[1]
    assert f"{UPDATE}{named}" in main
    assert main.index("[Update]") < main.index("<h1")
    assert '<time datetime="2016-12-01T12:00:00+00:00">1 December 2016</time>' in main
    assert "registration is closed" in main


def test_without_a_digest_roles_stand_for_names_too(tmp_path: Path, settings: Settings) -> None:
    """A retracted digest does not bring the names back that the Chatham House rule keeps."""
    event = an_edition(tmp_path, chatham_house=True).event

    page = event_page.render(public_event(event), None, settings, asset=str, is_over=True)

    assert event.speakers[0].name not in page
    assert str(event.speakers[0].role) in page
