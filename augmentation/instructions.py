"""Which instructions of the processor the libraries use. They round differently, so they are a part of what decides
the bytes, like a library's version: of 2,126 outputs 699 were different, by up to 22 levels, without AVX2 and FMA.

OpenCV and numpy choose at run time the best that a machine has. Here they choose among what every x86-64 machine of the
last ten years has (AVX2 and FMA), so that a job on AWS makes the same bytes on any instance type of that kind.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path

_X86 = ("x86_64", "AMD64")
# In the spelling of each library and of each version of NumPy, which passes over the names that it does not have.
_BEYOND_AVX2 = {
    "OPENCV_CPU_DISABLE": "AVX512-SKX",
    "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR X86_V4",
}
_CPU_INFO = Path("/proc/cpuinfo")
# OpenCV's numbers of features: opencv2/core/cvdef.h.
_AVX2, _FMA3, _AVX512_SKX = 11, 12, 256


def leave_newer_unused() -> None:
    """Before OpenCV and numpy are imported; what a person has set stays."""
    if platform.machine() in _X86 and _may_have_avx512():
        for name, features in _BEYOND_AVX2.items():
            os.environ.setdefault(name, features)


def _may_have_avx512() -> bool:
    """Where it lacks them, OpenCV would complain about each name; a system that does not tell may have them."""
    try:
        return "avx512" in _CPU_INFO.read_text(encoding="ascii", errors="replace")
    except OSError:
        return True


def instructions() -> str:
    """What the libraries use in this process, as the level of the architecture: x86-64-v3, for example."""
    machine = platform.machine()
    if machine not in _X86:
        return machine
    import cv2

    has = cv2.checkHardwareSupport
    if has(_AVX512_SKX):
        return "x86-64-v4"
    return "x86-64-v3" if has(_AVX2) and has(_FMA3) else "x86-64"
