from abc import ABC, abstractmethod


class Tool(ABC):
    """What the model may use; `describe` tells it how."""

    @abstractmethod
    def get_actions_metadata(self):
        ...

    @abstractmethod
    def execute_action(self, action, **arguments):
        ...
