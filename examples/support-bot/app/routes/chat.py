"""The chat of the shop."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel

from app.limits import limiter
from app.llm import assistant
from app.security import current_user, visitor

router = APIRouter()
templates = Jinja2Templates(directory="app/templates")


class Question(BaseModel):
    text: str


@router.post("/chat")
@limiter.limit("20/minute")
def chat(request: Request, question: Question, user=Depends(current_user)):
    return {"reply": assistant.answer(user["name"], question.text)}


# Open to everybody: `visitor` turns nobody away.
@router.post("/chat/preview")
@limiter.limit("5/minute")
def preview(request: Request, question: Question, name: str = Depends(visitor)):
    return {"reply": assistant.answer(name, question.text)}


# The template prints the reply without escaping.
@router.get("/chat/page", response_class=HTMLResponse)
@limiter.limit("20/minute")
def page(request: Request, question: str, user=Depends(current_user)):
    reply = assistant.answer(user["name"], question)
    return templates.TemplateResponse("answer.html", {"request": request, "question": question, "reply": reply})


# The same with a template that escapes.
@router.get("/chat/print", response_class=HTMLResponse)
@limiter.limit("20/minute")
def printable(request: Request, question: str, user=Depends(current_user)):
    summary = assistant.answer(user["name"], question)
    return templates.TemplateResponse("print.html", {"request": request, "question": question, "summary": summary})
