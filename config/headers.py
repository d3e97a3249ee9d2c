"""What browsers are told on every answer, beyond what Django and django-csp say."""

from django.conf import settings

# No page of ours asks for any of these, and none may on our behalf.
FORBIDDEN = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS = ", ".join(f"{feature}=()" for feature in FORBIDDEN)


class Headers:
    """Middleware. What a view has said itself, as an embed must, stands."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming:
            response.content = b""  # its length has been said; the server would drop it with a warning
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Reporting-Endpoints", f'csp="{settings.CSP_REPORTS}"')
        return response
