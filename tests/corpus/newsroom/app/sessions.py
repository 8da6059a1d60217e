"""Who is signed in."""

import sqlite3
from dataclasses import dataclass


@dataclass
class User:
    name: str
    is_admin: bool


def user_of(session):
    with sqlite3.connect("sessions.db") as db:
        row = db.execute("select name, admin from sessions where id = ?", (session,)).fetchone()
    return User(row[0], bool(row[1])) if row else None
