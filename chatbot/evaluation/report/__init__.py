"""Reports of runs: a table for the terminal, an HTML page, Markdown and JUnit XML."""

from chatbot.evaluation.report.contents import Report, check_run, tables
from chatbot.evaluation.report.pages import html_report, junit_xml, markdown_report

__all__ = ["Report", "check_run", "html_report", "junit_xml", "markdown_report", "tables"]
