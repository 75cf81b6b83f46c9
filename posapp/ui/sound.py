"""Plays the shop's sounds through the platform's own player, without ever holding up the screens."""

from __future__ import annotations

import array
import logging
import shutil
import sys
import wave
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QTimer

from posapp import resources

log = logging.getLogger(__name__)

LOUDEST = 130  # what rings unheard goes over the hundred that a person can set
_STEP = 10
_CURVE = 1.66  # half the volume sounds half as loud: ten decibels less
_LONGEST_MS = 5000
_LINUX_PLAYERS = (("paplay",), ("pw-play",), ("aplay", "-q"))


class Sound(StrEnum):
    """The sounds there are; each is a file in resources/sounds."""

    NEW = "new"
    LATE = "late"
    ERROR = "error"
    BUMP = "bump"
    CHIME = "chime"


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether sounds can be played here, and if not, why not in a sentence."""

    ok: bool
    reason: str = ""


class SoundPlayer(QObject):
    """Plays sounds at a volume of 0 to LOUDEST, each time anew: a player that failed once may work again.

    Players of the platforms know no volume, so each step of ten per cent is written once into `cache` as a
    scaled copy. Playing starts a process (or, on Windows, the system's own background player) and returns.
    """

    def __init__(self, cache: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._command = find_player()
        self._failure = ""
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.stop)

    def available(self) -> Availability:
        """Tell whether sounds can be heard here, as far as the program can know."""
        if self._failure:
            return Availability(ok=False, reason=self._failure)
        if sys.platform == "win32" or self._command:
            return Availability(ok=True)
        return Availability(
            ok=False,
            reason=self.tr("This computer has no sound player: install paplay, pw-play or aplay."),
        )

    def play(self, sound: Sound, volume: int = 70) -> bool:
        """Start a sound and return at once; False when nothing can be heard."""
        step = min(LOUDEST, max(0, round(volume / _STEP) * _STEP))
        if step == 0:
            return False
        if sys.platform != "win32" and not self._command:
            self._command = find_player()
            if not self._command:
                return False
        try:
            file = scaled_file(sound, step, self._cache)
        except OSError as error:
            self._fail(str(error))
            return False
        if sys.platform == "win32":
            return self._play_windows(file)
        process = QProcess(self)
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._broke)
        process.start(self._command[0], [*self._command[1:], str(file)])
        QTimer.singleShot(_LONGEST_MS, process, process.kill)  # no queue of players that hang
        return True

    def stop(self) -> None:
        """End what is still playing; runs by itself when the application quits."""
        for process in self.findChildren(QProcess):
            process.kill()
            process.waitForFinished(500)

    def _play_windows(self, file: Path) -> bool:
        if sys.platform == "win32":
            import winsound

            flags = winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
            try:
                winsound.PlaySound(str(file), flags)
            except RuntimeError as error:
                self._fail(str(error))
                return False
        return True

    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        process = self.sender()
        if status is QProcess.ExitStatus.CrashExit:
            self._fail(self.tr("The sound player does not end: the sound system may hang."))
        elif code != 0:
            self._fail(self.tr("The sound player ended with error %1.").replace("%1", str(code)))
        else:
            self._failure = ""
        if process is not None:
            process.deleteLater()

    def _broke(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._fail(self.tr("The sound player does not start."))

    def _fail(self, reason: str) -> None:
        if reason != self._failure:
            log.info("no sound: %s", reason)
        self._failure = reason

    def retry(self) -> None:
        """Forget an earlier failure, before a person tests the sound again."""
        self._failure = ""
        self._command = find_player()


def find_player() -> tuple[str, ...]:
    """Return the command that plays a WAV file here, without the file; empty where there is none."""
    if sys.platform == "darwin":
        found = shutil.which("afplay")
        return (found,) if found else ()
    for name, *options in _LINUX_PLAYERS:
        found = shutil.which(name)
        if found:
            return (found, *options)
    return ()


def scaled_file(sound: Sound, volume: int, cache: Path) -> Path:
    """Return a WAV file of the sound at `volume` of LOUDEST, written into `cache` on first use."""
    source = resources.path(f"sounds/{sound}.wav")
    if volume >= LOUDEST:
        return source
    target = cache / f"{sound}-{volume}of{LOUDEST}-{source.stat().st_size}.wav"
    if target.exists():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    with wave.open(str(source), "rb") as reader:
        params, frames = reader.getparams(), reader.readframes(reader.getnframes())
    samples = array.array("h", frames)
    if sys.byteorder == "big":
        samples.byteswap()
    gain = (volume / LOUDEST) ** _CURVE
    scaled = array.array("h", (round(sample * gain) for sample in samples))
    if sys.byteorder == "big":
        scaled.byteswap()
    part = target.with_suffix(".part")
    with wave.open(str(part), "wb") as writer:
        writer.setparams(params)
        writer.writeframes(scaled.tobytes())
    part.replace(target)
    return target
