"""Reports of runs: a table for the terminal, an HTML page, Markdown and JUnit XML."""

from chatbot.evaluation.report.contents import Report, check_run, make_report
from chatbot.evaluation.report.html_page import html_report
from chatbot.evaluation.report.junit import junit_xml
from chatbot.evaluation.report.markdown_text import markdown_report
from chatbot.evaluation.report.table import tables

__all__ = [
    "Report",
    "check_run",
    "html_report",
    "junit_xml",
    "make_report",
    "markdown_report",
    "tables",
]
