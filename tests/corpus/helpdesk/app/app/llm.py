"""Everything that talks to a model."""

import logging
from pathlib import Path

from openai import AsyncOpenAI, OpenAI

from app.settings import settings

logger = logging.getLogger("helpdesk.llm")
PROMPTS = Path(__file__).parent.parent / "prompts"

gateway = AsyncOpenAI(base_url=settings.gateway_url, timeout=30)
direct = OpenAI()


def read_prompt(name: str) -> str:
    return (PROMPTS / f"{name}.txt").read_text()


async def complete(messages: list[dict], user_id: str) -> str:
    response = await gateway.chat.completions.create(
        model="gpt-4o-mini-2024-07-18",
        messages=messages,
        max_tokens=settings.max_tokens,
        user=user_id,
    )
    reply = response.choices[0].message.content
    logger.info("completion", extra={"user": user_id, "model": response.model, "usage": response.usage, "reply": reply})
    return reply


def tag(text: str) -> str:
    response = direct.chat.completions.create(
        model=settings.chat_model,
        messages=[
            {"role": "system", "content": "Give the message of a customer exactly one tag of: invoice, delivery, account, other."},
            {"role": "user", "content": text},
        ],
    )
    return response.choices[0].message.content


def embed(texts: list[str]) -> list[list[float]]:
    result = direct.embeddings.create(model=settings.embedding_model, input=texts)
    return [row.embedding for row in result.data]
