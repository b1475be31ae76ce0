"""Nothing secret in a line of a run's log: the same rules as for every other log."""

from brandhound.core.logs.redacting import MASK, redact, redact_facts, storable

__all__ = ["MASK", "redact", "redact_facts", "storable"]
