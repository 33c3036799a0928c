"""Zoom, BigBlueButton and a bucket, each a local server that speaks as they do: well, without rights, cut short."""

import hashlib
import io
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer

from digest.cli import main
from digest.fetching import Journal
from digest.settings import BigBlueButtonSettings, S3Settings, Settings, ZoomSettings
from digest.store.queue import Queue, Request
from flows import dispatch
from flows.fetching import ask_for_new
from tests.fetching.servers import Answer, Asked, Service, a_service, as_json

TALK = random.Random(1).randbytes(400_000)  # noqa: S311
MEETING = "/abc//d=="  # Zoom's ids hold slashes


def fetch_all(settings: Settings) -> tuple[Request, ...]:
    """Ask for what is new, work it off, and return the newest rows."""
    ask_for_new(settings)
    queue = Queue(settings)
    while row := dispatch.next_due("fetches", queue, settings, datetime.now(UTC)):
        dispatch.work(row, queue, settings)
    return queue.requests()


def in_inbox(settings: Settings) -> dict[str, list[str]]:
    """Return the folders of the inbox that staff see, each with its files."""
    folders = (path for path in settings.inbox.iterdir() if not path.name.startswith("."))
    return {folder.name: sorted(path.name for path in folder.iterdir()) for folder in folders}


@pytest.fixture
def zoom(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Service, Settings]]:
    """Yield Zoom with one meeting of two stretches, and the settings that name it."""
    monkeypatch.setenv("DIGEST_ZOOM_SECRET", "open-sesame")
    with a_service() as service:

        def one(kind: str, start: str, **more: object) -> dict[str, object]:
            path = f"/rec/download/{kind}-{start}-{more.get('recording_type', '')}"
            service.files[path] = TALK if kind == "MP4" else b"WEBVTT\n\n"
            found = {
                "file_type": kind,
                "recording_start": start,
                "status": "completed",
                "file_size": len(service.files[path]),
            }
            return found | {"download_url": service.url + path} | more

        files = [
            one("MP4", "2026-11-23T14:40:00Z", recording_type="shared_screen_with_speaker_view"),
            one("MP4", "2026-11-23T14:00:00Z", recording_type="gallery_view"),
            one("MP4", "2026-11-23T14:00:00Z", recording_type="shared_screen_with_speaker_view"),
            one("M4A", "2026-11-23T14:00:00Z", recording_type="audio_only"),
            one("TRANSCRIPT", "2026-11-23T14:00:00Z"),
            one("TIMELINE", "2026-11-23T14:00:00Z"),
        ]
        meeting = {"topic": "Cyber norms: what next?", "start_time": "2026-11-23T14:00:00Z", "recording_files": files}

        def login(asked: Asked) -> Answer:
            is_known = asked.headers["authorization"] == "Basic Y2xpZW50Om9wZW4tc2VzYW1l"  # client:open-sesame
            is_right = asked.form == {"grant_type": "account_credentials", "account_id": "acc"}
            fault = {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}
            return as_json(200, {"access_token": "token-1"}) if is_known and is_right else as_json(401, fault)

        service.answers["/oauth/token"] = login
        service.answers["/v2/meetings/%252Fabc%252F%252Fd%253D%253D/recordings"] = lambda _: as_json(200, meeting)
        service.may_read = lambda asked: asked.headers.get("authorization") == "Bearer token-1"
        named = ZoomSettings(
            account="acc",
            client="client",
            api=f"{service.url}/v2",
            login=f"{service.url}/oauth/token",
            hosts=("127.0.0.1",),
        )
        Journal(settings).note("offered", "zoom", MEETING)
        yield service, settings.model_copy(update={"zoom": named})


@pytest.fixture
def bigbluebutton(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Service, Settings]]:
    """Yield a BigBlueButton server with one recording, as two videos, and the settings that name it."""
    monkeypatch.setenv("DIGEST_BIGBLUEBUTTON_SECRET", "open-sesame")
    recording = (
        "<recording><recordID>rec-1</recordID><name>Cyber norms</name><state>published</state>"
        "<startTime>1795442400000</startTime></recording>"
    )
    with a_service() as service:

        def recordings(asked: Asked) -> Answer:
            query, _, checksum = asked.query.rpartition("&checksum=")
            if checksum != hashlib.sha256(f"getRecordings{query}open-sesame".encode()).hexdigest():
                fault = "<messageKey>checksumError</messageKey><message>Checksums do not match</message>"
                return (
                    200,
                    {"content-type": "text/xml"},
                    f"<response><returncode>FAILED</returncode>{fault}</response>".encode(),
                )
            found = f"<response><returncode>SUCCESS</returncode><recordings>{recording}</recordings></response>"
            return 200, {"content-type": "text/xml"}, found.encode()

        service.answers["/bigbluebutton/api/getRecordings"] = recordings
        for name in ("video/webcams.webm", "deskshare/deskshare.webm", "shapes.svg", "slides_new.xml"):
            service.files[f"/presentation/rec-1/{name}"] = TALK if name.endswith("webm") else b"<svg/>"
        named = BigBlueButtonSettings(url=f"{service.url}/bigbluebutton/")
        yield service, settings.model_copy(update={"bigbluebutton": named})


