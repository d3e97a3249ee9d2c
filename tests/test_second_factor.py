"""The desk's door: wrong passwords, the second factor, and sessions that end."""

import re
import time
from base64 import b32decode

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Permission, User
from django.test import Client, RequestFactory
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from negotiations import second_factor, visitors
from negotiations.site import SEEN

from . import make

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"  # noqa: S105  (of an account that lives as long as the test)
DESK, LOGIN, FACTOR = (reverse(f"admin:{name}") for name in ("index", "login", "second-factor"))


@pytest.fixture
def editor():
    return User.objects.create_superuser("editor", password=PASSWORD)


def sign_in(client, username="editor", password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, "next": DESK}, **more)


def current_code(key: str, later: int = 0) -> str:
    """What a telephone would show that knows the key, now or so many codes later."""
    telephone = TOTP(b32decode(key.replace(" ", "")))
    telephone.time = time.time() + 30 * later
    return f"{telephone.token():06d}"


def set_up(client) -> tuple[str, list[str]]:
    """Set a telephone up; returns its key, and the recovery codes."""
    page = client.post(FACTOR, {"action": "begin"}).content.decode()
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1]
    done = client.post(FACTOR, {"action": "confirm", "code": current_code(key)}).content.decode()
    return key, re.findall(r"<code>(r[0-9a-f]+)</code>", done)


def gets_in(client) -> bool:
    return client.get(DESK).status_code == 200


# Wrong passwords


def test_five_wrong_passwords_lock_the_name_out_from_that_address(client, editor):
    answers = [sign_in(client, password="wrong").status_code for _ in range(5)]  # noqa: S106
    assert answers == [200] * 4 + [429]
    page = sign_in(client)
    assert page.status_code == 429
    assert "not even the right one" in page.content.decode()
    assert not gets_in(client)


def test_a_lock_out_holds_for_one_name_at_one_address_only(client, editor):
    User.objects.create_superuser("colleague", password=PASSWORD)
    for _ in range(5):
        sign_in(client, password="wrong")  # noqa: S106
    assert sign_in(client, "colleague").status_code == 302
    assert sign_in(Client(REMOTE_ADDR="198.51.100.7")).status_code == 302


def test_the_right_password_forgets_the_wrong_ones(client, editor):
    for _ in range(3):
        for _ in range(4):
            sign_in(client, password="wrong")  # noqa: S106
        assert sign_in(client).status_code == 302
        assert not AccessAttempt.objects.exists()


def test_nobody_escapes_a_lock_out_by_inventing_addresses(editor):
    for number in range(5):
        liar = Client(HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        answer = sign_in(liar, password="wrong")  # noqa: S106
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.9", "192.0.2.1", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "192.0.2.1", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 192.0.2.2", "192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        (1, "nonsense", "192.0.2.1", "192.0.2.1"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (0, "", "::ffff:192.0.2.1", "192.0.2.1"),
        (0, "", "", "0.0.0.0"),  # noqa: S104
    ],
)
def test_only_our_own_proxies_are_believed_about_addresses(settings, proxies, forwarded, peer, address):
    settings.PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert visitors.address(request) == address


# A second factor


def test_without_one_the_password_lets_in(client, editor):
    sign_in(client)
    assert gets_in(client)
    html = client.get(DESK).content.decode()
    assert FACTOR in html
    assert "Lock-outs" in html
    assert "Access logs" not in html


def test_a_telephone_once_set_up_is_asked_for_at_the_next_sign_in(client, editor):
    sign_in(client)
    key, codes = set_up(client)
    assert len(set(codes)) == 10
    assert gets_in(client)

    client.logout()
    sign_in(client)
    assert client.get(DESK, follow=True).redirect_chain[-1][0].startswith(FACTOR)
    lists = reverse("admin:negotiations_statement_changelist")
    assert client.get(lists).status_code == 302
    page = client.post(f"{FACTOR}?next={lists}", {"code": current_code(key, later=1)})
    assert page.url == lists
    assert gets_in(client)


def test_no_draft_is_shown_on_the_site_before_the_second_proof(client, editor):
    draft = make.make_statement(state="draft").get_absolute_url()
    sign_in(client)
    _key, codes = set_up(client)
    assert client.get(draft).status_code == 200
    client.logout()
    sign_in(client)
    assert client.get(draft).status_code == 404
    client.post(FACTOR, {"code": codes[0]})
    assert client.get(draft).status_code == 200


def test_a_code_is_good_for_one_time(client, editor):
    sign_in(client)
    key, _codes = set_up(client)
    code = current_code(key, later=1)
    client.logout()
    sign_in(client)
    assert client.post(FACTOR, {"code": code}).status_code == 302
    client.logout()
    sign_in(client)
    page = client.post(FACTOR, {"code": code})
    assert "This code is wrong, or was used already." in page.content.decode()
    assert not gets_in(client)


def test_a_recovery_code_lets_in_once(client, editor):
    sign_in(client)
    _key, codes = set_up(client)
    for expected in (True, False):
        client.logout()
        sign_in(client)
        client.post(FACTOR, {"code": f" {codes[0].upper()} "})
        assert gets_in(client) is expected


def test_codes_cannot_be_guessed_in_a_row(client, editor):
    sign_in(client)
    key, _codes = set_up(client)
    client.logout()
    sign_in(client)
    client.post(FACTOR, {"code": "000000"})
    page = client.post(FACTOR, {"code": current_code(key, later=1)})
    assert "Too many wrong codes." in page.content.decode()
    assert not gets_in(client)


