"""Routes of the chat."""

from fastapi import APIRouter, Request
from pydantic import BaseModel
from slowapi import Limiter
from slowapi.util import get_remote_address

from app.auth import CurrentUser
from app.knowledge import answer, answer_apart
from app.llm import complete, read_prompt, tag

limiter = Limiter(key_func=get_remote_address)
router = APIRouter(prefix="/chat")


class Turn(BaseModel):
    role: str
    content: str


class Conversation(BaseModel):
    turns: list[Turn]


class Question(BaseModel):
    text: str


@router.post("/ask")
@limiter.limit("30/minute")
async def ask(request: Request, question: Question, user: CurrentUser):
    return {"reply": await answer(question.text, user.id)}


@router.post("/ask-apart")
@limiter.limit("30/minute")
async def ask_apart(request: Request, question: Question, user: CurrentUser):
    return {"reply": await answer_apart(question.text, user.id)}


@router.post("/continue")
@limiter.limit("30/minute")
async def continue_chat(request: Request, conversation: Conversation, user: CurrentUser):
    messages = [{"role": "system", "content": read_prompt("chat")}]
    messages += [{"role": turn.role, "content": turn.content} for turn in conversation.turns]
    return {"reply": await complete(messages, user.id)}


@router.post("/rewrite")
async def rewrite(question: Question, user: CurrentUser):
    messages = [{"role": "system", "content": read_prompt("rewrite")}, {"role": "user", "content": question.text}]
    return {"reply": await complete(messages, user.id)}


@router.post("/tag")
@limiter.limit("30/minute")
async def tag_message(request: Request, question: Question):
    return {"tag": tag(question.text)}


@router.get("/health")
async def health():
    return {"ok": True}
