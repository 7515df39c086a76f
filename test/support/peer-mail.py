"""A buyer's mail program on Python's own mail libraries: reads a message, answers it, and says what it saw and sent.

argv: port, from. Standard input: JSON with the message in base64 and the text of the answer.
"""
import base64
import email
import email.policy
import email.utils
import json
import smtplib
import sys
from email.message import EmailMessage

port, sender = sys.argv[1:3]
asked = json.load(sys.stdin)
got = email.message_from_bytes(base64.b64decode(asked["message"]), policy=email.policy.default)
own_id = str(got["Message-ID"]).strip()
references = str(got["References"] or "").split()

answer = EmailMessage()
answer["From"] = email.utils.formataddr(("Kim", sender))
answer["To"] = email.utils.parseaddr(str(got["From"]))[1]
answer["Subject"] = "Re: " + str(got["Subject"]).removeprefix("Re: ")
answer["Date"] = email.utils.localtime()
answer["Message-ID"] = email.utils.make_msgid(domain=sender.split("@")[1])
answer["In-Reply-To"] = own_id
answer["References"] = " ".join([*references, own_id])
quote = "\n".join("> " + line for line in got.get_content().splitlines())
answer.set_content(f"{asked['text']}\n\nOn 23 Nov 2026, the shop wrote:\n> To: {asked['quoted']}\n{quote}\n")

with smtplib.SMTP("127.0.0.1", int(port)) as smtp:
    smtp.send_message(answer)
json.dump(
    {
        "inReplyTo": str(got["In-Reply-To"] or ""),
        "references": references,
        "messageId": own_id,
        "sent": str(answer["Message-ID"]).strip(),
    },
    sys.stdout,
)
