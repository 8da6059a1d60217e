"""Approvals of articles by a second editor."""

from fastapi import HTTPException

approvals: dict[str, str] = {}


def approve(article_id: str, user_id: str) -> None:
    approvals[article_id] = user_id


def require_approval(article_id: str, author: str) -> None:
    if approvals.get(article_id) in (None, author):
        raise HTTPException(409, "a second editor has to approve")
