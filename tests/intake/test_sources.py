"""What is taken of a folder, under which names, and what is refused."""

import os
import shutil
import socket
import unicodedata
import zipfile
from pathlib import Path

import pytest

from digest.errors import MissingTool, NotSettled, UnusableDrop
from digest.intake import look, take_in
from digest.intake.presentations import MAX_DECKS, arrange
from digest.intake.sources import MAX_ENTRIES
from digest.model.drop import Drop
from digest.store.files import file_sha256
from digest.store.stages import take_into_workspace
from digest.store.workspace import Workspace
from tests.intake.drops import EVENT, a_folder, a_presentation, taken
from tests.media.recordings import DEMO, beeps, made, pictures


def test_demo_is_taken_in_by_role(tmp_path: Path) -> None:
    """Each file of the demo has its role, its own hash, and a name that we chose."""
    drop = taken(DEMO.parent, tmp_path)

    assert drop.slug == "cyber-norms-from-principles-to-practice"
    assert {(file.role, file.path, file.name) for file in drop.files} == {
        ("recording", "drop/recording-1.mp4", "recording.mp4"),
        ("deck", "drop/deck.pptx", "slides.pptx"),
        ("pictures", "drop/pictures.pdf", "slides.pdf"),
        ("event", "drop/event.toml", "event.toml"),
        ("chat", "drop/chat-1.txt", "chat.txt"),
        ("captions", "drop/captions-1.vtt", "meeting_transcript.vtt"),
    }
    assert all(file_sha256(tmp_path / file.path) == file.sha256 for file in drop.files)


def test_folder_without_recording_is_refused(tmp_path: Path) -> None:
    """Staff read what is missing and what to do."""
    with pytest.raises(UnusableDrop, match=r"drop of staff: There is no recording in the folder\. Put the recording"):
        taken(a_folder(tmp_path, recording=None), tmp_path / "w")


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    """A mistyped name is told as such."""
    with pytest.raises(UnusableDrop, match="There is no such folder"):
        look(tmp_path / "nowhere")


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    """A folder of tens of thousands of files is no drop, and is not read to its end."""
    folder = a_folder(tmp_path)
    for number in range(MAX_ENTRIES + 1):
        (folder / str(number)).touch()

    with pytest.raises(UnusableDrop, match="more than 5,000 files"):
        look(folder)


def test_our_own_notes_are_not_seen(tmp_path: Path) -> None:
    """STATUS.txt and PROBLEM.txt come and go without the drop being another."""
    folder = a_folder(tmp_path)
    before = look(folder)

    (folder / "STATUS.txt").write_text("running")
    (folder / "PROBLEM.txt").write_text("none")

    assert look(folder) == before


@pytest.mark.parametrize("name", [".DS_Store", "._recording.mp4", "Thumbs.db", "desktop.ini", "~$slides.pptx"])
def test_litter_is_ignored(tmp_path: Path, name: str) -> None:
    """What operating systems leave beside files is listed as ignored."""
    folder = a_folder(tmp_path)
    (folder / name).write_bytes(b"litter")

    assert [ignored.name for ignored in taken(folder, tmp_path / "w").ignored] == [name]


@pytest.mark.parametrize("name", ["recording.mp4.part", "recording.mp4.crdownload"])
def test_unfinished_copy_waits(tmp_path: Path, name: str) -> None:
    """A download that still runs is no fault of anybody: the drop waits."""
    folder = a_folder(tmp_path)
    (folder / name).write_bytes(b"half")

    with pytest.raises(NotSettled, match="still being copied"):
        taken(folder, tmp_path / "w")


def test_changed_file_waits(tmp_path: Path) -> None:
    """A file that grew since the folder was looked at is not used half."""
    folder = a_folder(tmp_path)
    seen = look(folder)
    with (folder / "recording.wav").open("ab") as file:
        file.write(b"more")
    (tmp_path / "drop").mkdir()

    with pytest.raises(NotSettled, match=r"recording\.wav: The file changed while it was read"):
        take_in(seen, slug=None, into=tmp_path / "drop")


