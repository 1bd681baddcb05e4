"""Nothing but the codec: each clip is read and written again by libsndfile."""

from __future__ import annotations

from pathlib import Path

import soundfile


class Engine:
    """`one` does what no engine can leave out."""

    def setup(self, files: list[Path], output: Path) -> None:
        self._output = output

    def one(self, file: Path) -> None:
        samples, rate = soundfile.read(file, dtype="int16")
        soundfile.write(self._output / file.name, samples, rate, subtype="PCM_16")
