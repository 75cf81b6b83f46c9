"""Pictures of one bit per dot, as printers take them: the first dot is the highest bit, 1 is black."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MonoBitmap:
    """A picture; `rows` holds its lines one after the other, each in whole bytes."""

    width: int
    height: int
    rows: bytes

    def __post_init__(self) -> None:
        if len(self.rows) != self.stride * self.height:
            raise ValueError(
                f"{len(self.rows)} bytes cannot be a picture of {self.width} × {self.height} dots"
            )

    @property
    def stride(self) -> int:
        """Return how many bytes a line takes."""
        return (self.width + 7) // 8

    def row(self, number: int) -> int:
        """Return a line as a number whose highest bit is the first dot, `stride` bytes wide."""
        return int.from_bytes(self.rows[number * self.stride : (number + 1) * self.stride])


def compose(width: int, parts: list[tuple[int, MonoBitmap]]) -> MonoBitmap:
    """Put pictures side by side, each at its distance from the left; what stands out is cut off."""
    stride = (width + 7) // 8
    height = max((picture.height for _, picture in parts), default=0)
    keep = ((1 << width) - 1) << (stride * 8 - width)
    lines = [0] * height
    for left, picture in parts:
        shift = stride * 8 - left - picture.stride * 8
        for number in range(picture.height):
            row = picture.row(number)
            lines[number] |= (row << shift if shift >= 0 else row >> -shift) & keep
    return MonoBitmap(width, height, b"".join(line.to_bytes(stride) for line in lines))