def test_links_pipes_and_sockets_are_refused_at_once(tmp_path: Path) -> None:
    """Nothing outside the drop is read through a link, and nothing is waited for."""
    folder = a_folder(tmp_path, recording=None)
    recording = folder / "recording.mp4"

    recording.symlink_to(DEMO)
    with pytest.raises(UnusableDrop, match="a link or a device"):
        taken(folder, tmp_path / "a")
    recording.unlink()
    os.mkfifo(recording)
    with pytest.raises(UnusableDrop, match="a link or a device"):
        taken(folder, tmp_path / "b")
    recording.unlink()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(recording))
        with pytest.raises(UnusableDrop, match="a link or a device"):
            taken(folder, tmp_path / "c")


def test_enormous_file_is_refused_unread(tmp_path: Path) -> None:
    """A terabyte is refused by its size, before anybody hashes it for hours."""
    folder = a_folder(tmp_path)
    with (folder / "recording.mp4").open("wb") as file:
        file.truncate(1 << 40)

    with pytest.raises(UnusableDrop, match="larger than 20 GB"):
        taken(folder, tmp_path / "w")


@pytest.mark.parametrize(
    "name", ["-version.wav", "new\nline.wav", "<script>.wav", "a&b;$(id).wav", "RECORDING.WAV", "x.wav ", "C:\\x.wav"]
)
def test_strange_names_work(tmp_path: Path, name: str) -> None:
    """Whatever a recording is called, it is used, under a name of ours, and can be printed."""
    folder = a_folder(tmp_path, recording=None)
    made(tmp_path / "x.wav", *beeps(2)).rename(folder / name)

    drop = taken(folder, tmp_path / "w")

    assert drop.of_role("recording")[0].path == "drop/recording-1.wav"
    assert "\n" not in drop.of_role("recording")[0].name


def test_name_that_is_no_text_works(tmp_path: Path) -> None:
    """A name from an old disk, in no encoding of today, is shown with its bytes and saved as JSON."""
    folder = a_folder(tmp_path, recording=None)
    made(tmp_path / "x.wav", *beeps(2)).rename(folder / os.fsdecode(b"latin\xe9.wav"))

    drop = taken(folder, tmp_path / "w")

    assert drop.of_role("recording")[0].name == "latin\\xe9.wav"
    assert drop.canonical()


def test_twins_of_one_look_are_asked_about(tmp_path: Path) -> None:
    """Two names that look alike but are stored differently would be one file elsewhere."""
    folder = a_folder(tmp_path)
    for form in ("NFC", "NFD"):
        shutil.copy(folder / "recording.wav", folder / unicodedata.normalize(form, "café.wav"))

    with pytest.raises(UnusableDrop, match="Two files have this name"):
        taken(folder, tmp_path / "w")


def test_folders_and_archives_are_named(tmp_path: Path) -> None:
    """Staff learn that a deck in a folder, or a recording in an archive, was not used."""
    folder = a_folder(tmp_path)
    (folder / "slides").mkdir()
    (folder / "slides" / "deck.pptx").touch()
    (folder / "more.zip").touch()

    why = {ignored.name: ignored.why for ignored in taken(folder, tmp_path / "w").ignored}

    assert "put “deck.pptx” beside it" in why["slides"]
    assert "Archives are not opened" in why["more.zip"]


def roles(drop: Drop, *wanted: str) -> list[tuple[str, str, str]]:
    """Return name, role and place of the files of some roles, in the order of use."""
    return [(file.name, file.role, file.path) for file in drop.files if file.role in wanted]


def test_each_speaker_of_a_panel_has_a_deck(tmp_path: Path) -> None:
    """Several presentations are used one after the other; a PDF of a deck's name gives that one's pictures."""
    folder = a_folder(tmp_path)
    a_presentation(folder / "Okafor.pptx")
    a_presentation(folder / "lindqvist.pptx")
    for name in ("okafor.pdf", "adeyemi.pdf"):
        (folder / name).write_bytes(b"%PDF-1.4\n")

    drop = taken(folder, tmp_path / "w")

    assert roles(drop, "deck", "pictures") == [
        ("adeyemi.pdf", "deck", "drop/deck-1.pdf"),
        ("lindqvist.pptx", "deck", "drop/deck-2.pptx"),
        ("Okafor.pptx", "deck", "drop/deck-3.pptx"),
        ("okafor.pdf", "pictures", "drop/pictures.pdf"),
    ]
    assert [getattr(drop.pictures_of(deck), "name", None) for deck in drop.of_role("deck")] == [
        None,
        None,
        "okafor.pdf",
    ]
    assert "in this order: adeyemi.pdf, lindqvist.pptx, Okafor.pptx" in drop.remarks[0]


