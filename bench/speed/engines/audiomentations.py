"""audiomentations with libsndfile: the same noise, one clip at a time."""

from __future__ import annotations

from pathlib import Path

import soundfile
from audiomentations import AddGaussianSNR


class Engine:
    """White noise at 5 to 20 dB."""

    def setup(self, files: list[Path], output: Path) -> None:
        self._output = output
        self._noise = AddGaussianSNR(min_snr_db=5.0, max_snr_db=20.0, p=1.0)

    def one(self, file: Path) -> None:
        samples, rate = soundfile.read(file, dtype="float32")
        noisy = self._noise(samples=samples, sample_rate=rate)
        soundfile.write(self._output / file.name, noisy, rate, subtype="PCM_16")
