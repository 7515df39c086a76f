"""Verifies a message with dkimpy: JSON {"message": base64, "records": {name: text}} in, {"dkim": [bool], "arc": text} out."""
import base64
import json
import sys

import dkim

asked = json.load(sys.stdin)
message = base64.b64decode(asked["message"])


def look_up(name, timeout=5):
    return asked["records"].get(name.decode().rstrip("."), "").encode()


def is_good(index):
    try:
        return dkim.DKIM(message).verify(idx=index, dnsfunc=look_up)
    except dkim.DKIMException:
        return False


signatures = sum(1 for name, _ in dkim.rfc822_parse(message)[0] if name.lower() == b"dkim-signature")
chain, _, _ = dkim.arc_verify(message, dnsfunc=look_up)
json.dump({"dkim": [is_good(index) for index in range(signatures)], "arc": (chain or b"").decode()}, sys.stdout)
