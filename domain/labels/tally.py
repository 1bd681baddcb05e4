"""How many objects ended in which status and class, counted while their rows pass by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from domain.labels.rows import LABELED, REJECTED, UNLABELED, LabelCounts, LabelRow


class Tally:
    """Of the rows that `each` has handed on."""

    def __init__(self) -> None:
        self.answered = 0
        """Those of which somebody said something."""
        self._by_status: Counter[str] = Counter()
        self._by_class: Counter[str] = Counter()

    def each(self, rows: Iterable[LabelRow]) -> Iterator[LabelRow]:
        for row in rows:
            self._by_status[row.status] += 1
            self._by_class.update(row.labels)
            self.answered += row.status == LABELED or bool(row.votes)
            yield row

    @property
    def counts(self) -> LabelCounts:
        return LabelCounts(
            objects=sum(self._by_status.values()),
            labeled=self._by_status[LABELED],
            unlabeled=self._by_status[UNLABELED],
            rejected=self._by_status[REJECTED],
        )

    @property
    def classes(self) -> dict[str, int]:
        """Objects a class, by class name; a multi-label object counts in each of its classes."""
        return dict(sorted(self._by_class.items()))
