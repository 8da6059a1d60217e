"""The key that tokens are checked with."""

import os
from functools import lru_cache
from pathlib import Path


@lru_cache
def public_key() -> str:
    return Path(os.environ["JWT_PUBLIC_KEY_FILE"]).read_text()
