"""Rounds of labeling: who is asked what next, what is suggested, and what the machine labels by itself.

A caller keeps people's answers and a `State`; what `next_round` gives depends on these, the seed and the settings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidInput
from learning.audit import Audit
from learning.features import Floats
from learning.probe import Probe, numbered, out_of_fold
from learning.state import AssistSettings, MachineLabel, Objects, Question, Round, State
from learning.trust import Accepted, Trust

Answers = Mapping[str, str | None]
Rows = NDArray[np.intp]


class _Choice(NamedTuple):
    """Rows of the objects: the least sure, those drawn at random, and what the machine would label (drawn or not)."""

    hard: Rows
    random: Rows
    machine: Rows


class _Guesses(NamedTuple):
    """Of each row: its surest label and how sure; of all that are accepted: threshold and estimated accuracy."""

    labels: Mapping[int, str]
    confidences: Mapping[int, float]
    accepted: Accepted


def next_round(
    objects: Objects,
    answers: Answers,
    classes: int,
    seed: int,
    state: State | None = None,
    settings: AssistSettings | None = None,
) -> Round:
    """After the answers to the round that `state` is of; without one, the first round.

    `answers`: people's labels, those of earlier runs too; None of an object for which they could give none, which the
    machine leaves alone. An object that was asked and has no answer is open still. `classes`: how many labels there are
    to choose from.

    Raises:
        InvalidInput: an answer is of no object.
    """
    return _Rounds(objects, answers, seed, state or State(), settings or AssistSettings()).next(classes)


class _Rounds:
    def __init__(self, objects: Objects, answers: Answers, seed: int, state: State, settings: AssistSettings) -> None:
        unknown = sorted(answers.keys() - set(objects.sources))
        if unknown:
            raise InvalidInput(f"{unknown[0]}: has an answer but no embedding; leave out answers of other objects")
        self._objects, self._seed, self._settings, self._state = objects, seed, settings, state
        self._rng = np.random.default_rng([seed, state.round])
        given = [answers.get(source) for source in objects.sources]
        self._open = np.array([i for i, one in enumerate(objects.sources) if one not in answers], np.intp)
        self._known = np.array([i for i, one in enumerate(given) if one is not None], np.intp)
        self._names, self._classes = numbered([one for one in given if one is not None])
        self._audit = _audit(state, answers, settings.target)
        if self._audit.missed:
            self._withdrawn, self._audits = state.withdrawn + state.machine, dict[str, str]()
        else:
            self._withdrawn, self._audits = state.withdrawn, dict(state.audits)

    def next(self, classes: int) -> Round:
        first = min(self._settings.first_per_class * classes, self._settings.first_most)
        nothing = np.zeros(0, np.intp)
        if len(self._known) < first:
            return self._round(_Choice(nothing, self._drawn(self._open, first - len(self._known)), nothing), None)
        if len(self._names) < 2:
            return self._round(_Choice(nothing, self._drawn(self._open, self._batch_size()), nothing), None)
        return self._fitted()

    def _fitted(self) -> Round:
        features, count = self._objects.features, len(self._names)
        judged = out_of_fold(features[self._known], self._classes, count, self._rng)
        found = Probe(features[self._known], self._classes, count).probabilities(features[self._open])
        trust = Trust(judged, judged.argmax(axis=1) == self._classes, found)
        sure, best = found.max(axis=1), found.argmax(axis=1)
        accepted = self._accepted(trust, found)
        rest = np.delete(np.arange(len(self._open)), accepted.rows)
        rest = rest[np.argsort(sure[rest], kind="stable")]
        guesses = _Guesses(
            {int(i): self._names[one] for i, one in zip(self._open, best, strict=True)},
            {int(i): float(one) for i, one in zip(self._open, sure, strict=True)},
            accepted,
        )
        return self._round(self._batch(self._open[rest], self._open[accepted.rows]), guesses)

    def _accepted(self, trust: Trust, found: Floats) -> Accepted:
        """Rows of the open objects; never of those that were withdrawn."""
        withdrawn = set(self._withdrawn)
        free = np.array([self._objects.sources[i] not in withdrawn for i in self._open], bool)
        if len(self._known) < self._settings.minimum:
            free[:] = False
        accepted = trust.accept(found[free], self._settings.target, self._settings.confidence)
        return accepted._replace(rows=np.flatnonzero(free)[accepted.rows])

    def _batch(self, rest: Rows, machine: Rows) -> _Choice:
        """`rest`: what the machine would not label, the least sure first."""
        # Near the end each round asks half: what its answers teach may spare the other half.
        size = min(self._batch_size(), max(self._settings.batch_least, ceil(len(rest) / 2)))
        audits = min(ceil(self._settings.audit * size), len(machine))
        if len(rest) == 0:
            audits = max(0, self._settings.audit_least - self._audit.checked)
        asked = min(size - audits, len(rest)) if self._state.round < self._settings.rounds else len(rest)
        hard = min(int(self._settings.least_sure * size), asked)
        random = np.concatenate([self._drawn(rest[hard:], asked - hard), self._drawn(machine, audits)])
        return _Choice(rest[:hard], random, machine)

    def _batch_size(self) -> int:
        return max(self._settings.batch_least, round(self._settings.batch_share * len(self._objects.sources)))

    def _drawn(self, rows: Rows, count: int) -> Rows:
        return np.sort(self._rng.choice(rows, min(count, len(rows)), replace=False))

    def _round(self, choice: _Choice, guesses: _Guesses | None) -> Round:
        asked = [*(self._question(i, guesses, random=False) for i in choice.hard)]
        asked += [self._question(i, guesses, random=True) for i in choice.random]
        drawn = {one.source for one in asked}
        machine = [self._machine_label(i, guesses) for i in choice.machine] if guesses else []
        audits = {one.source: one.label for one in machine if one.source in drawn}
        kept = tuple(one for one in machine if one.source not in drawn)
        state = State(
            round=self._state.round + 1,
            asked=self._state.asked + tuple(one.source for one in asked),
            random=self._state.random + tuple(one.source for one in asked if one.random),
            audits=self._audits | audits,
            machine=tuple(one.source for one in kept),
            withdrawn=self._withdrawn,
        )
        return Round(tuple(asked), kept, self._audit, state)

    def _question(self, row: int, guesses: _Guesses | None, *, random: bool) -> Question:
        source = self._objects.sources[row]
        shown = guesses is not None and not _is_blind(self._seed, source, self._settings.blind)
        return Question(source, guesses.labels[int(row)] if guesses and shown else None, random)

    def _machine_label(self, row: int, guesses: _Guesses) -> MachineLabel:
        return MachineLabel(
            source=self._objects.sources[row],
            label=guesses.labels[int(row)],
            confidence=guesses.confidences[int(row)],
            model=self._objects.model,
            threshold=guesses.accepted.threshold,
            accuracy=guesses.accepted.accuracy,
        )


def _audit(state: State, answers: Answers, target: float) -> Audit:
    pairs = [(label, answers.get(source)) for source, label in state.audits.items()]
    checked = [label == answer for label, answer in pairs if answer is not None]
    return Audit(len(checked), checked.count(False), target)


def _is_blind(seed: int, source: str, share: float) -> bool:
    """Depends on the seed and the object only: what is asked again is blind again."""
    drawn = hashlib.sha256(f"{seed} blind {source}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") < share * 2**64
