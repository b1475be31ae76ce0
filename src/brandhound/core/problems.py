"""Errors that a caller can understand and act on. Each becomes an RFC 9457 problem document."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, cast

from brandhound.core.wording import sayable


class Problem(Exception):
    """The request cannot be done."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "core/bad-request"
    what_to_do: ClassVar[str] = ""
    """The page of documentation under `/errors/CODE` says this."""
    told_as: ClassVar[str] = ""
    """The kind of notice that tells people of it where it is found out: a run that ends with it is not told of as well."""

    def __init__(self, **facts: object) -> None:
        super().__init__(self.title())
        self.facts = facts

    @classmethod
    def title(cls) -> str:
        """The sentence that the user reads: the first line of the class's docstring."""
        return (cls.__doc__ or "").strip().splitlines()[0]

    def document(self, instance: str) -> dict[str, object]:
        """The problem document; `instance` is the address that was asked for."""
        return {
            "type": f"/errors/{self.code}",
            "title": self.title(),
            "status": self.status,
            "code": self.code,
            "instance": instance,
            **{name: _plain(value) for name, value in self.facts.items()},
        }


def problems() -> list[type[Problem]]:
    """Every error that can leave, by code, of the packages that are loaded."""
    return sorted((p for p in _heirs(Problem) if "code" in vars(p)), key=lambda p: p.code)


def problem_named(code: str | None) -> type[Problem] | None:
    """The error of that code, of the packages that are loaded; None where it is nobody's."""
    return next((one for one in problems() if one.code == code), None)


def _heirs(kind: type[Problem]) -> Iterator[type[Problem]]:
    for heir in kind.__subclasses__():
        yield heir
        yield from _heirs(heir)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return sayable(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("Sequence[object]", value)]
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in cast("dict[object, object]", value).items()}
    return str(value)


class NotThere(Problem):
    """There is no such thing here, or it belongs to someone else."""

    status = 404
    code = "core/not-there"
    what_to_do = (
        "Check the address. If you followed a link, the thing may have been removed since, or it belongs to another "
        "organization of yours: switch the organization in the account menu."
    )

    def __init__(self, kind: str) -> None:
        super().__init__(kind=kind)


class RefusedRequest(Problem):
    """The web server refuses such a request."""

    status = 400
    code = "core/http"
    what_to_do = (
        "`title` says why, and the status tells which kind it is: the address does not take that method (405), or the body "
        "cannot be read (400). `/api/docs` lists what each address takes."
    )


class BodyTooLarge(Problem):
    """That is more than can be taken at once."""

    status = 413
    code = "core/body-too-large"
    what_to_do = (
        "Send it in parts. Whoever is signed in, or shows a key, may send 4 MB of JSON and 100 MB of a table; before that it is "
        "64 KB. A proxy in front may allow less."
    )


class AlreadyThere(Problem):
    """That already exists."""

    status = 409
    code = "core/already-there"
    what_to_do = "Reload the screen: somebody else, or another tab, did the same a moment before you."


class BadCursor(Problem):
    """That page marker is not one of ours."""

    status = 400
    code = "core/bad-cursor"
    what_to_do = "Ask for the list again from its start, and pass on the value of `next` unchanged."


class TooManyRequests(Problem):
    """Too many attempts: wait a moment and try again."""

    status = 429
    code = "core/too-many-requests"
    what_to_do = "Wait for the number of seconds given in the Retry-After header."

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
        self.seconds = retry_after


class StorageFull(Problem):
    """The disk is full: nothing was stored, and nothing was lost."""

    status = 507
    code = "core/storage-full"
    what_to_do = (
        "Free some space on the disk that holds the data directory, or move it (BRANDHOUND_DATA_DIR). Work that was "
        "waiting goes on by itself at the next check."
    )


class DatabaseAway(Problem):
    """The database does not answer at the moment."""

    status = 503
    code = "core/database-away"
    what_to_do = (
        "Nothing was changed. Try again in a few seconds; `brandhound doctor` says what is wrong with the database."
    )


class InvalidInput(Problem):
    """Some of what was sent is not valid."""

    status = 422
    code = "core/invalid-input"
    what_to_do = "The list `errors` names each field and says what is wrong with it."


class OurFault(Problem):
    """Something went wrong on our side. It has been noted in the log."""

    status = 500
    code = "core/our-fault"
    what_to_do = (
        "Try again. If it happens again, look under Logs for the number that `request_id` gives: the lines say where it "
        "happened. `brandhound doctor` examines the installation; please report what the log says."
    )
