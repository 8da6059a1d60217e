"""Tickets: sorted by a model as they arrive."""

import logging

from fastapi import APIRouter, HTTPException, Request

from app.database import move_ticket
from app.limits import limiter
from app.llm import classify
from app.security import check_webhook

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/tickets")

QUEUES = ("billing", "shipping", "returns")


@router.post("/{ticket_id}/triage")
@limiter.limit("60/minute")
async def triage(request: Request, ticket_id: int):
    check_webhook(request)
    body = await request.json()
    queue = classify(body["text"])
    logger.info("ticket %s: %r goes to %s", ticket_id, body["text"], queue)
    if queue not in QUEUES:
        raise HTTPException(status_code=502, detail="no such queue")
    move_ticket(ticket_id, queue)
    return {"queue": queue}
