"""Who is asking."""

from typing import Annotated

from fastapi import Depends, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from jose import JWTError, jwt
from pydantic import BaseModel

from app.keys import public_key

bearer = HTTPBearer()


class User(BaseModel):
    id: str
    role: str


def current_user(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> User:
    try:
        claims = jwt.decode(credentials.credentials, public_key(), algorithms=["RS256"])
    except JWTError:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "invalid token")
    return User(id=claims["sub"], role=claims.get("role", "agent"))


def editor(user: Annotated[User, Depends(current_user)]) -> User:
    if user.role != "editor":
        raise HTTPException(status.HTTP_403_FORBIDDEN, "editors only")
    return user


CurrentUser = Annotated[User, Depends(current_user)]
