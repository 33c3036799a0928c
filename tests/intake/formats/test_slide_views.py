"""What platforms say of slides: read as data, and only of the deck that was shown."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import sandbox
from digest.errors import UnusableDrop
from digest.intake.formats.table import read_companion
from digest.sandbox import Limits
from tests.intake.formats.builders import companions_of

LIMITS = Limits(seconds=20, megabytes=1024)
SHAPES = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 800 600">
<image id="image1" class="slide" in="0.0" out="12.5" xlink:href="presentation/aaaa/slide-1.png" width="1600"/>
<image id="image2" class="slide" in="12.5 80.0" out="40.8 90.0" xlink:href="presentation/bbbb/slide-1.png"/>
<image id="image3" class="slide" in="40.8" out="70.0" xlink:href="presentation/bbbb/slide-2.png"/>
<image id="image4" in="70.0" out="80.0" xlink:href="presentation/deskshare.png"/>
<image id="image5" in="evil" out="1e999" xlink:href="presentation/bbbb/slide-9.png"/>
</svg>"""


EVENTS = """<?xml version="1.0" encoding="UTF-8"?>
<recording meeting_id="a" bbb_version="2.7"><metadata meetingName="Cables"/>
<event timestamp="1000" module="PARTICIPANT" eventname="ParticipantJoinEvent"><name>Ada</name></event>
<event timestamp="2000" module="PRESENTATION" eventname="SharePresentationEvent">
 <presentationName>welcome</presentationName><originalFilename>default.pdf</originalFilename></event>
<event timestamp="10000" module="PARTICIPANT" eventname="RecordStatusEvent"><status>true</status></event>
<event timestamp="12000" module="PRESENTATION" eventname="SharePresentationEvent">
 <presentationName>ours</presentationName></event>
<event timestamp="32500" module="PRESENTATION" eventname="GotoSlideEvent"><slide>4</slide></event>
<event timestamp="40000" module="PARTICIPANT" eventname="RecordStatusEvent"><status>false</status></event>
<event timestamp="50000" module="PRESENTATION" eventname="GotoSlideEvent"><slide>5</slide></event>
<event timestamp="60000" module="PARTICIPANT" eventname="RecordStatusEvent"><status>true</status></event>
<event timestamp="65000" module="bbb-webrtc-sfu" eventname="StartWebRTCDesktopShareEvent"/>
<event timestamp="75000" module="bbb-webrtc-sfu" eventname="StopWebRTCDesktopShareEvent"/>
<event timestamp="80000" module="PRESENTATION" eventname="SharePresentationEvent">
 <presentationName>welcome</presentationName></event>
<event timestamp="81000" module="PRESENTATION" eventname="SharePresentationEvent">
 <presentationName>ours</presentationName></event>
<event timestamp="90000" module="MEETING" eventname="EndAndKickAllEvent"/>
</recording>"""


def found(path: Path, content: str) -> list[tuple[float, int | None]]:
    """Return what a file says when it is read in a limited child."""
    path.write_text(content, encoding="utf-8")
    return [
        (event.at, event.slide) for event in sandbox.call(read_companion, LIMITS, path, "slide_events").slide_events
    ]


def test_slides_of_bigbluebutton(tmp_path: Path) -> None:
    """The platform's welcome page and a shared screen are no slides; a slide shown again is."""
    assert found(tmp_path / "shapes.svg", SHAPES) == [
        (0.0, None),
        (12.5, 1),
        (40.8, 2),
        (70.0, None),
        (80.0, 1),
        (90.0, None),
    ]


def test_events_of_bigbluebutton(tmp_path: Path) -> None:
    """Seconds of the recording, which stood still while the record button was off; slides count from 0 there."""
    assert found(tmp_path / "events.xml", EVENTS) == [
        (0.0, None),  # the platform's welcome page
        (2.0, 1),
        (22.5, 5),
        (30.0, 6),  # turned to while the recording stood still
        (35.0, None),  # a shared screen
        (45.0, 6),
        (50.0, None),
        (51.0, 6),
        (60.0, None),
    ]
    unmarked = EVENTS.replace("RecordStatusEvent", "OtherEvent")
    assert (31.5, 5) in found(tmp_path / "events.xml", unmarked)  # from the first event on


def test_cues_called_slide(tmp_path: Path) -> None:
    """Cue identifiers slide-N say when slide N comes."""
    cues = "WEBVTT\n\nslide-1\n00:00.000 --> 00:10.000\nOne\n\nslide-3\n01:00:10.500 --> 01:00:20.000\nThree\n"

    assert found(tmp_path / "slides.vtt", cues) == [(0.0, 1), (3610.5, 3)]


def test_entities_and_halves_are_refused(tmp_path: Path) -> None:
    """A file that would unfold, or that was cut off, is named and not used."""
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>'
    for content in (
        bomb,
        SHAPES[:300],
        EVENTS[:900],
        EVENTS.replace("<recording", '<!DOCTYPE a [<!ENTITY b "c">]><recording'),
    ):
        with pytest.raises(UnusableDrop):
            found(tmp_path / "shapes.svg", content)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Whatever is in it, times are in order and none is beyond a day."""
    path = tmp_path_factory.mktemp("any") / "shapes.svg"
    path.write_bytes(content)
    try:
        events = read_companion(path, "slide_events").slide_events
    except UnusableDrop:
        return

    assert [event.at for event in events] == sorted(event.at for event in events)


def test_what_the_platform_says_of_slides_is_used(tmp_path: Path) -> None:
    """Either file of BigBlueButton, and captions whose cues are called slide-N, say when slides were shown."""
    svg = (
        '<svg xmlns:xlink="x"><image in="0" out="9" xlink:href="presentation/a/slide-1.png"/>'
        '<image in="9" out="20" xlink:href="presentation/a/slide-2.png"/></svg>'
    )
    vtt = "WEBVTT\n\nslide-1\n00:00.000 --> 00:10.000\nOne\n\nslide-3\n00:10.500 --> 00:20.000\nThree\n"
    xml = (
        '<recording><event timestamp="0" eventname="SharePresentationEvent"><presentationName>a</presentationName>'
        "</event>"
        '<event timestamp="9000" eventname="GotoSlideEvent"><slide>1</slide></event>'
        '<event timestamp="20000" eventname="EndAndKickAllEvent"/></recording>'
    )
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()

    pictures, cues = companions_of(tmp_path, shapes__svg=svg), companions_of(tmp_path / "b", slides__vtt=vtt)
    events = companions_of(tmp_path / "c", events__xml=xml)

    assert [(event.at, event.slide) for event in pictures.slide_events] == [(0, 1), (9, 2), (20, None)]
    assert events.slide_events == pictures.slide_events
    assert [file.found for file in (*events.read, *cues.read)] == ["slides shown 3 times", "slides shown 2 times"]
    assert [(event.at, event.slide) for event in cues.slide_events] == [(0, 1), (10.5, 3)]
    assert cues.cues == ()
