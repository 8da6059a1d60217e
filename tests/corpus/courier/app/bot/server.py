"""A parcel service's assistant: Socket.IO, LiteLLM, Qdrant."""

import logging
import os
from functools import lru_cache

import litellm
import socketio
from qdrant_client import AsyncQdrantClient

from bot.guard import screen, throttle, verify_token
from bot.prompts import prompt

logger = logging.getLogger("courier")
sio = socketio.AsyncServer(async_mode="asgi")
app = socketio.ASGIApp(sio)
places = AsyncQdrantClient(url="http://qdrant:6333")


@sio.event
async def connect(sid, environ, auth):
    if not auth or not verify_token(auth.get("token")):
        raise socketio.exceptions.ConnectionRefusedError("sign in first")
    await sio.save_session(sid, {"user": auth["user"]})


@sio.on("question")
async def question(sid, data):
    session = await sio.get_session(sid)
    throttle(session["user"])
    text = screen(data["text"])
    response = await litellm.acompletion(
        model="mistral/mistral-small-2409",
        api_base=os.environ["LITELLM_PROXY"],
        max_tokens=400,
        messages=[{"role": "system", "content": prompt("courier")}, {"role": "user", "content": text}],
    )
    reply = response.choices[0].message.content
    logger.info("question of %s answered: %s", session["user"], reply)
    await sio.emit("answer", {"text": reply}, to=sid)


@sio.on("route")
async def route(sid, data):
    near = await places.search(collection_name="places", query_vector=await vector(data["address"]), limit=5)
    listing = "\n".join(place.payload["name"] for place in near)
    response = await litellm.acompletion(
        model="gpt-4o",
        messages=[
            {
                "role": "user",
                "content": f"Plan the shortest tour for a van over these places and list them in order: {listing}",
            }
        ],
    )
    await sio.emit("tour", {"text": response.choices[0].message.content}, to=sid)


@sio.on("history")
async def history(sid, data):
    await sio.emit("history", {"parcels": []}, to=sid)


async def vector(text):
    result = await litellm.aembedding(model="mistral/mistral-embed", input=[text], api_base=os.environ["LITELLM_PROXY"])
    return result.data[0]["embedding"]


@lru_cache
def greeting(language: str) -> str:
    response = litellm.completion(
        model="mistral/mistral-small-2409",
        api_base=os.environ["LITELLM_PROXY"],
        max_tokens=40,
        messages=[{"role": "system", "content": prompt("greeting")}, {"role": "user", "content": language}],
    )
    logger.info("greeting in %s: %s", language, response.choices[0].message.content)
    return response.choices[0].message.content
