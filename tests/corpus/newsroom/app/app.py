"""The newsroom: headlines, summaries and a search in the archive."""

import os

from flask import Flask, abort, g, jsonify, render_template, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from archive import add_story, related, reload_index
from chains import headline_chain, question_chain, summary_chain
from sessions import user_of

app = Flask(__name__)
limiter = Limiter(get_remote_address, app=app)
app.config["SUMMARY_MODEL"] = os.environ.get("SUMMARY_MODEL", "claude-3-5-haiku-20241022")


@app.before_request
def sign_in():
    if request.path == "/feed" or request.path.startswith("/static/"):
        return
    g.user = user_of(request.cookies.get("session"))
    if g.user is None:
        abort(401)


@app.route("/feed")
def feed():
    return jsonify(related("today", 20))


@app.route("/summaries", methods=["POST"])
@limiter.limit("10 per minute")
def summarize():
    text = request.get_json()["text"]
    return jsonify(summary=summary_chain.invoke({"text": text}))


@app.route("/headlines", methods=["POST"])
def headlines():
    story = request.form["story"]
    reply = headline_chain.invoke({"story": story})
    return render_template("headline.html", headline=reply)


@app.route("/questions", methods=["POST"])
@limiter.limit("10 per minute")
def ask():
    question = request.form["question"]
    reply = question_chain.invoke({"question": question, "stories": related(question, 4)})
    return render_template("answer.html", answer=reply)


@app.route("/stories", methods=["POST"])
def add():
    upload = request.files["story"]
    add_story(upload.filename, upload.read().decode())
    return "", 204


@app.route("/index/reload", methods=["POST"])
def reload():
    if not g.user.is_admin:
        abort(403)
    reload_index()
    return "", 204


@app.route("/settings/model", methods=["PUT"])
def set_model():
    if not g.user.is_admin:
        abort(403)
    app.config["SUMMARY_MODEL"] = request.get_json()["model"]
    return "", 204


@app.route("/settings/model")
def get_model():
    return jsonify(model=app.config["SUMMARY_MODEL"])
