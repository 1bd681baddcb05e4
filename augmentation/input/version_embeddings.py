"""The embeddings that a version is to have: by which model, where they come from, and the file of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from augmentation.embedding.kept import EMBEDDINGS, keep_embeddings
from augmentation.embedding.model import EmbeddingModel, model_of
from augmentation.errors import UsageError
from augmentation.input.look import Embed
from domain.rows import EmbeddingFacts


@dataclass(frozen=True)
class VersionEmbeddings:
    """`wanted` by the recipe; `own` is an ONNX model of the user's, `given` what hosts have made already, a file or a
    folder of them, `parent` the file of the earlier version."""

    wanted: bool
    own: Path | None = None
    given: Path | None = None
    parent: Path | None = None

    @cached_property
    def _found(self) -> tuple[EmbeddingModel | None, str]:
        if not self.wanted:
            return None, ""
        try:
            return model_of(self.own), ""
        except UsageError as error:
            if self.own is not None:
                raise  # whoever names a model wants no version without it
            return None, str(error)

    @property
    def model(self) -> EmbeddingModel | None:
        """None where none are wanted, or where the packages are missing. Raises UsageError: the user's own is wrong."""
        return self._found[0]

    def embed(self, scratch: Path) -> Embed | None:
        """What a pass over the images is to do, which leaves its file in `scratch`."""
        if self.model is None or self.given is not None:
            return None
        # A killed run has left its file whole or not at all.
        return Embed(self.model, scratch / EMBEDDINGS, self.files(scratch))

    def keep(self, folder: Path, scratch: Path, unreadable: Collection[str] = ()) -> EmbeddingFacts | None:
        """Writes the file of the version into `folder`, of the pass, the hosts and the earlier version, less what is
        `unreadable` now; returns what dataset.json says of it, None where none are wanted."""
        model, missing = self._found
        if model is None:
            return {"missing": missing} if self.wanted else None
        count = keep_embeddings(folder / EMBEDDINGS, self.files(scratch), model.digest, unreadable)
        return {"file": EMBEDDINGS, "model": model.digest, "count": count}

    def files(self, scratch: Path | None) -> list[Path]:
        """Those that are there: of the pass, of the hosts, of the earlier version."""
        own = scratch / EMBEDDINGS if scratch else None
        return [file for file in (own, *self._of_hosts(), self.parent) if file is not None and file.is_file()]

    def _of_hosts(self) -> Iterable[Path]:
        if self.given is None:
            return ()
        return sorted(self.given.glob("*.npz")) if self.given.is_dir() else (self.given,)
