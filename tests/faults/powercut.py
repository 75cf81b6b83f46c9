"""What a power cut leaves of files: what was flushed, and any part of what was not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.faults.disk import Step, What

SECTORS = (512, 4096)


@dataclass(slots=True)
class _File:
    """A file on the platter, and what the operating system still holds back of it."""

    safe: bytearray
    waiting: list[Step] = field(default_factory=list)

    def sync(self) -> None:
        for step in self.waiting:
            _apply(self.safe, step)
        self.waiting.clear()


def _apply(content: bytearray, step: Step, keep: Sequence[tuple[int, int]] | None = None) -> None:
    """Do a write or a truncation; `keep`: only these parts of the data arrive."""
    if step.what is What.CUT:
        del content[step.offset :]
        return
    for start, end in keep if keep is not None else ((0, len(step.data)),):
        place = step.offset + start
        if len(content) < place:
            content.extend(bytes(place - len(content)))
        content[place : step.offset + end] = step.data[start:end]


def _sectors(step: Step, size: int) -> Iterator[tuple[int, int]]:
    """Split the data of a write at the borders of sectors."""
    start = 0
    while start < len(step.data):
        end = min(len(step.data), start + size - (step.offset + start) % size)
        yield start, end
        start = end


def _move(names: dict[str, _File], step: Step, found: _File) -> None:
    if step.what is not What.MADE:
        names.pop(step.name, None)
    if step.what is not What.GONE:
        names[step.other or step.name] = found


class Platter:
    """The files below a folder as a disk has them, driven by the recorded steps."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, _File] = {}  # the folder as it is for sure
        self._now: dict[str, _File] = {}  # and as programs see it
        self._moves: list[tuple[Step, _File]] = []  # made, renamed, gone: the folder may still forget it
        for path in folder.rglob("*"):
            if path.is_file() and not path.name.endswith("-shm"):
                found = _File(bytearray(path.read_bytes()))
                self._names[str(path)] = self._now[str(path)] = found

    def do(self, step: Step) -> None:
        """Take in one step; what happens elsewhere is none of our business."""
        if not step.name.startswith(str(self._folder)):
            return
        match step.what:
            case What.WRITTEN | What.CUT:
                self._file(step.name).waiting.append(step)
            case What.SYNCED:
                self._file(step.name).sync()
                if step.name.endswith(("-wal", "-journal")):
                    self._settle()  # SQLite flushes the folder with the first flush of a new journal
            case What.FOLDER_SYNCED:
                self._settle()
            case What.MADE:
                self._note(step, _File(bytearray()))
            case _:
                if step.name in self._now:
                    self._note(step, self._now[step.name])

    def _file(self, name: str) -> _File:
        if name not in self._now:  # made by the program itself, not by the driver
            self.do(Step(What.MADE, name))
        return self._now[name]

    def _note(self, step: Step, found: _File) -> None:
        self._moves.append((step, found))
        _move(self._now, step, found)

    def _settle(self) -> None:
        self._names = dict(self._now)
        self._moves.clear()

    def image(self, chance: Random) -> Mapping[str, bytes]:
        """Return one of the states that a power cut may leave at this moment, by path within the folder."""
        names = dict(self._names)
        for step, found in self._moves[: chance.randint(0, len(self._moves))]:
            _move(names, step, found)
        kept = chance.choice((0.0, 0.2, 0.5, 0.8, 1.0))
        torn = chance.choice((0.0, 0.3, 1.0))
        size = chance.choice(SECTORS)
        return {
            str(Path(name).relative_to(self._folder)): self._content(found, chance, kept, torn, size)
            for name, found in names.items()
        }

    @staticmethod
    def _content(found: _File, chance: Random, kept: float, torn: float, size: int) -> bytes:
        if not found.waiting:
            return bytes(found.safe)
        content = bytearray(found.safe)
        for step in found.waiting:
            if step.what is What.WRITTEN and chance.random() < torn:
                parts = [part for part in _sectors(step, size) if chance.random() < kept]
                _apply(content, step, parts)
            elif chance.random() < kept:
                _apply(content, step)
        return bytes(content)


def put_down(image: Mapping[str, bytes], folder: Path) -> None:
    """Write an image into an empty folder."""
    for name, content in image.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
