"""What callers may do, and how often."""

import hmac
import os
import time

SEEN: dict[str, list[float]] = {}


class TooManyRequests(Exception):
    """A caller asks too often."""


def verify_token(token) -> bool:
    return hmac.compare_digest(token or "", os.environ["BOT_TOKEN"])


def throttle(user: str) -> None:
    now = time.time()
    SEEN[user] = [at for at in SEEN.get(user, []) if now - at < 60] + [now]
    if len(SEEN[user]) > 20:
        raise TooManyRequests(user)


def screen(text: str) -> str:
    if len(text) > 2000:
        raise ValueError("too long")
    return text
