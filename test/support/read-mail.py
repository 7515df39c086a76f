"""Reads one message on standard input with Python's email package and prints what a reader would see, as JSON.

A second parser by other people: what it calls a defect, some reader somewhere stumbles over.
"""
import base64
import email
import email.policy
import hashlib
import json
import sys

message = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)


def defects(part):
    found = [type(defect).__name__ for defect in part.defects]
    for value in part.values():
        found += [type(defect).__name__ for defect in getattr(value, "defects", [])]
    if part.is_multipart():
        for child in part.iter_parts():
            found += defects(child)
    return found


texts = {"plain": [], "html": []}
files = []
for part in message.walk():
    if part.is_multipart():
        continue
    kind = part.get_content_type()
    if part.get_content_disposition() is None and kind in ("text/plain", "text/html"):
        texts[kind.split("/")[1]].append(part.get_content().replace("\r\n", "\n"))
    else:
        content = part.get_payload(decode=True) or b""
        files.append(
            {
                "type": kind,
                "name": part.get_filename(),
                "disposition": part.get_content_disposition(),
                "contentId": part.get("Content-ID"),
                "sha256": hashlib.sha256(content).hexdigest(),
                "content": base64.b64encode(content).decode(),
            }
        )

json.dump(
    {
        "headers": [[name, str(value)] for name, value in message.items()],
        "text": "\n\n".join(texts["plain"]),
        "html": "\n\n".join(texts["html"]),
        "files": files,
        "defects": defects(message),
    },
    sys.stdout,
)
