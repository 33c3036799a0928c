"""The verbs about who may come in at the desk: people with invite, list, end, remove."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from cyclopts import Parameter

from digest.cli.parameters import PLAIN, Common
from digest.cli.words import print_json, print_table, say
from digest.errors import NotAllowed

Name = Annotated[str, Parameter(help="The name that stands beside what they do.")]


def invite(
    name: Name,
    /,
    *,
    role: Annotated[Literal["editor", "approver"], Parameter(help="An approver also approves and retracts.")],
    login: Annotated[
        str | None,
        Parameter(help="What the provider (a verified e-mail address, or sub) or the proxy calls them; else NAME."),
    ] = None,
    common: Common = PLAIN,
) -> None:
    """Let somebody in at the desk, or change their role; prints what to send them."""
    from digest.desk.exposure import check
    from digest.desk.people import INVITATION, People

    settings = common.settings()
    check(settings.desk)
    if settings.desk.login == "link":
        raise NotAllowed(
            "This desk is for one person: nobody logs in.",
            remedy='Set desk.login to "passkeys", "oidc" or "proxy": docs/security.md says how.',
        )
    token = People(settings).invite(name, role, login, datetime.now(UTC))
    origin = settings.desk.origin
    if settings.desk.login == "passkeys":
        days = INVITATION.days
        say(f"Send {name} this link; it works once, for {days} days:\n\n  {origin}/invitation?token={token}\n")
    else:
        say(f"{name} may come in now: {origin}/")


def list_people(*, common: Common = PLAIN) -> None:
    """List who may come in."""
    from digest.desk.people import People

    accounts = [account for _, account in sorted(People(common.settings()).accounts().items())]
    if common.json:
        print_json([{**one.person.model_dump(), "passkeys": len(one.passkeys)} for one in accounts])
    elif accounts:
        rows = ([one.person.name, one.person.role, one.person.login, str(len(one.passkeys))] for one in accounts)
        print_table(("name", "role", "login", "passkeys"), rows)
    else:
        say("Nobody yet: digest people invite NAME --role editor")


def end(name: Name, /, *, common: Common = PLAIN) -> None:
    """End all sessions of somebody, on every device; they may log in again."""
    from digest.desk.people import End, People

    People(common.settings()).record(name, End(), datetime.now(UTC))
    say(f"All sessions of {name} have ended.")


def remove(name: Name, /, *, common: Common = PLAIN) -> None:
    """Let somebody in no more: their sessions end, and their passkeys open nothing."""
    from digest.desk.people import People, Remove

    People(common.settings()).record(name, Remove(), datetime.now(UTC))
    say(f"{name} may not come in any more.")
