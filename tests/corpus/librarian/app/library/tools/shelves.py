import requests

from library.tools.base import Tool


class ReadPageTool(Tool):
    def get_actions_metadata(self):
        return [{"name": "read_page", "parameters": {"url": "string"}}]

    def execute_action(self, action, **arguments):
        url = arguments.get("url")
        return requests.get(url, timeout=10).text


class ShelfTool(Tool):
    def __init__(self, database):
        self.database = database

    def get_actions_metadata(self):
        return [{"name": "find_shelf", "parameters": {"title": "string"}}]

    def execute_action(self, action, **arguments):
        actions = {"find_shelf": self._find, "count": self._count}
        return actions[action](**arguments)

    def _find(self, title):
        return self.database.execute("select shelf from books where title = %s", (title,)).fetchone()

    def _count(self, subject):
        return self.database.execute(f"select count(*) from books where subject = '{subject}'").fetchone()
