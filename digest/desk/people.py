"""Who may come in, as what, and with which passkeys: the lines of `.people.jsonl`, the last one of a person counts."""

import contextlib
import hashlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from digest.errors import DigestError, NotAllowed
from digest.model.artifact import JournalLine, Record
from digest.settings import Settings
from digest.store.journal import append, read_lines

FILE = ".people.jsonl"  # beside the webinars: it is backed up with them
INVITATION = timedelta(days=3)  # a link sent on Friday is opened on Monday
MAX_NAME = 80  # characters
SPENT = ("This invitation was used before, or is too old.", "Ask whoever sent it for a new one.")
Role = Literal["editor", "approver"]


class User(Record):
    """Somebody who may come in; `login` is how the provider or the proxy calls them."""

    name: str
    role: Role
    login: str


class Invite(Record):
    """Let in by whoever runs the desk; `token` is the SHA-256 of what the one-time link holds."""

    do: Literal["invite"] = "invite"
    role: Role
    login: str
    token: str


class Enrol(Record):
    """Made a passkey: its ID and public key in hexadecimal. This spends the invitation."""

    do: Literal["enrol"] = "enrol"
    credential: str
    public_key: str
    sign_count: int


class LogIn(Record):
    """Came in: with a passkey, whose counter stood there, or as whom the provider never calls anybody else."""

    do: Literal["log in"] = "log in"
    credential: str = ""
    sign_count: int = 0
    subject: str = ""


class End(Record):
    """Every session that began before has ended."""

    do: Literal["end"] = "end"


class Remove(Record):
    """May not come in any more, by no passkey."""

    do: Literal["remove"] = "remove"


class AccountChange(JournalLine):
    """A line of the file: of whom, when, what."""

    at: AwareDatetime
    name: str
    change: Annotated[Invite | Enrol | LogIn | End | Remove, Field(discriminator="do")]


@dataclass
class UserAccount:
    """What is known of a person who may come in; a passkey's ID leads to its public key and its counter.

    `subject` is who came first under the login since the invitation: an e-mail address may become another's.
    """

    person: User
    invited_at: datetime
    token: str | None  # None once the invitation is spent
    passkeys: dict[str, tuple[str, int]] = field(default_factory=dict)
    ended_at: datetime | None = None
    subject: str = ""


