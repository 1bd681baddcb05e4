"""Where a version falls short of what its recipe asks for, in sentences: too little is nothing to be silent about."""

from __future__ import annotations

from collections.abc import Mapping

from domain.rows import Wanted

NAMED = 5


def shortfalls(
    wanted: Wanted,
    sources: Mapping[str, int],
    classes: Mapping[str, int],
    training: Mapping[str, int],
    noun: str = "image",
) -> list[str]:
    """A sentence for each kind. `sources` are counted by split, `classes` are sources and `training` files by class."""
    found = []
    empty = [split for split in wanted["splits"] if not sources.get(split)]
    if empty and sum(sources.values()):
        alike = ", or too many of them are near-duplicates, which must share a split" if noun == "image" else ""
        found.append(f"nothing is in {' and '.join(empty)}: there are too few {noun}s{alike}")
    single = [label for label, count in classes.items() if count == 1]
    if single and len(wanted["splits"]) > 1:
        found.append(
            f"a single {noun} is in {'the class' if len(single) == 1 else 'each of the classes'} {_few(single)}"
        )
    short = {label: goal for label, goal in wanted["training_outputs"].items() if training.get(label, 0) < goal}
    if short:
        told = [f"{label} {training.get(label, 0):,} of {goal:,}" for label, goal in short.items()]
        found.append(
            f"`balance` asks for more training files than were made ({_few(told)}): `max_variants` stopped it, "
            "or files are in quarantine"
        )
    return found


def _few(names: list[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
