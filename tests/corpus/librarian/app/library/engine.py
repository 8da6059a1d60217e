"""The engine of the database, made when it is first asked for."""
from sqlalchemy import create_engine

_engine = None


def get_engine():
    global _engine
    if _engine is None:
        _engine = create_engine("postgresql://catalogue/books")
    return _engine
