"""What the assistant answers from, and who may add to it."""

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from app.handbook import answer_from_handbook, propose_page, publish
from app.handbook import add_page as add
from app.limits import limiter
from app.security import current_user, require_role

router = APIRouter(prefix="/handbook")


class Page(BaseModel):
    name: str
    text: str


@router.get("/ask")
@limiter.limit("20/minute")
def ask_handbook(request: Request, question: str, user=Depends(current_user)):
    return {"reply": answer_from_handbook(user["name"], question)}


# The page is in use at once.
@router.post("/pages")
def add_page(page: Page, user=Depends(require_role("editor"))):
    add(page.name, page.text)
    return {"added": page.name}


# A proposal waits until somebody else approves it.
@router.post("/proposals")
def propose(page: Page, user=Depends(require_role("editor"))):
    propose_page(page.name, page.text)
    return {"proposed": page.name}


@router.post("/proposals/{name}/approve")
def approve(name: str, user=Depends(require_role("admin"))):
    publish(name)
    return {"approved": name}
