"""Who calls, and what they may do."""

import hmac

from fastapi import Depends, HTTPException, Request, status

from app.database import user_of_session
from app.settings import SESSION_COOKIE, WEBHOOK_TOKEN


def current_user(request: Request):
    session = request.cookies.get(SESSION_COOKIE)
    user = user_of_session(session) if session else None
    if user is None:
        raise HTTPException(status_code=status.HTTP_401_UNAUTHORIZED, detail="sign in first")
    return user


def visitor(request: Request) -> str:
    """A name for the caller, signed in or not: for greetings only."""
    return request.cookies.get("visitor", "guest")


def require_role(role: str):
    def check(user=Depends(current_user)):
        if user["role"] != role:
            raise HTTPException(status_code=status.HTTP_403_FORBIDDEN, detail=f"for {role}s only")
        return user

    return check


def check_webhook(request: Request) -> None:
    token = request.headers.get("X-Webhook-Token", "")
    if not hmac.compare_digest(token, WEBHOOK_TOKEN):
        raise HTTPException(status_code=401)
