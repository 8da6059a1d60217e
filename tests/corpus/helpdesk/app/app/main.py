"""The help desk's service."""

from fastapi import FastAPI

from app import articles, chat, reports

app = FastAPI(title="Help desk")
app.include_router(chat.router)
app.include_router(articles.router)
app.include_router(reports.router)
