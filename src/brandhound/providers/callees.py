"""What is called: a provider, with a key, for a model. Breakers and limits are kept for each."""

from dataclasses import dataclass

from brandhound.core.secrets import keyed_fingerprint
from brandhound.providers.failures import title_of


@dataclass(frozen=True, slots=True)
class Service:
    """A provider, the fingerprint of a key (empty where none is needed), and a model (empty where there is only one)."""

    provider: str
    key_fingerprint: str = ""
    model: str = ""

    @property
    def title(self) -> str:
        """What people call it."""
        name = title_of(self.provider)
        return f"{name}, {self.model}" if self.model else name


def key_fingerprint(key: str | None) -> str:
    """What stands for a key in tables and on screens: 16 characters that lead nobody back to it."""
    return keyed_fingerprint(key, "provider-key")[:16] if key else ""
