"""Calls of the model."""

from anthropic import Anthropic
from django.conf import settings

from assistant.models import Exchange

client = Anthropic(api_key=settings.ANTHROPIC_API_KEY)


def ask(user, system, text, model=settings.TRIAGE_MODEL):
    message = client.messages.create(
        model=model,
        max_tokens=800,
        system=system,
        messages=[{"role": "user", "content": text}],
    )
    reply = message.content[0].text
    Exchange.objects.create(user=str(user), model=model, prompt=text, reply=reply)
    return reply


def ask_quickly(text):
    message = client.messages.create(
        model="claude-3-haiku-20240307",
        max_tokens=300,
        messages=[{"role": "user", "content": text}],
    )
    return message.content[0].text
