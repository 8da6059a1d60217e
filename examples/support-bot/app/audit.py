"""One record for each inference."""

import hashlib
import json
import logging

logger = logging.getLogger("northwind.audit")


def record_inference(user: str, model: str, prompt: str, reply: str) -> None:
    logger.info(
        json.dumps(
            {
                "user": user,
                "model": model,
                "prompt_sha256": hashlib.sha256(prompt.encode()).hexdigest(),
                "reply": reply,
            }
        )
    )
