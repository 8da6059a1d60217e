"""The shop's database."""

import sqlite3

from app.settings import DATABASE_PATH


def connect() -> sqlite3.Connection:
    connection = sqlite3.connect(DATABASE_PATH)
    connection.row_factory = sqlite3.Row
    return connection


def run_query(statement: str) -> list:
    with connect() as connection:
        return connection.execute(statement).fetchall()


def orders_of(customer: str) -> list:
    with connect() as connection:
        return connection.execute("select id, state from orders where customer = ?", (customer,)).fetchall()


def move_ticket(ticket_id: int, queue: str) -> None:
    with connect() as connection:
        connection.execute("update tickets set queue = ? where id = ?", (queue, ticket_id))


def user_of_session(session: str):
    with connect() as connection:
        return connection.execute("select name, role from sessions where id = ?", (session,)).fetchone()
