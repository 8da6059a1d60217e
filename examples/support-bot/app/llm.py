"""The models behind the service. Routes use the functions here, never a vendor's SDK."""

import os

import openai
from anthropic import Anthropic

from app import settings
from app.audit import record_inference
from app.prompts import load_prompt


class Assistant:
    """Answers customers; falls back to a second vendor when the first one is down."""

    def __init__(self) -> None:
        self.client = openai.OpenAI(base_url=settings.GATEWAY, api_key=os.environ["OPENAI_API_KEY"], timeout=20)
        self.fallback = Anthropic(base_url=settings.GATEWAY, timeout=20)

    def answer(self, user: str, question: str) -> str:
        system = load_prompt("support")
        try:
            completion = self.client.chat.completions.create(
                model=settings.CHAT_MODEL,
                messages=[{"role": "system", "content": system}, {"role": "user", "content": question}],
                **settings.GENERATION,
            )
            reply = completion.choices[0].message.content
        except openai.APIError:
            message = self.fallback.messages.create(
                model=settings.FALLBACK_MODEL,
                max_tokens=600,
                system=system,
                messages=[{"role": "user", "content": question}],
            )
            reply = message.content[0].text
        record_inference(user, settings.CHAT_MODEL, question, reply)
        return reply


def classify(text: str) -> str:
    """The queue for a ticket, in one word. Callers keep the record."""
    completion = openai.OpenAI(base_url=settings.GATEWAY, timeout=10).chat.completions.create(
        model=settings.TRIAGE_MODEL,
        max_tokens=5,
        messages=[{"role": "system", "content": load_prompt("triage")}, {"role": "user", "content": text}],
    )
    return completion.choices[0].message.content.strip().lower()


assistant = Assistant()
