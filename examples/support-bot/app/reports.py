"""Questions about the shop's figures, answered by a model that writes SQL."""

from mistralai import Mistral

from app.database import run_query
from app.settings import REPORT_MODEL

# Straight to the vendor, past the gateway.
mistral = Mistral(timeout_ms=30000)


def sql_for(question: str) -> str:
    completion = mistral.chat.complete(
        model=REPORT_MODEL,
        messages=[
            {
                "role": "system",
                "content": "You write one SQLite statement over the tables orders(id, customer, state, total) and "
                "tickets(id, queue, text). Answer with the statement alone.",
            },
            {"role": "user", "content": question},
        ],
    )
    return completion.choices[0].message.content


def figures(question: str) -> list:
    statement = sql_for(question)
    return run_query(statement)
