"""Medians and spreads of the rounds; ratios are taken within a round."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from bench.speed.rounds import PEERS, Row


def summarize(rounds: Sequence[Mapping[str, Row]], reasons: Mapping[str, str]) -> dict[str, Any]:
    """What summary.json says of one size. A spread is the lowest and the highest of the rounds."""
    ours: dict[str, Any] = {"rss_mb": _peak(rounds, "ours"), "cpu_ms": _median(rounds, "ours", "cpu_ms")}
    ours |= _speed(rounds, "ours") | _ratio(rounds, "ours", "limit", "ratio_to_limit")
    two: dict[str, Any] = {"rss_mb": _peak(rounds, "ours_two")}
    two |= _speed(rounds, "ours_two") | _ratio(rounds, "ours_two", "ours", "over_one")
    limit = {**_speed(rounds, "limit"), "cpu_ms": _median(rounds, "limit", "cpu_ms")}
    peers = {name: _peer(rounds, name, reasons) for name in PEERS}
    return {"limit": limit, "ours": ours, "ours_2_processes": two, "peers": peers}


def summarize_sound(rounds: Sequence[Mapping[str, Row]], reasons: Mapping[str, str]) -> dict[str, Any]:
    """The same of clips of sound."""
    ours = _speed(rounds, "sound_ours") | _ratio(rounds, "sound_ours", "sound_limit", "ratio_to_limit")
    name = "audiomentations"
    if name in reasons:
        peer: dict[str, Any] = {"images_per_s": None, "ours_over_it": None, "left_out": reasons[name]}
    else:
        peer = _speed(rounds, name) | _ratio(rounds, "sound_ours", name, "ours_over_it")
    found = {"limit": _speed(rounds, "sound_limit"), "ours": {**ours, "rss_mb": _peak(rounds, "sound_ours")}}
    rows = {**found, "peers": {name: peer}}
    return _renamed(rows)


def _renamed(row: Mapping[str, Any]) -> dict[str, Any]:
    """Clips where the hosts have counted images."""
    return {
        key.replace("images", "clips"): _renamed(value) if isinstance(value, dict) else value
        for key, value in row.items()
    }


def _peer(rounds: Sequence[Mapping[str, Row]], name: str, reasons: Mapping[str, str]) -> dict[str, Any]:
    if name in reasons:
        return {"images_per_s": None, "ours_over_it": None, "left_out": reasons[name]}
    own = _speed(rounds, name) | _ratio(rounds, "ours", name, "ours_over_it")
    return {**own, "rss_mb": _peak(rounds, name)}


def _speed(rounds: Sequence[Mapping[str, Row]], name: str) -> dict[str, Any]:
    return _spread([row[name]["images_per_s"] for row in rounds], "images_per_s")


def _ratio(rounds: Sequence[Mapping[str, Row]], name: str, other: str, key: str) -> dict[str, Any]:
    return _spread([row[name]["images_per_s"] / row[other]["images_per_s"] for row in rounds], key)


def _spread(values: list[float], key: str) -> dict[str, Any]:
    ends = [round(min(values), 3), round(max(values), 3)]
    return {key: round(statistics.median(values), 3), f"{key}_spread": ends}


def _median(rounds: Sequence[Mapping[str, Row]], name: str, key: str) -> float:
    return round(statistics.median(row[name][key] for row in rounds), 3)


def _peak(rounds: Sequence[Mapping[str, Row]], name: str) -> float:
    return round(max(row[name]["rss_mb"] for row in rounds), 1)
