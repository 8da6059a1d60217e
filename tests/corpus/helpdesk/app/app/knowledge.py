"""Articles that answers are built from."""

import chromadb

from app.llm import complete, embed, read_prompt

collection = chromadb.HttpClient(host="chroma").get_or_create_collection("articles")


def index_article(article_id: str, text: str) -> None:
    chunks = [text[i : i + 800] for i in range(0, len(text), 800)]
    collection.upsert(
        ids=[f"{article_id}-{n}" for n in range(len(chunks))],
        documents=chunks,
        embeddings=embed(chunks),
    )


def search(question: str) -> list[str]:
    found = collection.query(query_embeddings=embed([question]), n_results=4)
    return found["documents"][0]


async def answer(question: str, user_id: str) -> str:
    articles = "\n---\n".join(search(question))
    system = f"{read_prompt('answer')}\n\nUse these articles:\n{articles}"
    return await complete([{"role": "system", "content": system}, {"role": "user", "content": question}], user_id)


async def answer_apart(question: str, user_id: str) -> str:
    messages = [{"role": "system", "content": read_prompt("answer")}]
    messages += [{"role": "user", "content": article} for article in search(question)]
    messages.append({"role": "user", "content": question})
    return await complete(messages, user_id)
