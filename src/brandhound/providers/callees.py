"""What is called: a provider, with a key, for a model. Breakers and limits are kept for each."""

from dataclasses import dataclass

from brandhound.core.secrets import keyed_fingerprint
from brandhound.providers.failures import title_of


@dataclass(frozen=True, slots=True)
class Service:
    """A provider, what stands for a key and an address (empty where there is neither), and a model (empty where there is one)."""

    provider: str
    key_fingerprint: str = ""
    model: str = ""

    @property
    def title(self) -> str:
        """What people call it."""
        name = title_of(self.provider)
        return f"{name}, {self.model}" if self.model else name


def key_fingerprint(key: str | None, address: str = "") -> str:
    """What stands for a key in tables and on screens: 16 characters that lead nobody back to it; empty without one.

    With an address, where that says whom one asks: an @ and 8 more for that.
    """
    known_as = keyed_fingerprint(key, "provider-key")[:16] if key else ""
    return f"{known_as}@{keyed_fingerprint(address, 'provider-address')[:8]}" if address else known_as
