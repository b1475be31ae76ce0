"""Any server on the web that has no vocabulary of its own."""

from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.classifying.reading import Answer, failure
from brandhound.providers.classifying.statuses import by_status


def classify(answer: Answer) -> Failure | None:
    """What an answer of a plain server means; None when it is a good one."""
    name, headers = answer.title, answer.headers
    if headers.get("cf-mitigated", "").lower() == "challenge":
        detail = f"{name} wants to see a person, not a program."
        return failure(answer, FailureClass.FATAL, "bot-wall", detail)
    if answer.status == 402 and "crawler-price" in headers:
        detail = f"{name} wants {headers['crawler-price'][:40]} for each page."
        return failure(answer, FailureClass.BILLING, "pay-per-crawl", detail)
    return by_status(answer)
