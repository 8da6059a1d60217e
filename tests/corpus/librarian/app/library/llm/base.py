import logging

logger = logging.getLogger(__name__)


class Model:
    """What all vendors have in common: one way in, and a second try by the same name."""

    def attempt(self, method_name, **options):
        method = getattr(self, method_name)
        try:
            return method(**options)
        except TimeoutError:
            logger.warning("second try of %s", method_name)
            return method(**options)

    def answer(self, messages):
        return self.attempt("_answer", messages=messages)

    def _answer(self, messages):
        raise NotImplementedError
