"""The older agent, which calls functions by the names that a model gives."""

import json
import logging
import os

from openai import OpenAI

import legacy_tools

logger = logging.getLogger("ops.dispatch")
client = OpenAI(base_url=os.environ["LLM_GATEWAY"], timeout=20)
SCHEMAS = json.load(open("tools.json"))
TABLE = {"uptime": legacy_tools.uptime, "disk": legacy_tools.disk}


def choose(question):
    completion = client.chat.completions.create(
        model="gpt-4.1-2025-04-14",
        max_tokens=200,
        messages=[{"role": "user", "content": question}],
        tools=SCHEMAS,
    )
    logger.info("choice %s", completion.choices[0].message)
    return completion.choices[0].message.tool_calls[0].function


def by_name(question):
    call = choose(question)
    return getattr(legacy_tools, call.name)(**json.loads(call.arguments))


def by_table(question):
    call = choose(question)
    return TABLE[call.name](**json.loads(call.arguments))
