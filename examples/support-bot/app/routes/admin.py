"""What the assistant says and knows."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from app import settings
from app.prompts import load_prompt, save_prompt
from app.security import current_user, require_role

router = APIRouter(prefix="/admin")


class Prompt(BaseModel):
    text: str


class Model(BaseModel):
    name: str


@router.get("/prompts/{name}")
def read_prompt(name: str, user=Depends(current_user)):
    return {"text": load_prompt(name)}


# Every user who is signed in may rewrite what the assistant is told.
@router.put("/prompts/{name}")
def replace_prompt(name: str, prompt: Prompt, user=Depends(current_user)):
    save_prompt(name, prompt.text)
    return {"saved": name}


@router.delete("/prompts/{name}")
def reset_prompt(name: str, user=Depends(require_role("admin"))):
    save_prompt(name, "")
    return {"reset": name}


# One request, and another model answers every customer.
@router.put("/model")
def set_model(model: Model, user=Depends(require_role("admin"))):
    settings.CHAT_MODEL = model.name
    return {"model": model.name}


@router.get("/model")
def read_model(user=Depends(current_user)):
    return {"model": settings.CHAT_MODEL}
