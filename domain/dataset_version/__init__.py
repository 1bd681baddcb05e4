"""A version of a data set: the parts of all hosts and the parent's rows become one manifest and one report."""

from domain.dataset_version.assembly import assemble
from domain.dataset_version.model import InconsistentVersion, ParentVersion, Part, VersionContext, VersionSummary

__all__ = ["InconsistentVersion", "ParentVersion", "Part", "VersionContext", "VersionSummary", "assemble"]
