"""Labels under other names: classes that a recipe renames, or makes one of several."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from domain.labels.boxes import BoxLabel
from domain.labels.rows import LabelRow, Vote


def merged(rows: Collection[LabelRow], names: Mapping[str, str]) -> Collection[LabelRow]:
    """The rows with the new name of each class that has one; votes and boxes too."""
    return _Merged(rows, names) if names else rows


class _Merged(Collection[LabelRow]):
    """Made anew each time they are gone through, as the rows below are."""

    def __init__(self, rows: Collection[LabelRow], names: Mapping[str, str]) -> None:
        self._rows, self._names = rows, names

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[LabelRow]:
        return map(self._row, self._rows)

    def __contains__(self, row: object) -> bool:
        return any(row == own for own in self)

    def _row(self, row: LabelRow) -> LabelRow:
        if row.labels and not self._names.keys().isdisjoint(row.labels):
            label = None if row.label is None else self._names.get(row.label, row.label)
            labels, boxes = self._all(row.labels), self._boxes(row.boxes)
            row = row.model_copy(update={"label": label, "labels": labels, "boxes": boxes})
        return row.model_copy(update={"votes": tuple(map(self._vote, row.votes))}) if row.votes else row

    def _vote(self, vote: Vote) -> Vote:
        label = None if vote.label is None else self._names.get(vote.label, vote.label)
        labels, boxes = self._all(vote.labels), self._boxes(vote.boxes)
        return vote.model_copy(update={"label": label, "labels": labels, "boxes": boxes})

    def _all(self, labels: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._names.get(label, label) for label in labels))

    def _boxes(self, boxes: tuple[BoxLabel, ...] | None) -> tuple[BoxLabel, ...] | None:
        if boxes is None:
            return None
        return tuple(box.model_copy(update={"label": self._names.get(box.label, box.label)}) for box in boxes)
