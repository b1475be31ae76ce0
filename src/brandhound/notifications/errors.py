"""What can go wrong between a notice and the people it is for."""

from brandhound.core.problems import Problem


class ZeroEgress(Problem):
    """This installation sends nothing outside, so notices stay in the app."""

    status = 409
    code = "notifications/zero-egress"
    what_to_do = (
        "Read notices under the bell. Whoever runs the installation can allow outgoing requests by taking away "
        "BRANDHOUND_ZERO_EGRESS."
    )


class NoMailServer(Problem):
    """No mail server is configured, so no mail can be sent."""

    status = 409
    code = "notifications/no-mail-server"
    what_to_do = (
        "Whoever runs the installation sets BRANDHOUND_SMTP_URL, for instance smtp://user:password@mail.example.com:587, "
        "and restarts brandhound."
    )


class AddressRefused(Problem):
    """Nothing can be sent to that address."""

    status = 422
    code = "notifications/address-refused"
    what_to_do = (
        "`reason` says what is wrong with it. It must be a complete address on the public internet that begins with "
        "https://. Addresses on your own network are refused unless whoever runs the installation names that network "
        "in BRANDHOUND_PRIVATE_NETWORKS."
    )

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason=reason, detail=detail)


class TokenNeededAgain(Problem):
    """The access token was entered for another server, and is not sent to this one."""

    status = 422
    code = "notifications/token-needed-again"
    what_to_do = (
        "Enter the access token of the server at the new address with that address, or null if it asks for none."
    )


class ChannelOff(Problem):
    """That channel is switched off, so nothing is sent on it."""

    status = 409
    code = "notifications/channel-off"
    what_to_do = "`reason` says why it was switched off. Mend that, switch it on again, then send."

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class TooManyChannels(Problem):
    """There are as many channels as there can be."""

    status = 409
    code = "notifications/too-many-channels"
    what_to_do = "Remove one that is not needed any more."

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class PeopleOnly(Problem):
    """Only a person has preferences, not a key."""

    status = 403
    code = "notifications/people-only"
    what_to_do = "Sign in as the person whose preferences these are."


class NothingToMute(Problem):
    """That notice is not part of an incident that could be muted."""

    status = 409
    code = "notifications/no-incident"
    what_to_do = "Mute its kind instead, or put the notice off until later."


class TooShort(Problem):
    """A notice is put off until a moment in the future."""

    status = 422
    code = "notifications/until-is-past"
    what_to_do = "Choose a later moment."


class UnknownKind(Problem):
    """There is no kind of notice with that name."""

    status = 422
    code = "notifications/unknown-kind"
    what_to_do = "GET /api/notifications/kinds lists them."

    def __init__(self, kind: str) -> None:
        super().__init__(kind=kind)
