"""A notice by apprise: to a chat or any other service that one of its addresses names."""

from apprise import Apprise

from digest.messages.unsent import Unsent
from digest.model.notice import Notice


def send(notice: Notice, url: str) -> None:
    """Send a notice there. Raises Unsent without the address, which holds a token."""
    service = Apprise()
    if not service.add(url):
        raise Unsent("Apprise knows no service of this address: see DIGEST_APPRISE_URLS.")
    if not service.notify(body=notice.text, title=notice.subject):
        raise Unsent(f"Apprise could not reach {service[0].service_name}.")
