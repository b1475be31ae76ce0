"""Mail servers: the three digits, the enhanced code after them, and the words that differ from house to house."""

import re
from datetime import timedelta
from typing import Any, cast

from brandhound.providers.classifying import waits
from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.classifying.reading import Answer, failure, read

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"^\s*(\d{3})[ -]")
GREYLISTED = 300.0
_ACCOUNT = "Check the user name and the password of the mail server; some want a password made for one application."


def classify(answer: Answer) -> Failure | None:
    """What a reply of a mail server means; `status` is its three digits. None for a good one."""
    code = answer.status
    if code is None or not 200 <= code < 600:
        found = _CODE.match(answer.text)
        code = int(found[1]) if found else code
    if code is not None and 200 <= code < 400:
        return None
    words, name = answer.text.lower(), answer.title
    found = _ENHANCED.search(answer.text)
    enhanced = f"{found[1]}.{found[2]}.{found[3]}" if found else ""
    shown = f"{code}-{enhanced}" if enhanced else str(code)
    if code is not None and 400 <= code < 500:
        return _passing(answer, code, enhanced, words, shown)
    if code is not None and 500 <= code < 600:
        return _final(answer, code, enhanced, words, shown)
    return failure(answer, FailureClass.BAD_OUTPUT, "unreadable", f"{name} answered nothing that can be read.")


def of_exception(provider: str, title: str, error: BaseException) -> Failure | None:
    """The failure in an exception of a mail library that carries a reply; None if it carries none."""
    code = getattr(error, "smtp_code", None)
    text: object = getattr(error, "smtp_error", None)
    recipients: Any = getattr(error, "recipients", None)
    if code is None and isinstance(recipients, dict) and recipients:
        reply = next(iter(cast("dict[Any, Any]", recipients).values()))
        if isinstance(reply, tuple) and len(cast("tuple[Any, ...]", reply)) == 2:
            code, text = cast("tuple[Any, Any]", reply)
    if isinstance(code, int):
        return classify(read(provider, title, code, {}, text if isinstance(text, str | bytes) else str(error)))
    if type(error).__name__ == "SMTPNotSupportedError":
        answer = read(provider, title, 504, {}, str(error))
        if "SMTPUTF8" in str(error):
            detail = f"{title} takes no address with letters beyond a to z before the @."
            return failure(answer, FailureClass.FATAL, "no-such-letters", detail)
        detail = f"{title} does not offer what the settings ask for."
        return failure(answer, FailureClass.CONFIG, "not-supported", detail, what_to_do="Check encryption and sign-in.")
    if type(error).__name__ in ("SMTPServerDisconnected", "SMTPConnectError"):
        answer = read(provider, title, None, {}, str(error))
        return failure(answer, FailureClass.NETWORK, "connection", f"The connection to {title} broke.")
    return None


def _passing(answer: Answer, code: int, enhanced: str, words: str, shown: str) -> Failure:
    name = answer.title
    wait = waits.wait_in_words(answer.text)
    if "greylist" in words or "graylist" in words or "postgrey" in words:
        detail = f"{name} puts off mail from those it does not know yet."
        return failure(
            answer, FailureClass.RETRY_AFTER, shown, detail, retry_after=GREYLISTED if wait is None else wait
        )
    if enhanced in ("4.7.28", "4.3.2") or any(
        part in words for part in ("too many connections", "too many concurrent", "rate limit", "sending too fast")
    ):
        if wait is not None:
            detail = f"{name} wants to be left alone for a while."
            return failure(answer, FailureClass.RETRY_AFTER, shown, detail, retry_after=wait)
        return failure(answer, FailureClass.SLOW_DOWN, shown, f"We send to {name} faster than it takes.")
    if enhanced == "4.5.3" or "too many recipients" in words:
        return failure(answer, FailureClass.SHRINK, shown, f"{name} takes fewer recipients at once.")
    if wait is not None:
        detail = f"{name} wants to be left alone for a while."
        return failure(answer, FailureClass.RETRY_AFTER, shown, detail, retry_after=wait)
    if enhanced == "4.2.2" or (code == 452 and "full" in words):
        return failure(answer, FailureClass.BACKOFF, shown, "The recipient's mailbox is full.")
    return failure(answer, FailureClass.BACKOFF, shown, f"{name} does not take mail at the moment.")


def _final(answer: Answer, code: int, enhanced: str, words: str, shown: str) -> Failure:
    name = answer.title
    if enhanced == "5.4.5" or "sending limit exceeded" in words or "daily sending quota" in words:
        return failure(
            answer,
            FailureClass.WAIT_QUOTA,
            shown,
            f"The day's mails at {name} are used up.",
            until=answer.now + timedelta(days=1),
            what_to_do="The limit counts the last 24 hours. Sooner: another mail server.",
        )
    if (
        code in (535, 534)
        or enhanced in ("5.7.8", "5.7.9")
        or ("authentication" in words and ("required" in words or "failed" in words or "invalid" in words))
    ):
        return failure(answer, FailureClass.AUTH, shown, f"{name} does not accept the account.", what_to_do=_ACCOUNT)
    if "starttls" in words or code in (523, 538) or enhanced == "5.7.11":
        detail = f"{name} wants an encrypted connection."
        return failure(answer, FailureClass.CONFIG, shown, detail, what_to_do="Choose STARTTLS or TLS in the settings.")
    if code == 530:
        return failure(answer, FailureClass.AUTH, shown, f"{name} wants us to sign in.", what_to_do=_ACCOUNT)
    if "relay" in words and any(part in words for part in ("denied", "not permitted", "unable to", "prohibited")):
        detail = f"{name} does not pass on mail for us."
        return failure(
            answer, FailureClass.CONFIG, shown, detail, what_to_do="Sign in, or use the server of your provider."
        )
    if enhanced in ("5.7.26", "5.7.20", "5.7.21", "5.7.22", "5.7.23", "5.7.25", "5.7.27") or "dmarc" in words:
        detail = f"{name} cannot tell that the mail is really ours."
        return failure(
            answer, FailureClass.CONFIG, shown, detail, what_to_do="Set up SPF, DKIM and DMARC for the sender."
        )
    if enhanced in ("5.3.4", "5.2.3") or "message size exceeds" in words or "too large" in words or "too big" in words:
        return failure(answer, FailureClass.SHRINK, shown, f"The mail is larger than {name} takes.")
    if enhanced == "5.5.3" or "too many recipients" in words:
        return failure(answer, FailureClass.SHRINK, shown, f"{name} takes fewer recipients at once.")
    if any(part in words for part in ("spam", "blocked using", "blacklist", "blocklist", "content rejected", "virus")):
        return failure(
            answer, FailureClass.CONTENT_BLOCKED, shown, f"{name} takes the mail for spam, or us for spammers."
        )
    if enhanced in ("5.7.0", "5.7.1"):
        return failure(answer, FailureClass.CONTENT_BLOCKED, shown, f"{name} refuses the mail by its own rules.")
    if enhanced in ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.1") or code in (550, 551, 553):
        return failure(answer, FailureClass.FATAL, shown, "There is no such mailbox.")
    if enhanced == "5.2.2" or code == 552:
        return failure(answer, FailureClass.FATAL, shown, "The recipient's mailbox is full.")
    if code in (500, 501, 502, 503, 504):
        return failure(answer, FailureClass.FATAL, shown, f"{name} does not understand what we say.")
    return failure(answer, FailureClass.FATAL, shown, f"{name} refuses the mail.")