class People:
    """The accounts that the file holds, read again where it changed: a command may have changed it meanwhile."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.workspaces / FILE
        self._stamp: tuple[int, int] | None = None
        self._accounts: dict[str, UserAccount] = {}

    def accounts(self) -> dict[str, UserAccount]:
        """Return the accounts by name."""
        stamp = _stamp(self.path)
        if stamp != self._stamp:
            with _naming_the_file(self.path):
                self._accounts = fold(tuple(read_lines(self.path, AccountChange)))
            self._stamp = stamp
        return self._accounts

    def by_login(self, *logins: str) -> UserAccount | None:
        """Return who comes in under one of these names of the provider or the proxy."""
        return next((account for account in self.accounts().values() if account.person.login in logins), None)

    def invitee(self, token: str, now: datetime) -> User | None:
        """Return whom a link invites, or None where it was used, is too old, or a later one was sent."""
        sha256 = _sha256(token)
        for account in self.accounts().values():
            is_theirs = account.token is not None and secrets.compare_digest(account.token, sha256)
            if is_theirs and now < account.invited_at + INVITATION:
                return account.person
        return None

    def of_passkey(self, credential: str) -> UserAccount | None:
        """Return whose passkey this is."""
        return next((account for account in self.accounts().values() if credential in account.passkeys), None)

    def invite(self, name: str, role: Role, login: str | None, now: datetime) -> str:
        """Let somebody in, or change their role, and return the token of their link. Passkeys stay as they are.

        Raises NotAllowed where the name is none, or another person has it or comes in under the same login.
        """
        name, token = " ".join(name.split()), secrets.token_urlsafe(32)
        if not name.isprintable() or not 0 < len(name) <= MAX_NAME:
            raise NotAllowed(f"A name has 1 to {MAX_NAME} characters.", remedy="Give another name.")
        change = Invite(role=role, login=login or name, token=_sha256(token))

        def line(accounts: dict[str, UserAccount]) -> AccountChange:
            for other in accounts.values():
                is_alike = other.person.name.casefold() == name.casefold() or other.person.login == change.login
                if is_alike and other.person.name != name:
                    raise NotAllowed(
                        f"“{other.person.name}” has this name or login already.",
                        remedy="Give another: what people change and approve stands under their names.",
                    )
            return AccountChange(at=now, name=name, change=change)

        self._append(line)
        return token

    def enrol(self, token: str, change: Enrol, now: datetime) -> User:
        """Spend an invitation on a passkey, and return whose it is.

        Raises NotAllowed where the token invites nobody (any more), or the passkey is somebody's already.
        """
        person = self.invitee(token, now)

        def line(accounts: dict[str, UserAccount]) -> AccountChange:
            account = accounts.get(person.name) if person else None
            if account is None or account.token != _sha256(token):
                raise NotAllowed(SPENT[0], remedy=SPENT[1])
            if any(change.credential in other.passkeys for other in accounts.values()):
                raise NotAllowed("This passkey is somebody's already.", remedy="Make another one.")
            return AccountChange(at=now, name=account.person.name, change=change)

        return self.accounts()[self._append(line).name].person

    def record(self, name: str, change: LogIn | End | Remove, now: datetime) -> None:
        """Record what became of a person. Raises NotAllowed where there is none of this name."""

        def line(accounts: dict[str, UserAccount]) -> AccountChange:
            if name not in accounts:
                raise NotAllowed(f"“{name}” may not come in.", remedy="`digest people list` lists who may.")
            return AccountChange(at=now, name=name, change=change)

        self._append(line)

    def _append(self, line: Callable[[dict[str, UserAccount]], AccountChange]) -> AccountChange:
        with _naming_the_file(self.path):
            return append(self.path, AccountChange, lambda lines: line(fold(lines)))


def fold(lines: tuple[AccountChange, ...]) -> dict[str, UserAccount]:
    """Return the accounts that the lines leave, by name."""
    accounts: dict[str, UserAccount] = {}
    removals: dict[str, datetime] = {}  # whoever is invited again later finds no old session open
    for line in lines:
        match line.change:
            case Invite(role=role, login=login, token=token):
                person = User(name=line.name, role=role, login=login)
                old = accounts.get(line.name)
                passkeys, ended_at = (old.passkeys, old.ended_at) if old else ({}, removals.get(line.name))
                accounts[line.name] = UserAccount(person, line.at, token, passkeys, ended_at)
            case Remove():
                accounts.pop(line.name, None)
                removals[line.name] = line.at
            case change if account := accounts.get(line.name):
                _apply(change, line.at, account)
    return accounts


def _apply(change: Enrol | LogIn | End, at: datetime, account: UserAccount) -> None:
    match change:
        case Enrol(credential=credential, public_key=public_key, sign_count=count):
            account.token = None
            account.passkeys[credential] = public_key, count
        case LogIn(credential=credential, sign_count=count) if credential in account.passkeys:
            account.passkeys[credential] = account.passkeys[credential][0], count
        case LogIn(subject=subject):
            account.subject = account.subject or subject
        case End():
            account.ended_at = at


@contextlib.contextmanager
def _naming_the_file(path: Path) -> Iterator[None]:
    """Say of a damaged file that it is no webinar's."""
    try:
        yield
    except NotAllowed:
        raise
    except DigestError as error:
        raise DigestError(
            "The file of who may come in is damaged.",
            file=path,
            remedy="Put it back from a backup; until then nobody logs in.",
        ) from error


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size
