"""Reports of runs: a table for the terminal, an HTML page, Markdown and JUnit XML."""

from chatbot.evaluation.report.contents import Report, check_run
from chatbot.evaluation.report.pages import html_report, junit_xml, markdown_report
from chatbot.evaluation.report.table import tables

__all__ = ["Report", "check_run", "html_report", "junit_xml", "markdown_report", "tables"]