def test_zoom_gives_the_best_picture_of_each_stretch(zoom: tuple[Service, Settings]) -> None:
    """Screen before gallery, in order, with the transcript and what Zoom knows of the event; once, and not again."""
    service, settings = zoom

    (row,) = fetch_all(settings)
    before = len(service.asked)
    fetch_all(settings)

    assert row.said == "Fetched into “2026-11-23 Cyber norms what next” of the inbox."
    assert in_inbox(settings) == {
        "2026-11-23 Cyber norms what next": ["event.toml", "recording-1.mp4", "recording-2.mp4", "transcript.vtt"]
    }
    event = next(settings.inbox.glob("2026*/event.toml")).read_text(encoding="utf-8")
    assert 'title = "Cyber norms: what next?"' in event
    assert not [asked for asked in service.asked if "gallery" in asked.path or "M4A" in asked.path]
    assert len(service.asked) == before


def test_zoom_without_rights_says_which(
    zoom: tuple[Service, Settings], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An app without the scope, a wrong secret, a file that is not ours: failed with Zoom's words, then retried."""
    service, settings = zoom
    listed = dict(service.answers)
    lacks = {"code": 4711, "message": "Invalid access token, does not contain scopes:[cloud_recording:read]."}
    path = "/v2/meetings/%252Fabc%252F%252Fd%253D%253D/recordings"
    service.answers[path] = lambda _: as_json(400, lacks)
    (first,) = fetch_all(settings)
    assert (first.state, first.cause) == ("failed", "NotAllowed")
    assert "does not contain scopes:[cloud_recording:read]" in (first.said or "")
    assert not in_inbox(settings)

    queue = Queue(settings)
    service.answers[path] = listed[path]
    service.may_read = lambda _: False
    queue.ask_again(first.id, by="the operator")
    (second,) = fetch_all(settings)
    assert "Rights are missing: the server answers 403" in (second.said or "")

    monkeypatch.setenv("DIGEST_ZOOM_SECRET", "wrong")
    queue.ask_again(second.id, by="the operator")
    (third,) = fetch_all(settings)
    assert "Invalid client_id or client_secret" in (third.said or "")
    assert "wrong" not in (third.said or "")


def test_zoom_cut_short_waits_and_then_goes_on(zoom: tuple[Service, Settings]) -> None:
    """A download that breaks off again and again, and a recording at which Zoom still is: tried again by itself."""
    service, settings = zoom
    service.cuts = [150_000, 0, 0, 0]

    (row,) = fetch_all(settings)
    assert (row.state, row.setbacks, row.cause) == ("waiting", 1, "Overloaded")
    assert "cut short: 150,000 of 400,000 bytes" in (row.said or "")
    assert not in_inbox(settings)
    assert Queue(settings).hasten(row.id)
    (row,) = fetch_all(settings)

    assert row.state == "done"
    assert next(settings.inbox.glob("2026*/recording-1.mp4")).read_bytes() == TALK
    assert [asked.headers["range"] for asked in service.asked if "range" in asked.headers][-1] == "bytes=150000-"


def test_zoom_still_at_work_is_waited_for(zoom: tuple[Service, Settings]) -> None:
    """A file that is not completed yet: nothing is fetched, and it is tried again."""
    service, settings = zoom
    (path,) = (path for path in service.answers if "meetings" in path)
    being_made = {
        "start_time": "2026-11-23T14:00:00Z",
        "recording_files": [{"file_type": "MP4", "status": "processing"}],
    }
    service.answers[path] = lambda _: as_json(200, being_made)

    (row,) = fetch_all(settings)

    assert (row.state, row.setbacks) == ("waiting", 1)


def test_bigbluebutton_gives_videos_slide_changes_and_chat(
    bigbluebutton: tuple[Service, Settings],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`digest fetch` brings what is published; where the server joins it to one video, that alone."""
    service, settings = bigbluebutton
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_BIGBLUEBUTTON__URL", settings.bigbluebutton.url)
    monkeypatch.setenv("DIGEST_FETCH__NETWORKS", '["127.0.0.0/8"]')
    for name in ("inbox", "state"):
        monkeypatch.setenv(f"DIGEST_{name.upper()}", name)
    ends = list[object]()
    for _ in range(2):
        with pytest.raises(SystemExit) as ended:
            main(["fetch"])
        ends.append(ended.value.code)

    assert ends == [0, 0]
    assert in_inbox(settings) == {
        "2026-11-23 Cyber norms": ["deskshare.webm", "event.toml", "shapes.svg", "slides_new.xml", "webcams.webm"]
    }
    assert "There is nothing new." in capsys.readouterr().out

    service.files["/playback/video/rec-1/video-0.m4v"] = TALK
    source = dispatch.DOING["fetch"]
    source(Queue(settings).ask("fetch", slug="bigbluebutton:rec-1", by="a test"), settings)
    assert in_inbox(settings)["2026-11-23 Cyber norms 2"] == [
        "event.toml",
        "shapes.svg",
        "slides_new.xml",
        "video-0.m4v",
    ]


def test_bigbluebutton_without_rights_and_cut_short(
    bigbluebutton: tuple[Service, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong secret is said with the server's words; a video that breaks off is gone on with; a closed one is said."""
    service, settings = bigbluebutton
    with monkeypatch.context() as wrong:
        wrong.setenv("DIGEST_BIGBLUEBUTTON_SECRET", "wrong")
        assert "Checksums do not match" in str(ask_for_new(settings)["bigbluebutton"])
    service.may_read = lambda _: False
    (row,) = fetch_all(settings)
    assert (row.state, "answers 403" in (row.said or "")) == ("failed", True)

    service.may_read, service.cuts = (lambda _: True), [100_000, 100_000]
    Queue(settings).ask_again(row.id, by="the operator")
    (row,) = fetch_all(settings)

    assert row.state == "done"
    assert next(settings.inbox.glob("*/webcams.webm")).read_bytes() == TALK


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """Start moto's server, which speaks S3, and yield its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(moto: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Yield settings that name a bucket with two folders, one of them still arriving."""
    httpx.post(f"{moto}/moto-api/reset")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    client = boto3.client("s3", endpoint_url=moto, region_name="us-east-1")
    client.create_bucket(Bucket="webinars")
    client.put_object(Bucket="webinars", Key="in/norms/talk.mp4", Body=TALK, ChecksumAlgorithm="SHA256")
    client.upload_fileobj(io.BytesIO(b'title = "Norms"'), "webinars", "in/norms/event.toml")
    client.put_object(Bucket="webinars", Key="in/loose.mp4", Body=b"loose")
    client.put_object(Bucket="webinars", Key="out/other/talk.mp4", Body=b"other")
    monkeypatch.setattr("digest.fetching.s3.STILL", timedelta(seconds=-60))
    named = S3Settings(bucket="webinars", prefix="in/", endpoint=moto)
    yield settings.model_copy(update={"s3": named})
    httpx.post(f"{moto}/moto-api/reset-auth", content=b"inf")


def test_a_bucket_gives_its_folders(bucket: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each folder below the prefix once it lies still, byte for byte, by the hash that the bucket keeps."""
    with monkeypatch.context() as later:
        later.setattr("digest.fetching.s3.STILL", timedelta(minutes=10))
        assert fetch_all(bucket) == ()

    (row,) = fetch_all(bucket)

    assert row.state == "done", row.said
    assert in_inbox(bucket) == {"norms": ["event.toml", "talk.mp4"]}
    assert (bucket.inbox / "norms" / "talk.mp4").read_bytes() == TALK


def test_a_bucket_without_rights_says_so(bucket: Settings, moto: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that nobody knows, no keys, another bucket."""
    httpx.post(f"{moto}/moto-api/reset-auth", content=b"0")  # from now on moto looks at rights
    assert "The bucket refuses: InvalidAccessKeyId" in str(ask_for_new(bucket)["s3"])
    httpx.post(f"{moto}/moto-api/reset-auth", content=b"inf")

    elsewhere = bucket.model_copy(update={"s3": bucket.s3.model_copy(update={"bucket": "nobodys"})})
    assert "The bucket refuses: NoSuchBucket" in str(ask_for_new(elsewhere)["s3"])
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/none")
    boto3.DEFAULT_SESSION = None
    assert "There are no keys for the bucket" in str(ask_for_new(bucket)["s3"])


def test_a_bucket_that_cuts_a_large_file_short(bucket: Settings, moto: str) -> None:
    """Between us and the bucket something breaks connections off: what came is kept, and the rest is asked for."""
    with a_service() as relay:

        def pass_on(asked: Asked) -> Answer:
            answer = httpx.request(asked.method, f"{moto}{asked.path}?{asked.query}", headers=asked.headers)
            names = ("etag", "content-range", "content-type", "x-amz-checksum-sha256")
            kept = {name: answer.headers[name] for name in names if name in answer.headers}
            length = {} if asked.method == "GET" else {"content-length": answer.headers.get("content-length", "0")}
            return answer.status_code, {**kept, **length}, answer.content

        for path in ("/webinars/in/norms/talk.mp4", "/webinars/in/norms/event.toml", "/webinars"):
            relay.answers[path] = pass_on
        relay.files["/webinars/in/norms/talk.mp4"] = b""  # what breaks off
        relay.cuts = [100_000, 250_000]
        through = bucket.model_copy(update={"s3": bucket.s3.model_copy(update={"endpoint": relay.url})})
        (row,) = fetch_all(through)

    assert row.state == "done", row.said
    assert (bucket.inbox / "norms" / "talk.mp4").read_bytes() == TALK
    assert [one.headers.get("range") for one in relay.asked if one.method == "GET" and "talk" in one.path][
        -1
    ] == "bytes=350000-"
