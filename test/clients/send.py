"""Composes and sends a seller's message with Python's own mail libraries.

argv: port, from, to, message id, name of the kind. The PDF and the picture come on standard input as base64 lines.
"""
import base64
import smtplib
import sys
from email.message import EmailMessage

port, sender, recipient, message_id, kind = sys.argv[1:6]
png, pdf = (base64.b64decode(line) for line in sys.stdin.read().split())

message = EmailMessage()
message["From"] = f"Nord Tools <{sender}>"
message["To"] = recipient
message["Message-ID"] = f"<{message_id}>"
message["X-Mailer"] = "python"
if kind == "plain":
    message["Subject"] = "Your parcel is late"
    message.set_content("Your parcel is late, we refund the shipping.\n")
elif kind == "html":
    message["Subject"] = "How to put it together"
    message.set_content("See the manual that is attached.\n")
    message.add_alternative(
        '<p>See the <b>manual</b> that is attached.</p><img src="cid:step1@nord.test" alt="Step 1">', subtype="html"
    )
    message.get_payload()[1].add_related(
        png, "image", "png", cid="<step1@nord.test>", filename="step1.png", disposition="inline"
    )
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename="manual.pdf")
elif kind == "utf8":
    message["Subject"] = "Größe und Farbe – 色"
    message.set_content("Die Größe passt. 色も大丈夫です。\n", cte="base64")
elif kind == "qp":
    message["Subject"] = "Größe"
    message.set_content("Die Größe passt: 100 % sicher, = sagt man.\n", cte="quoted-printable")

with smtplib.SMTP("127.0.0.1", int(port)) as smtp:
    smtp.send_message(message)
