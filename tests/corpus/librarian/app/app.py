from pathlib import Path

from quart import Quart, jsonify, request

from library.engine import get_engine
from library.errors import reader_error
from library.llm.vendors import model_for
from library.search import covers, page

app = Quart(__name__)
SYSTEM = Path("prompts/librarian.md").read_text()
model = model_for("hosted", "key")


def reader():
    return request.cookies.get("reader")


@app.route("/ask", methods=["POST"])
async def ask():
    question = (await request.get_json())["question"]
    try:
        answer = model.answer([{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}])
    except TimeoutError as error:
        answer = reader_error(error)
    return jsonify({"answer": answer, "title": title(answer)})


@app.route("/covers", methods=["POST"])
async def find_covers():
    if not reader():
        return jsonify({"error": "sign in"}), 401
    return jsonify(len(covers(model, (await request.get_json())["question"])))


@app.route("/page", methods=["POST"])
async def find_page():
    if not reader():
        return jsonify({"error": "sign in"}), 401
    return page(model, (await request.get_json())["question"])


@app.route("/loans", methods=["POST"])
async def lend():
    book = (await request.get_json())["book"]
    with get_engine().begin() as connection:
        connection.execute("insert into loans values (%s)", (book,))
    return "", 204


def title(answer):
    return model.answer([{"role": "user", "content": f"Summarize this answer in a title of at most four words: {answer}"}])