@pytest.mark.parametrize("code", ["", "banana", "12345678901234567890", "0" * 500, "\0", "١٢٣٤٥٦"])
def test_no_nonsense_for_a_code_breaks_the_page(client, editor, code):
    sign_in(client)
    set_up(client)
    client.logout()
    sign_in(client)
    assert client.post(FACTOR, {"code": code}).status_code == 200
    assert not gets_in(client)


def test_the_page_leads_nowhere_else(client, editor):
    sign_in(client)
    _key, codes = set_up(client)
    client.logout()
    sign_in(client)
    assert client.post(f"{FACTOR}?next=https://evil.example/", {"code": codes[0]}).url == DESK


def test_a_wrong_code_sets_nothing_up(client, editor):
    sign_in(client)
    client.post(FACTOR, {"action": "begin"})
    page = client.post(FACTOR, {"action": "confirm", "code": "000000"})
    assert "This code is wrong" in page.content.decode()
    assert second_factor.device_of(editor) is None
    client.logout()
    sign_in(client)
    assert gets_in(client)


def test_another_telephone_takes_the_place_of_the_first(client, editor):
    sign_in(client)
    set_up(client)
    key, _codes = set_up(client)
    assert TOTPDevice.objects.filter(user=editor).count() == 1
    client.logout()
    sign_in(client)
    client.post(FACTOR, {"code": current_code(key, later=1)})
    assert gets_in(client)


def test_new_recovery_codes_take_the_place_of_the_old(client, editor):
    sign_in(client)
    _key, old = set_up(client)
    page = client.post(FACTOR, {"action": "codes"}).content.decode()
    new = re.findall(r"<code>(r[0-9a-f]+)</code>", page)
    assert len(set(new)) == 10
    assert not set(new) & set(old)
    client.logout()
    sign_in(client)
    client.post(FACTOR, {"code": new[0]})
    assert gets_in(client)
    client.logout()
    sign_in(client)
    client.post(FACTOR, {"code": old[0]})
    assert not gets_in(client)


def test_who_has_not_proved_themselves_cannot_replace_or_remove_the_second_factor(client, editor):
    sign_in(client)
    set_up(client)
    client.logout()
    sign_in(client)
    for action in ("begin", "confirm", "codes", "remove"):
        page = client.post(FACTOR, {"action": action, "code": "000000"}).content.decode()
        assert "<code>" not in page
    assert TOTPDevice.objects.filter(user=editor, confirmed=True).count() == 1
    assert not gets_in(client)


def test_a_second_factor_may_be_given_up_where_none_is_required(client, editor, settings):
    sign_in(client)
    set_up(client)
    settings.SECOND_FACTOR_REQUIRED = True
    client.post(FACTOR, {"action": "remove"})
    assert second_factor.device_of(editor)
    settings.SECOND_FACTOR_REQUIRED = False
    client.post(FACTOR, {"action": "remove"})
    assert not second_factor.device_of(editor)


def test_where_publishers_need_one_they_get_no_further_than_setting_it_up(client, editor, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(client)
    page = client.get(DESK, follow=True)
    assert page.redirect_chain[-1][0].startswith(FACTOR)
    assert "Whoever may publish needs a one-time code" in page.content.decode()
    set_up(client)
    assert gets_in(client)


def test_where_publishers_need_one_others_do_not(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    contributor = User.objects.create_user("contributor", password=PASSWORD, is_staff=True)
    contributor.user_permissions.add(Permission.objects.get(codename="add_statement"))
    sign_in(client, "contributor")
    assert gets_in(client)


def test_only_staff_come_to_its_page(client):
    assert client.get(FACTOR).status_code == 302
    client.force_login(User.objects.create_user("reader"))
    assert client.get(FACTOR).status_code == 302
    assert client.post(FACTOR, {"action": "begin"}).status_code == 302
    assert not TOTPDevice.objects.exists()


def test_its_pages_keep_to_the_content_security_policy(client, editor):
    sign_in(client)
    pages = [client.get(FACTOR), client.post(FACTOR, {"action": "begin"}), client.get(FACTOR)]
    for _ in range(5):
        pages.append(sign_in(Client(), password="wrong"))  # noqa: S106
    assert pages[-1].status_code == 429
    for page in pages:
        html = page.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|<[^>]+\s(style|on[a-z]+)=", html)
        assert "no-store" in page.headers.get("Cache-Control", "") or page.status_code == 429
    assert 'src="data:image/svg+xml' in pages[1].content.decode()


def test_the_admin_shows_nobody_the_key_of_a_telephone(client, editor):
    sign_in(client)
    set_up(client)
    device = TOTPDevice.objects.get()
    page = client.get(reverse("admin:otp_totp_totpdevice_change", args=[device.pk]))
    assert page.status_code == 200
    assert device.key not in page.content.decode()


# Sessions


def test_a_session_ends_after_a_while_of_doing_nothing(client, editor, settings):
    sign_in(client)
    session = client.session
    session[SEEN] = int(time.time()) - settings.SESSION_IDLE - 1
    session.save()
    assert client.get(DESK).url.startswith(LOGIN)


def test_work_keeps_a_session_alive(client, editor, settings):
    sign_in(client)
    session = client.session
    session[SEEN] = int(time.time()) - settings.SESSION_IDLE + 60
    session.save()
    assert gets_in(client)
    assert client.session[SEEN] >= int(time.time()) - 5


def test_however_busy_everybody_signs_in_again(client, editor, settings):
    cookie = sign_in(client).cookies[settings.SESSION_COOKIE_NAME]
    assert 0 < cookie["max-age"] <= settings.SESSION_COOKIE_AGE
    ends = client.session.get_expiry_date()
    session = client.session
    session["something"] = "new"
    session.save()
    assert client.session.get_expiry_date() == ends


def test_session_cookies_are_out_of_reach_of_scripts_and_other_sites(client, editor, settings):
    cookie = sign_in(client).cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
