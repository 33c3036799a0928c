"""Small recordings, made with ffmpeg, and drops that hold them."""

import shutil
import subprocess
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digest.model.drop import Drop, DroppedFile
from digest.store.files import file_sha256

DEMO = Path(__file__).parents[2] / "recordings" / "demo" / "recording.mp4"


def made(path: Path, *args: str) -> Path:
    """Return a recording that ffmpeg made with these options."""
    subprocess.run(["ffmpeg", "-v", "error", "-y", *args, str(path)], check=True, stdin=subprocess.DEVNULL)
    return path


def beeps(seconds: float = 4, *, first: float = 1.0, every: float = 2.0) -> tuple[str, ...]:
    """Return ffmpeg's input for a tone of half a second at `first` and `every` so many seconds after."""
    sounding = f"gte(t,{first})*lt(mod(t-{first},{every}),0.5)"
    return "-f", "lavfi", "-i", f"aevalsrc='0.4*sin(2*PI*440*t)*{sounding}':s=48000:d={seconds}"


def pictures(seconds: float = 4, *, size: str = "320x180") -> tuple[str, ...]:
    """Return ffmpeg's input for a picture that moves."""
    return "-f", "lavfi", "-i", f"testsrc=s={size}:r=10:d={seconds}"


def dropped(root: Path, *paths: Path) -> Drop:
    """Return a drop of these recordings, in order, with the files in place."""
    (root / "drop").mkdir(parents=True)
    files = []
    for number, path in enumerate(paths, start=1):
        to = root / "drop" / f"recording-{number}{path.suffix}"
        shutil.copy(path, to)
        files.append(
            DroppedFile(
                path=f"drop/{to.name}",
                sha256=file_sha256(to),
                size=to.stat().st_size,
                name=path.name,
                role="recording",
            )
        )
    return Drop(slug="webinar", folder="webinar", files=tuple(files))


def samples(sound: Path) -> NDArray[np.float64]:
    """Return a prepared sound between -1 and 1."""
    with wave.open(str(sound), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float64) / 32_768


def first_sound(sound: Path) -> float:
    """Return the second of the first hundredth that is not quiet."""
    heard = samples(sound)
    power = np.sqrt((heard[: len(heard) // 160 * 160].reshape(-1, 160) ** 2).mean(axis=1))
    return float(np.argmax(power > power.max() * 0.02)) / 100
