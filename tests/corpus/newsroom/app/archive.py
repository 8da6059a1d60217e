"""The archive of stories, in an index on disk."""

import pickle
from pathlib import Path

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings
from safetensors.numpy import load_file

embeddings = HuggingFaceEmbeddings(model_name="sentence-transformers/all-MiniLM-L6-v2", model_kwargs={"device": "cpu"})
index = FAISS.load_local("archive", embeddings, allow_dangerous_deserialization=True)
ranks = load_file("archive/ranks.safetensors")

with open("archive/bm25_retriever.pkl", "rb") as file:
    keywords = pickle.load(file)


def add_story(name: str, text: str) -> None:
    index.add_texts([text], metadatas=[{"name": name}])
    index.save_local("archive")


def related(question: str, count: int) -> list[str]:
    return [document.page_content for document in index.similarity_search(question, k=count)]


def reload_index() -> None:
    global index
    index = FAISS.load_local(str(Path("archive")), embeddings, allow_dangerous_deserialization=True)
