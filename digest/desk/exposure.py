"""Whether the desk may be opened as the settings say: never to others without a login, never readable on the way."""

import re
from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

from digest.errors import NotAllowed
from digest.settings import OIDC_SECRET, DeskSettings, oidc_secret

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")  # what proxies add


class Fault(NamedTuple):
    """A reason not to open the desk: when there is one, what to say, and what to do."""

    is_so: Callable[[DeskSettings], bool]
    what: str
    remedy: str


def check(desk: DeskSettings) -> None:
    """Raise NotAllowed where others could reach the desk and nobody logs in, or a way to log in lacks a setting."""
    for fault in FAULTS:
        if fault.is_so(desk):
            raise NotAllowed(fault.what, file="digest.toml", remedy=fault.remedy)


def is_near(host: str, headers: Mapping[str, str], desk: DeskSettings) -> bool:
    """Return whether a request is from a program on this machine, or of a named proxy, which asks who somebody is.

    What another proxy on this machine passes on says so in a header, and comes from anywhere.
    """
    if is_among(host, desk.proxy_addresses):
        return True
    return is_among(host, ("127.0.0.0/8", "::1")) and not any(name in headers for name in FORWARDED)


def is_among(host: str, networks: Iterable[str]) -> bool:
    """Return whether an IP address lies in one of these networks."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped  # as an IPv4 address looks where the desk listens on "::"
    return any(address in ip_network(one) for one in networks)


def _is_here(desk: DeskSettings) -> bool:
    """Return whether nobody but this machine can connect."""
    try:
        return ip_address(desk.listen).is_loopback
    except ValueError:
        return False


def _is_address(address: str) -> bool:
    return not address or re.fullmatch(r"https://[a-z0-9.-]+(:\d+)?/?", address) is not None


def _is_network(address: str) -> bool:
    try:
        return bool(ip_network(address))
    except ValueError:
        return False


def _is_number(address: str) -> bool:
    try:
        return bool(ip_address(urlsplit(address).hostname or ""))
    except ValueError:
        return False


def _has_provider(desk: DeskSettings) -> bool:
    """Return whether a provider knows the desk, and what it says of people comes by TLS or from this machine."""
    parts = urlsplit(desk.oidc_issuer)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))
    return bool(is_safe and parts.hostname and desk.oidc_client and oidc_secret())


LOGIN = 'Set desk.login to "passkeys", "oidc" or "proxy": docs/security.md says how. Or leave out '
FAULTS = (
    Fault(
        lambda desk: desk.login == "link" and not (_is_here(desk) and not desk.address),
        "The desk would be open to others than you, and nobody logs in.",
        f"{LOGIN}desk.listen and desk.address.",
    ),
    Fault(
        lambda desk: desk.login == "link" and desk.four_eyes,
        "Four eyes need people who log in.",
        f"{LOGIN}desk.four_eyes.",
    ),
    Fault(
        lambda desk: not (_is_here(desk) or desk.is_secure),
        "What editors type would cross the network for all to read.",
        'Put a proxy that speaks TLS in front, and set desk.address = "https://…".',
    ),
    Fault(
        lambda desk: not _is_address(desk.address),
        "desk.address is no address of a desk.",
        "Write https:// and the host's name in small letters, without a path.",
    ),
    Fault(
        lambda desk: desk.login == "passkeys" and _is_number(desk.address),
        "A passkey belongs to a name, and desk.address has a number.",
        "Give desk.address the host's name.",
    ),
    Fault(
        lambda desk: desk.login == "oidc" and not _has_provider(desk),
        "It is not said which provider people log in at.",
        f"Set desk.oidc_issuer (https://…), desk.oidc_client and the variable {OIDC_SECRET}.",
    ),
    Fault(
        lambda desk: desk.login == "proxy" and not (desk.proxy_header and desk.proxy_addresses),
        "It is not said which proxy may name people, and how.",
        "Set desk.proxy_header and desk.proxy_addresses.",
    ),
    Fault(
        lambda desk: not all(map(_is_network, desk.proxy_addresses)),
        "One of desk.proxy_addresses is no IP address or network.",
        "Write them like 127.0.0.1 or 10.0.0.0/24.",
    ),
)
