"""The report of a version: one HTML page that needs nothing else."""

from domain.report.page import ReportData, render
from domain.report.work import Work

__all__ = ["ReportData", "Work", "render"]
