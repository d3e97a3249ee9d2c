"""A second proof, beside the password, of who is at the desk: a one-time code from a telephone, or a recovery code."""

import secrets

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django_otp import login
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from negotiations.models import workflow
from negotiations.models.workflow import Visitor
from negotiations.requests import Request

RECOVERY_CODES = 10


def is_required_of(user: Visitor) -> bool:
    """Whoever can put something before readers needs one, where the operator says so."""
    return settings.SECOND_FACTOR_REQUIRED and workflow.is_editor(user)


def has_proved(user: Visitor) -> bool:
    """Whether somebody gave the second proof in this session; the middleware knows by which device."""
    return getattr(user, "otp_device", None) is not None


def is_missing(request: Request) -> bool:
    """Whether somebody who gave their password has still to give the second proof, or to set one up."""
    user = request.user
    if has_proved(user):
        return False
    if not hasattr(request, "second_factor_missing"):  # asked several times for one page
        request.second_factor_missing = is_required_of(user) or device_of(user) is not None
    return request.second_factor_missing


def device_of(user: Visitor) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def device_being_set_up(user: Visitor) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


def begin(user: Visitor) -> TOTPDevice:
    """A new key to set a telephone up with; it counts once a code has proved that the telephone knows it."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    return TOTPDevice.objects.create(user=user, name="telephone", confirmed=False)


@transaction.atomic
def finish(request: HttpRequest, code: str) -> list[str]:
    """Put the new telephone in the place of an old one; returns recovery codes, or none if the code is wrong."""
    device = TOTPDevice.objects.select_for_update().filter(user=request.user, confirmed=False).first()
    if not device or not device.verify_token(code):
        return []
    TOTPDevice.objects.filter(user=request.user, confirmed=True).delete()
    device.confirmed = True
    device.save()
    _verified(request, device)
    return new_recovery_codes(request.user)


@transaction.atomic
def prove(request: HttpRequest, code: str) -> bool:
    """Let somebody in by a code of their telephone, or by a recovery code, which is then used up."""
    model = TOTPDevice if code.isdecimal() else StaticDevice
    device = model.objects.select_for_update().filter(user=request.user, confirmed=True).first()
    if not device or not device.verify_token(code):
        return False
    _verified(request, device)
    return True


def must_wait(user: Visitor) -> bool:
    """Whether so many wrong codes were given that no further one is looked at for the moment."""
    devices = [*TOTPDevice.objects.filter(user=user), *StaticDevice.objects.filter(user=user)]
    return any(not device.verify_is_allowed()[0] for device in devices)


@transaction.atomic
def new_recovery_codes(user: Visitor) -> list[str]:
    """Codes to be kept on paper, each good for one time; earlier ones are no longer."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="paper")
    # With a letter in front, so that none is taken for a code of the telephone.
    codes = [f"r{secrets.token_hex(6)}" for _ in range(RECOVERY_CODES)]
    for code in codes:
        device.token_set.create(token=code)
    return codes


def remove(user: Visitor) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _verified(request: HttpRequest, device: TOTPDevice | StaticDevice) -> None:
    login(request, device)
    request.session.cycle_key()
