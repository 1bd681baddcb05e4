"""What an output is called, and what makes it the same output as one of an earlier version."""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata
from functools import lru_cache

STEM_LIMIT = 64
FOLDER_BYTES = 200  # a file system allows 255 bytes a name; S3 1,024 bytes a key
NAME_DIGITS = 8
DATA, MIXED = "data", "mixed"
"""The folders of a version: of outputs with one label each, and of those that are mixed of two images."""


def derive_seed(run_seed: int, *parts: str | int) -> int:
    """64 bits from the run's seed and what is drawn for (source, branch, variant): never from a worker or an order."""
    text = "\0".join(str(part) for part in (run_seed, *parts))
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def output_identity(source: str, content: str, label: str, chain: str, variant: int, seed: int | None) -> str:
    """64 hex digits, equal for two runs that make the same pixels of the same file with the same label.

    `content` is the file's sha256, `chain` the digest of the steps before the export, `seed` None if nothing is drawn.
    """
    parts = (source, content, label, chain, str(variant), "" if seed is None else str(seed))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@lru_cache(maxsize=16)  # one source has many outputs
def safe_stem(source: str) -> str:
    """The file name without extension in letters, digits, dot, dash and underscore of ASCII, at most 64 long."""
    stem = posixpath.splitext(posixpath.basename(source))[0]
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", plain).strip("._-") or "image"
    if len(safe) <= STEM_LIMIT:
        return safe
    digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:NAME_DIGITS]
    return f"{safe[: STEM_LIMIT - NAME_DIGITS - 1]}-{digest}"


def output_name(source: str, export: str, variant: int, identity: str, extension: str) -> str:
    """`face_11_Zoe~varied~3~9f86d081.jpg`: two sources of one name differ in the identity."""
    return f"{safe_stem(source)}~{export}~{variant}~{identity[:NAME_DIGITS]}.{extension}"


@lru_cache(maxsize=4096)
def class_folder(label: str) -> str:
    """The label as a folder name, itself wherever a file system takes it; what one of Linux, macOS and Windows does not
    take is percent-encoded, and so is the percent sign."""
    kept = "".join(_encoded(character) if _is_unsafe(character) else character for character in label)
    if kept != kept.strip(" .") or not kept:
        kept = "".join(_encoded(character) if character in " ." else character for character in kept)
    if len(kept.encode()) > FOLDER_BYTES:
        digest = hashlib.sha256(label.encode()).hexdigest()[:NAME_DIGITS]
        kept = f"{kept.encode()[: FOLDER_BYTES - NAME_DIGITS - 1].decode(errors='ignore')}-{digest}"
    return kept or "%"


def _is_unsafe(character: str) -> bool:
    """Windows' forbidden characters, controls, ends of lines, and halves of characters."""
    return character in '%<>:"/\\|?*' or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def _encoded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
