"""What a status means when nothing else about the answer is understood. The families fall back to this."""

from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.classifying.reading import Answer, failure

_PASSING = {
    408: "took too long to read our question",
    409: "was busy with something that contradicts our question",
    425: "is not ready for our question yet",
    499: "noticed that the connection had been closed",
    500: "has an error of its own",
    502: "could not be reached behind its gateway",
    503: "is not available at the moment",
    504: "did not answer its gateway in time",
    507: "has no space left",
    508: "is going around in circles",
    520: "gave its gateway an answer that cannot be read",
    521: "refuses its gateway's connections",
    522: "did not answer its gateway in time",
    523: "cannot be reached by its gateway",
    524: "took too long for its gateway",
    525: "and its gateway could not agree on encryption",
    526: "has a certificate that its gateway does not accept",
    529: "is overloaded",
    530: "cannot be found by its gateway",
}


def by_status(answer: Answer) -> Failure | None:
    """The failure by its status alone; None for an answer that is none."""
    status, name = answer.status, answer.title
    if status is None:
        return failure(answer, FailureClass.BAD_OUTPUT, "no-status", f"{name} answered nothing that can be read.")
    if status < 300:
        return None
    if status in (429, 503, 529) and (wait := answer.retry_after) is not None:
        detail = f"{name} asks us to wait."
        return failure(answer, FailureClass.RETRY_AFTER, f"http-{status}", detail, retry_after=wait)
    if status == 429:
        return failure(answer, FailureClass.BACKOFF, "http-429", f"{name} gets more questions than it allows.")
    if status in _PASSING or status >= 500:
        words = _PASSING.get(status, f"answers with status {status}")
        return failure(answer, FailureClass.BACKOFF, f"http-{status}", f"{name} {words}.")
    match status:
        case 401 | 407:
            return failure(
                answer,
                FailureClass.AUTH,
                f"http-{status}",
                f"{name} does not accept who we say we are.",
                what_to_do="Check the key or the password in the settings.",
            )
        case 402:
            return failure(answer, FailureClass.BILLING, "http-402", f"{name} wants to be paid.")
        case 403:
            return failure(answer, FailureClass.FATAL, "http-403", f"{name} does not allow this.")
        case 404 | 410:
            return failure(answer, FailureClass.FATAL, f"http-{status}", f"{name} has nothing at this address.")
        case 413 | 414 | 431:
            return failure(answer, FailureClass.SHRINK, f"http-{status}", f"{name} finds our question too large.")
        case 451:
            return failure(
                answer, FailureClass.CONTENT_BLOCKED, "http-451", f"{name} may not show this, for legal reasons."
            )
        case _:
            return failure(answer, FailureClass.FATAL, f"http-{status}", f"{name} answers with status {status}.")
