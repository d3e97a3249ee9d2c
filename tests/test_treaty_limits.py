"""Limits side by side: what each text allowed of the same kind of arms."""

import re

from negotiations.models import Limit, Treaty
from negotiations.queries.treaties import lives
from negotiations.queries.treaty_limits import side_by_side, totals
from tests.make import make_limit, make_treaty


def page(client, path="/treaties/"):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def rows(html):
    return re.findall(r'id="limits-of-([\w-]+)"', html)


def test_every_limit_in_the_record_stands_once_in_the_table(record, client):
    html = page(client)
    linked = re.findall(r'href="[^"]*#([\w-]+)"><b class="num">', html)
    assert sorted(linked) == sorted(Limit.objects.values_list("slug", flat=True))


def test_kinds_are_told_apart_and_the_total_stands_before_its_parts(db):
    treaty = make_treaty()
    for ceiling, unit in [(4900, "warheads"), (6000, "warheads"), (1600, "delivery vehicles"), (100, "areas")]:
        make_limit(treaty, ceiling=ceiling, unit=unit)
    (row,) = side_by_side(lives().values())
    assert [limit.ceiling for limit in row.warheads] == [6000, 4900]
    assert [limit.ceiling for limit in row.vehicles] == [1600]
    assert [limit.unit for limit in row.other] == ["areas"]


def test_a_reader_chooses_which_texts_to_compare(record, client):
    assert rows(page(client, "/treaties/?compare=new-start&compare=salt-ii")) == ["salt-ii", "new-start"]


def test_the_choice_survives_another_day_and_the_day_another_choice(record, client):
    html = page(client, "/treaties/?compare=new-start&on=2012-01-01")
    assert '<input type="hidden" name="compare" value="new-start">' in html
    assert '<input type="hidden" name="on" value="2012-01-01">' in html


def test_a_text_without_limits_or_without_a_name_is_told_and_the_rest_is_shown(record, client):
    html = page(client, "/treaties/?compare=npt&compare=new-start&compare=%00&compare=")
    assert "No limits of “npt” are in the record." in html
    assert rows(html) == ["new-start"]
    assert len(rows(page(client, "/treaties/?compare=nope"))) > 5


def test_each_treaty_leads_to_its_limits_beside_those_of_its_line(record, client):
    html = page(client, "/treaties/new-start/?on=2012-01-01")
    assert 'href="/treaties/?compare=start-i&amp;compare=new-start&amp;on=2012-01-01#limits"' in html
    assert rows(page(client, "/treaties/?compare=start-i&compare=new-start")) == ["start-i", "new-start"]


def test_a_treaty_shows_what_it_allows_in_all_beside_those_that_count_alike(record, client):
    html = page(client, "/treaties/new-start/")
    table = html[html.index('id="h-totals"') :].partition("</table>")[0]
    assert re.findall(r'<th scope="col" class="r(?: now)?">(.*?)<', table) == [
        "SALT II", "START I", "START II", "SORT (Moscow Treaty)", "New START",
    ]  # fmt: skip
    (warheads,) = re.findall(r"<tr><th scope=\"row\">Warheads</th>(.*?)</tr>", table)
    assert re.findall(r"[\d,]{3,}|no such limit", warheads) == ["no such limit", "6,000", "4,250", "2,200", "1,550"]
    assert "inspections" not in table
    assert 'id="h-totals"' not in page(client, "/treaties/npt/")


def test_only_totals_stand_beside_each_other(db):
    abm, salt, start = make_treaty(), make_treaty(), make_treaty()
    make_limit(abm, ceiling=15, unit="launchers")
    make_limit(salt, ceiling=1200, unit="launchers")
    make_limit(salt, ceiling=2400, unit="delivery vehicles")
    make_limit(start, ceiling=1600, unit="delivery vehicles")
    found = {life.treaty.pk: life for life in lives().values()}
    assert totals(found[abm.pk], list(found.values())) is None
    compared = totals(found[start.pk], list(found.values()))
    assert [(unit, [limit.ceiling for limit in limits]) for unit, limits in compared.rows] == [
        ("delivery vehicles", [2400, 1600])
    ]


def test_launchers_of_interceptors_are_not_among_those_of_missiles(record):
    (row,) = side_by_side(lives().values(), ["abm-treaty"])
    assert (row.warheads, row.vehicles) == ([], [])
    assert [limit.ceiling for limit in row.other] == [100, 15, 2]


def test_a_record_without_limits_has_no_such_table(db, client):
    Treaty.objects.all().delete()
    assert 'id="limits"' not in page(client)
