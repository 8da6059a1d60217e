import requests


class Catalogue:
    def __init__(self, words):
        self.words = words

    def search(self):
        found = requests.get("https://catalogue.library.example/find", params={"q": self.words}, timeout=5)
        return found.json()["entries"]


def covers(model, question):
    words = model.answer([{"role": "user", "content": question}])
    pictures = []
    for entry in Catalogue(words).search():
        pictures.append(requests.get(entry["cover"], timeout=5).content)
    return pictures


def page(model, question):
    address = model.answer([{"role": "user", "content": question}])
    return requests.get(address, timeout=5).text
