"""Reports of runs: a table for the terminal, an HTML page, Markdown and JUnit XML."""

from chatbot.evaluation.report.html import html_report
from chatbot.evaluation.report.junit import junit_xml
from chatbot.evaluation.report.markdown import markdown_report
from chatbot.evaluation.report.subject import Subject, subject_of
from chatbot.evaluation.report.table import tables

__all__ = ["Subject", "html_report", "junit_xml", "markdown_report", "subject_of", "tables"]
