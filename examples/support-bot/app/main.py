"""Northwind Support: a service that answers customers with the help of models."""

from fastapi import FastAPI
from slowapi import _rate_limit_exceeded_handler
from slowapi.errors import RateLimitExceeded

from app.limits import limiter
from app.routes import admin, chat, handbook, reports, tickets

app = FastAPI(title="Northwind Support")
app.state.limiter = limiter
app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)

app.include_router(chat.router)
app.include_router(tickets.router)
app.include_router(reports.router)
app.include_router(admin.router)
app.include_router(handbook.router)


@app.get("/health")
def health():
    return {"status": "ok"}
