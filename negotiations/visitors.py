"""Where a request comes from: for slowing down who guesses passwords or floods a form, and for nothing else."""

import hashlib
import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

# A household or an office has at least so large a part of the IPv6 net to itself.
IPV6_NETWORK = 64


def address(request: HttpRequest) -> str:
    """The address of whoever asks; of IPv6, the network, since its owner has as many addresses as they like.

    Each proxy adds to the end of X-Forwarded-For the address that it was asked from, so as many entries from the end
    are true as there are proxies of ours; what stands before them, the visitor may have written.
    """
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    count = settings.PROXY_COUNT
    told = forwarded[-count] if 0 < count <= len(forwarded) else ""
    for text in (told, request.META.get("REMOTE_ADDR", "")):
        try:
            found = ipaddress.ip_address(text)
        except ValueError:
            continue
        found = getattr(found, "ipv4_mapped", None) or found
        if found.version == 6:
            return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False).network_address)
        return str(found)
    return "0.0.0.0"  # noqa: S104  (a socket without an address, and no address to listen on)


def digest(request: HttpRequest) -> str:
    """Tells senders of one day apart, and tells nobody who they are: without our key it cannot be traced back."""
    text = f"{timezone.localdate()} {address(request)}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
