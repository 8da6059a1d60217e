"""The handbook of the shop: pages that the assistant answers from."""

import chromadb

from app import settings
from app.audit import record_inference
from app.llm import assistant
from app.prompts import load_prompt

pages = chromadb.PersistentClient(path="handbook").get_or_create_collection("pages")
proposals: dict = {}


def add_page(name: str, text: str) -> None:
    pages.add(ids=[name], documents=[text])


def propose_page(name: str, text: str) -> None:
    proposals[name] = text


def publish(name: str) -> None:
    add_page(name, proposals.pop(name))


def answer_from_handbook(user: str, question: str) -> str:
    found = "\n".join(pages.query(query_texts=[question], n_results=3)["documents"][0])
    # Instructions, pages and question in one string: a page can say what the assistant does.
    prompt = load_prompt("handbook") + "\n\n" + found + "\n\n" + question
    completion = assistant.client.chat.completions.create(
        model=settings.HANDBOOK_MODEL,
        messages=[{"role": "user", "content": prompt}],
        **settings.GENERATION,
    )
    reply = completion.choices[0].message.content
    record_inference(user, settings.HANDBOOK_MODEL, question, reply)
    return reply