@pytest.mark.parametrize(
    ("names", "ordered"),
    [
        (["b.pdf", "a.pdf"], ["a.pdf", "b.pdf"]),
        (["10 Lindqvist.pdf", "2 Okafor.pdf"], ["2 Okafor.pdf", "10 Lindqvist.pdf"]),
        (["lindqvist_final.pdf", "slides-OKAFOR.pdf"], ["slides-OKAFOR.pdf", "lindqvist_final.pdf"]),
        (["lindqvist.pdf", "closing.pdf", "okafor.pdf"], ["closing.pdf", "lindqvist.pdf", "okafor.pdf"]),
    ],
)
def test_decks_come_as_people_spoke(names: list[str], ordered: list[str]) -> None:
    """Numbers in front of names decide, then who was announced first, where each deck is somebody's; else the names."""
    assert [*arrange(names, ["Daniel Okafor", "Maja Lindqvist"])] == ordered


def test_a_library_is_no_panel(tmp_path: Path) -> None:
    """Dozens of PDFs are refused before any is read."""
    folder = a_folder(tmp_path)
    for number in range(MAX_DECKS + 1):
        (folder / f"{number}.pdf").write_bytes(b"%PDF-1.4\n")

    with pytest.raises(UnusableDrop, match="more than 30 presentations"):
        taken(folder, tmp_path / "w")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("talk.mp4", b"<!DOCTYPE html><html>Log in</html>", "This is a web page, not a recording"),
        ("talk.mp4", b"#EXTM3U\nfile:///etc/passwd\n", "only a list that points"),
        ("talk.mp4", b"", "The file is empty"),
        ("slides.pptx", b"<html>Log in</html>", "This is a web page, not a presentation"),
        ("slides.pptx", b"PK\x03\x04 cut off", "The presentation is incomplete"),
        ("slides.pdf", b"<html>Log in</html>", "This is a web page, not a PDF"),
        ("slides.pdf", b"", "The file is empty"),
    ],
)
def test_files_that_are_not_what_they_are_called(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    """Staff read what the file really is, by the name that they gave it."""
    folder = a_folder(tmp_path)
    (folder / name).write_bytes(content)

    with pytest.raises(UnusableDrop, match=words) as refused:
        taken(folder, tmp_path / "w")

    assert refused.value.file == name


def test_word_file_called_a_presentation(tmp_path: Path) -> None:
    """A Word file is no deck, whatever its ending."""
    a_presentation((folder := a_folder(tmp_path)) / "slides.pptx", folder="word")

    with pytest.raises(UnusableDrop, match="is a Word file"):
        taken(folder, tmp_path / "w")


def test_same_talk_twice_the_picture_is_used(tmp_path: Path) -> None:
    """A platform leaves the sound beside the video: the video is used, the other is listed."""
    folder = a_folder(tmp_path, recording=None)
    sound = ("-f", "lavfi", "-i", "anoisesrc=d=5:seed=1,volume='0.1+0.8*mod(floor(t),2)':eval=frame")
    video = made(folder / "zoom.mkv", *pictures(5), *sound, "-c:v", "libx264", "-c:a", "aac")
    made(folder / "audio_only.m4a", "-i", str(video), "-vn", "-c:a", "aac", "-b:a", "64k")

    drop = taken(folder, tmp_path / "w")

    assert [file.name for file in drop.of_role("recording")] == ["zoom.mkv"]
    assert [ignored.name for ignored in drop.ignored] == ["audio_only.m4a"]


def test_of_several_views_the_one_with_the_slides_is_used(tmp_path: Path) -> None:
    """A gallery as large as the shared screen, whatever its name, is put aside, for the true reason."""
    folder = a_folder(tmp_path, recording=None)
    cut = ("-ss", "20", "-t", "30", "-i", str(DEMO))
    made(folder / "a meeting.mp4", *cut, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")
    faces = "life=s=320x180:r=5:mold=10:ratio=0.1:seed=3:death_color=#C83232:life_color=#00ff00,scale=1280:720"
    moving = ("-f", "lavfi", "-t", "30", "-i", faces, "-map", "1:v", "-map", "0:a", "-c:v", "libx264")
    made(folder / "the meeting.mp4", *cut, *moving, "-preset", "ultrafast", "-c:a", "aac", "-shortest")

    drop = taken(folder, tmp_path / "w")

    assert [file.name for file in drop.of_role("recording")] == ["a meeting.mp4"]
    (ignored,) = drop.ignored
    assert ignored.name == "the meeting.mp4"
    assert ignored.why == "It is the same meeting as “a meeting.mp4”, in which the slides are seen."


def test_sound_and_shared_screen_belong_together(tmp_path: Path) -> None:
    """Of two streams of one meeting one is heard and the other seen, and staff are told which."""
    folder = a_folder(tmp_path, recording=None)
    made(folder / "webcams.webm", *pictures(5), *beeps(5), "-c:v", "libvpx", "-c:a", "libopus")
    made(folder / "deskshare.webm", *pictures(4), "-c:v", "libvpx")

    drop = taken(folder, tmp_path / "w")

    assert [(file.name, file.role) for file in drop.files] == [
        ("deskshare.webm", "screen"),
        ("webcams.webm", "recording"),
    ]
    assert drop.remarks == ("The sound is that of webcams.webm, the picture that of deskshare.webm.",)


def test_parts_are_known_by_the_time_of_day(tmp_path: Path) -> None:
    """A recorder that begins a new file names it by its clock; two days are two webinars."""
    folder = a_folder(tmp_path, recording=None)
    for time, seconds in (("13-41-22", 2), ("13-00-00", 4)):
        made(folder / f"2023-03-15 {time}.wav", *beeps(seconds))

    drop = taken(folder, tmp_path / "w")

    recordings = [file.name for file in drop.of_role("recording")]
    assert recordings == ["2023-03-15 13-00-00.wav", "2023-03-15 13-41-22.wav"]
    (folder / "2023-03-15 13-41-22.wav").rename(folder / "2023-03-16 13-41-22.wav")
    with pytest.raises(UnusableDrop, match="several recordings"):
        taken(folder, tmp_path / "again")


def test_a_recording_without_sound_needs_captions(tmp_path: Path) -> None:
    """It is refused with both ways out, and used where somebody's captions lie beside it."""
    folder = a_folder(tmp_path, recording=None)
    made(folder / "signed.mp4", *pictures(3), "-c:v", "libx264")
    with pytest.raises(UnusableDrop, match=r"signed.mp4: The recording has no sound.*captions that somebody wrote"):
        taken(folder, tmp_path / "w")

    (folder / "captions.vtt").write_text("WEBVTT\n\n00:00.500 --> 00:02.500\nWelcome to all.\n", encoding="utf-8")

    assert {file.role for file in taken(folder, tmp_path / "again").files} == {"recording", "captions"}


def test_two_talks_of_one_length_are_no_twins(tmp_path: Path) -> None:
    """What only lasts as long is another recording: staff are asked, none is left out."""
    folder = a_folder(tmp_path, recording=None)
    for name, start in (("morning.m4a", "10"), ("evening.m4a", "120")):
        made(folder / name, "-ss", start, "-t", "8", "-i", str(DEMO), "-vn", "-c:a", "aac")

    with pytest.raises(UnusableDrop, match="several recordings"):
        taken(folder, tmp_path / "w")


def test_parts_are_put_in_order(tmp_path: Path) -> None:
    """Part 10 comes after part 9, and staff are told of the order."""
    folder = a_folder(tmp_path, recording=None)
    for number, seconds in ((10, 2), (9, 4)):
        made(folder / f"talk part {number}.wav", *beeps(seconds))

    drop = taken(folder, tmp_path / "w")

    assert [file.name for file in drop.of_role("recording")] == ["talk part 9.wav", "talk part 10.wav"]
    assert drop.remarks[0].endswith("in this order: talk part 9.wav, talk part 10.wav.")


def test_unrelated_recordings_are_asked_about(tmp_path: Path) -> None:
    """Nobody guesses which of two different recordings is the webinar."""
    folder = a_folder(tmp_path)
    made(folder / "rehearsal.wav", *beeps(4))

    with pytest.raises(UnusableDrop, match=r"several recordings: recording\.wav, rehearsal\.wav|rehearsal\.wav, rec"):
        taken(folder, tmp_path / "w")


def test_the_workspace_shares_no_file_with_staff(tmp_path: Path) -> None:
    """Staff may overwrite their copy in place, and nobody the workspace's: what was taken in stays as it was."""
    folder = a_folder(tmp_path)
    drop = taken(folder, tmp_path / "w")

    with (folder / "recording.wav").open("r+b") as overwritten:
        overwritten.write(b"something else")

    (recording,) = drop.of_role("recording")
    source = tmp_path / "w" / recording.path
    assert file_sha256(source) == recording.sha256
    assert source.stat().st_mode & 0o222 == 0


def test_a_full_disk_is_said_before_it_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recording for which there is no room is not copied half: staff read that the disk is full."""
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))

    with pytest.raises(MissingTool, match=r"recording\.wav: The file could not be copied .*No space left.*Make room"):
        taken(a_folder(tmp_path), tmp_path / "w")

    assert not list((tmp_path / "w" / "drop").iterdir())


def test_what_an_earlier_version_linked_is_put_apart(tmp_path: Path) -> None:
    """A workspace whose sources are links to staff's files has its own at the next run."""
    folder, workspaces = a_folder(tmp_path, event=EVENT), tmp_path / "workspaces"
    workspace, drop = take_into_workspace(take_in, look(folder), workspaces)
    source = workspace.root / drop.of_role("recording")[0].path
    source.unlink()
    source.hardlink_to(folder / "recording.wav")
    modified = source.stat().st_mtime_ns

    take_into_workspace(take_in, look(folder), workspaces)

    assert not source.samefile(folder / "recording.wav")
    assert source.stat().st_mtime_ns == modified
    assert file_sha256(source) == drop.of_role("recording")[0].sha256


def test_given_slug_is_never_computed_again(tmp_path: Path) -> None:
    """An address once given stays, whatever event.toml says later."""
    folder = a_folder(tmp_path, event=EVENT + 'slug = "another"\n')

    assert taken(folder, tmp_path / "a", slug="first").slug == "first"
    assert taken(folder, tmp_path / "b").slug == "another"


def test_workspace_takes_a_changed_drop_in_again(tmp_path: Path) -> None:
    """A corrected event.toml is taken in under the address that the webinar has."""
    folder = a_folder(tmp_path, event=EVENT)
    first, drop = take_into_workspace(take_in, look(folder), tmp_path / "workspaces")
    (folder / "event.toml").unlink()
    (folder / "event.toml").write_text('title = "Another title"\n')

    again, changed = take_into_workspace(take_in, look(folder), tmp_path / "workspaces")

    assert first == again == Workspace(tmp_path / "workspaces" / "cyber-norms")
    assert drop.slug == changed.slug == "cyber-norms"
    assert drop.of_role("event") != changed.of_role("event")


@pytest.mark.parametrize(
    ("name", "head"),
    [("slides.odp", b""), ("slides.ppt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")],
)
def test_presentations_of_other_programs_are_decks(tmp_path: Path, name: str, head: bytes) -> None:
    """OpenDocument and PowerPoint before 2007 are taken in; what reads the slides opens them."""
    folder = a_folder(tmp_path)
    (folder / name).write_bytes(head)
    if name.endswith("odp"):
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.presentation")
            archive.writestr("content.xml", "<content/>")

    drop = taken(folder, tmp_path)

    assert [file.path for file in drop.of_role("deck")] == [f"drop/deck{Path(name).suffix}"]


def test_keynote_is_ignored_in_words(tmp_path: Path) -> None:
    """Staff read what to do with a presentation of Keynote."""
    folder = a_folder(tmp_path)
    (folder / "slides.key").write_bytes(b"PK\x03\x04")

    assert "export it as .pptx or PDF" in taken(folder, tmp_path).ignored[0].why
