"""Which addresses may be called, and calling them: an address in, the answer out, never one from a private network.

A name is looked up once, and the very address that was looked at is connected to: a name that says another thing the
second time (DNS rebinding) leads nowhere.
"""

import contextlib
import fnmatch
import ipaddress
import socket
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

import httpx

from digest.errors import NotAllowed, Overloaded
from digest.model.artifact import Record
from digest.settings import Settings, is_loopback

MAX_REDIRECTS = 5
SECONDS_TO_ANSWER = 60.0  # without a byte


class Reach(Record):
    """Where may be called: `hosts` by name or pattern, `networks` are the private ones that are allowed."""

    hosts: tuple[str, ...]
    networks: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings, *hosts: str) -> "Reach":
        """Return where the settings let us fetch, and these hosts."""
        return cls(hosts=(*settings.fetch.hosts, *hosts), networks=settings.fetch.networks)

    def address_of(self, url: httpx.URL) -> str:
        """Return the IP address to connect to. Raises NotAllowed by the rules, Overloaded for no answer."""
        host = url.host.rstrip(".").lower()
        if url.scheme != "https" and not (url.scheme == "http" and is_loopback(host)):
            raise NotAllowed("Only https:// is fetched.", file=host, remedy="Ask for an address that begins with it.")
        if not any(fnmatch.fnmatchcase(host, known.lower()) for known in self.hosts):
            remedy = f'If it is meant: hosts = ["{host}"] under [fetch] in digest.toml.'
            raise NotAllowed(f"Nothing may be fetched from {host}.", remedy=remedy)
        try:
            found = socket.getaddrinfo(host, url.port or 443, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Overloaded(f"{host} is not found.", remedy="It is tried again; check the name.") from error
        addresses = [str(one[4][0]) for one in found]
        private = next((one for one in addresses if not self._may_connect(one)), None)
        if private:
            remedy = "If it is meant: name its network under [fetch] networks in digest.toml."
            raise NotAllowed(f"{host} is in a private network ({private}).", remedy=remedy)
        return addresses[0]

    def _may_connect(self, address: str) -> bool:
        ip = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        is_public = ip.is_global and not ip.is_multicast
        return is_public or any(ip in ipaddress.ip_network(network) for network in self.networks)


@contextlib.contextmanager
def call(
    url: str,
    reach: Reach,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> Iterator[httpx.Response]:
    """Yield the answer of an address, its body not yet read; each redirect is held to the same rules.

    Raises NotAllowed where a rule forbids it, Overloaded where nobody answers.
    """
    given = {"accept-encoding": "identity", **(headers or {})}
    with httpx.Client(
        verify=httpx.create_ssl_context(), timeout=SECONDS_TO_ANSWER, trust_env=False, follow_redirects=False
    ) as client:
        at = httpx.URL(url)
        for _ in range(MAX_REDIRECTS + 1):
            connect = at.copy_with(host=reach.address_of(at))
            request = client.build_request(
                method,
                connect,
                headers={**given, "host": at.netloc.decode("ascii").rpartition("@")[2]},
                data=dict(form) if form else None,
                extensions={"sni_hostname": at.host},  # the certificate is the name's, not the number's
            )
            answer = _send(client, request, at.host)
            try:
                if not answer.has_redirect_location:
                    yield answer
                    return
                to = httpx.URL(urljoin(str(at), answer.headers["location"]))
            finally:
                answer.close()
            if to.host != at.host or to.port != at.port:  # who may come in there is nobody else's to know
                given = {name: value for name, value in given.items() if name.lower() != "authorization"}
            at = to
    raise NotAllowed(f"{at.host} sends us on and on.", remedy="Ask whoever gave the address for the file's own.")


def _send(client: httpx.Client, request: httpx.Request, host: str) -> httpx.Response:
    try:
        return client.send(request, stream=True)
    except httpx.TransportError as error:
        raise Overloaded(
            f"{host} does not answer ({type(error).__name__}).", remedy="It is tried again; nothing is lost."
        ) from error


def says_no(answer: httpx.Response) -> str | None:
    """Return, in words, how an answer says that rights are missing; None where it does not.

    A page in place of a file is what sites send to whoever is not logged in, with status 200.
    """
    if answer.status_code in (401, 403):
        return f"the server answers {answer.status_code}"
    is_page = answer.is_success and answer.headers.get("content-type", "").split(";")[0] == "text/html"
    return "the server sends a page, as to whoever is not logged in" if is_page else None
