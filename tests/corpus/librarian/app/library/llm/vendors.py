import logging

import requests
from openai import OpenAI

from library.llm.base import Model

logger = logging.getLogger(__name__)


def with_patience(function, options):
    for wait in (1, 5, 20):
        try:
            return function(**options)
        except TimeoutError:
            logger.info("waiting %s seconds", wait)
    raise TimeoutError


class Hosted(Model):
    def __init__(self, key):
        self.client = OpenAI(api_key=key)

    def _answer(self, messages):
        options = {"model": "gpt-4o-2024-08-06", "messages": messages, "max_tokens": 400}
        reply = with_patience(self.client.chat.completions.create, options)
        logger.info("asked %s, answered %s", messages, reply)
        return reply.choices[0].message.content


class Cellar(Model):
    """The library's own machine in the cellar."""

    def __init__(self, address):
        self.address = address

    def _answer(self, messages):
        payload = {"messages": [{"role": "system", "content": "x"}, *messages], "temperature": 0}
        reply = requests.post(self.address, json=payload, timeout=60).json()
        return reply["choices"][0]["message"]["content"]


MODELS = {"hosted": Hosted, "cellar": Cellar}


def model_for(name, setting):
    return MODELS[name](setting)
