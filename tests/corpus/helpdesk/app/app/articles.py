"""Routes for the people who write articles."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends
from pydantic import BaseModel

from app.auth import User, current_user, editor
from app.knowledge import collection, index_article
from app.reviews import require_approval

router = APIRouter(prefix="/articles")


class Article(BaseModel):
    id: str
    text: str


@router.post("")
def publish(article: Article, tasks: BackgroundTasks, user: Annotated[User, Depends(editor)]):
    tasks.add_task(index_article, article.id, article.text)
    return {"queued": article.id}


@router.post("/reviewed")
def publish_reviewed(article: Article, user: Annotated[User, Depends(editor)]):
    require_approval(article.id, user.id)
    index_article(article.id, article.text)
    return {"published": article.id}


@router.delete("/{article_id}")
def remove(article_id: str, user: Annotated[User, Depends(current_user)]):
    collection.delete(where={"article": article_id})
    return {"removed": article_id}


@router.get("/{article_id}")
def read(article_id: str, user: Annotated[User, Depends(current_user)]):
    return collection.get(where={"article": article_id})
