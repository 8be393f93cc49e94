"""Reads Outlook messages (msg) as the e-mails that they are."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from chatbot.documents.blocks import Content
from chatbot.documents.cleaning import counted
from chatbot.documents.loaders.damage import damage_of
from chatbot.documents.loaders.mail import read_mail

if TYPE_CHECKING:
    from oxmsg import Message


def read_outlook(data: bytes, *, name: str) -> Content:
    """Return the content of an Outlook message."""
    from oxmsg import Message

    with damage_of(name, "read as an Outlook message"):
        message = Message.load(data)
        mail = _as_mail(message)
        files = sum(not one.file_bytes for one in message.attachments)
    content = read_mail(mail.as_bytes(), name=name)
    left_out = [f"{counted(files, 'attached message')} left out."] if files else []
    if not (message.body or message.html_body):
        left_out.append("Its text has a form that cannot be read. Save the message as .eml.")
    return replace(content, warnings=(*content.warnings, *left_out))


def _as_mail(message: Message) -> EmailMessage:
    mail = EmailMessage()
    sent = message.sent_date
    told = message.message_headers
    headers = {
        "From": message.sender,
        "To": told.get("To")
        or "; ".join(f"{r.name} <{r.email_address}>" for r in message.recipients),
        "Cc": told.get("Cc"),
        "Date": told.get("Date") or (format_datetime(sent) if sent else ""),
        "Subject": message.subject,
    }
    for header, value in headers.items():
        if value:
            mail[header] = " ".join(value.split())
    if not message.body and message.html_body:
        mail.set_content(message.html_body, subtype="html")
    else:
        mail.set_content(message.body or "")
    for number, file in enumerate(message.attachments, 1):
        if file.file_bytes:
            mail.add_attachment(
                file.file_bytes,
                maintype="application",
                subtype="octet-stream",
                filename=file.file_name or f"attachment {number}",
            )
    return mail
