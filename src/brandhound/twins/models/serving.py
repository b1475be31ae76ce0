"""Running the model servers in a thread of their own."""

from brandhound.twins.models.app import ModelApp
from brandhound.twins.models.asked import Asked
from brandhound.twins.models.failing import trouble
from brandhound.twins.models.personas import Persona, reader
from brandhound.twins.threads import ServedInThread


class ModelTwin(ServedInThread):
    """Model servers on one port. Use it in a `with` block, or call `stop`."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.app = ModelApp()
        super().__init__(self.app, host, port, name="model twin", interface="asgi3")

    @property
    def openai(self) -> str:
        """Where OpenAI, and all that speak like it, are."""
        return f"{self.url}/v1"

    @property
    def anthropic(self) -> str:
        return self.url

    @property
    def gemini(self) -> str:
        return self.url

    @property
    def asked(self) -> list[Asked]:
        """The questions so far."""
        return self.app.asked

    @property
    def persona(self) -> Persona:
        return self.app.persona

    @persona.setter
    def persona(self, persona: Persona) -> None:
        self.app.persona = persona

    def fails(self, name: str, family: str = "openai", *, times: int | None = 1) -> None:
        """Answer the next questions with a recorded trouble; with `times=None` all of them, until it is well again."""
        found = trouble(family, name)
        if times is None:
            self.app.always = found
        else:
            self.app.troubles.extend([found] * times)

    def is_well(self) -> None:
        """Answer by the reader's rules again, and forget what was asked."""
        self.app.persona = reader
        self.app.troubles.clear()
        self.app.always = self.app.breaks_after = self.app.error_after = self.app.key = None
        self.app.delay = 0.0
        self.app.asked.clear()


def serve_models(port: int = 0, host: str = "127.0.0.1") -> ModelTwin:
    """Serve models in a thread; port 0 takes a free one. Stop it with `.stop()`, or use it in `with`."""
    return ModelTwin(host, port).start()
