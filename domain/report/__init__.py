"""The report of a version: one HTML page that needs nothing else."""

from domain.report.page import ReportData, render

__all__ = ["ReportData", "render"]
