"""The report of a version: one HTML page that needs nothing else."""

from domain.report.page import ReportData, render
from domain.report.usage import Usage

__all__ = ["ReportData", "Usage", "render"]
