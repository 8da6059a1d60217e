"""Numbers for the team, asked for in words."""

import sqlite3

from fastapi import APIRouter

from app.auth import CurrentUser
from app.llm import complete, read_prompt

router = APIRouter(prefix="/reports")
TABLES = ("tickets", "agents", "ratings")


async def statement(question: str, user_id: str) -> str:
    messages = [{"role": "system", "content": read_prompt("sql")}, {"role": "user", "content": question}]
    return await complete(messages, user_id)


@router.get("/sql")
async def by_sql(question: str, user: CurrentUser):
    sql = await statement(question, user.id)
    with sqlite3.connect("helpdesk.db") as db:
        return db.execute(sql).fetchall()


@router.get("/table")
async def by_table(question: str, user: CurrentUser):
    table = await statement(question, user.id)
    if table not in TABLES:
        return {"error": "no such table"}
    with sqlite3.connect("helpdesk.db") as db:
        return db.execute("select count(*) from " + table).fetchone()
