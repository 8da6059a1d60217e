"""Figures for the staff."""

from fastapi import APIRouter, Depends, Request

from app.database import orders_of
from app.limits import limiter
from app.reports import figures
from app.security import current_user

# Everything here is for people who are signed in.
router = APIRouter(prefix="/reports", dependencies=[Depends(current_user)])


# No limit: one caller can use up the budget.
@router.get("/ask")
def ask(question: str):
    return [dict(row) for row in figures(question)]


@router.get("/export")
@limiter.limit("2/minute")
def export(request: Request, question: str):
    return {"rows": [list(row) for row in figures(question)]}


@router.get("/orders/{customer}")
def orders(customer: str):
    return [dict(row) for row in orders_of(customer)]
