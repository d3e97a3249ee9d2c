"""What the record calls things in English, said in the language of the page.

What was said and what we write about it stays as it was written, and is marked so. But a matrix in Russian needs its
parties, questions, answers, treaties and places in Russian. The names below are those of the record as published; a
name that is not among them, because an editor has added it since, is shown as it was written.
"""

import re
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, gettext_lazy, override
from django.utils.translation import gettext_noop as _

NAMES = {
    # Parties
    _("United States"),
    _("Soviet Union"),
    _("Russia"),
    _("Belarus"),
    _("Kazakhstan"),
    _("Ukraine"),
    _("China"),
    _("United Kingdom"),
    _("France"),
    _("NATO"),
    _("US and USSR jointly"),
    _("US and Russia jointly"),
    _("US, Russia and Ukraine jointly"),
    _("China and Russia jointly"),
    _("P3"),
    _("P5"),
    # Their names in full
    _("United States of America"),
    _("Union of Soviet Socialist Republics"),
    _("Russian Federation"),
    _("Republic of Belarus"),
    _("Republic of Kazakhstan"),
    _("People's Republic of China"),
    _("United Kingdom of Great Britain and Northern Ireland"),
    _("French Republic"),
    _("North Atlantic Treaty Organization"),
    _("United States and Soviet Union, speaking jointly"),
    _("United States and Russia, speaking jointly"),
    _("United States, Russia and Ukraine, speaking jointly"),
    _("China and Russia, speaking jointly"),
    _("United States, United Kingdom and France, speaking jointly"),
    _("The five NPT nuclear-weapon states, speaking jointly"),
    # Questions and answers
    _("Must the agreement be legally binding?"),
    _("a legally binding agreement"),
    _("a political commitment"),
    _("Who must be at the table?"),
    _("talks between the two powers alone"),
    _("talks that include China"),
    _("multilateral talks"),
    _("Are limits on missile defence tied to cuts in offensive arms?"),
    _("a link between missile defence and offensive cuts"),
    _("offensive cuts kept apart from missile defence"),
    _("Should weapons in space be limited alongside strategic arms?"),
    _("limits on weapons in space"),
    _("no limits on weapons in space"),
    _("Do non-nuclear strategic weapons count or need limits?"),
    _("the counting or limiting of non-nuclear strategic weapons"),
    _("the exclusion of non-nuclear strategic weapons"),
    _("Must conventional-force imbalances be weighed before deeper cuts?"),
    _("the weighing of conventional imbalances"),
    _("conventional forces left aside"),
    _("Should tactical nuclear weapons be part of the deal?"),
    _("limits or talks on tactical nuclear weapons"),
    _("tactical nuclear weapons left out"),
    _("Do British and French (or other allied) forces count?"),
    _("the counting of British and French forces"),
    _("the exclusion of British and French forces"),
    _("Do US forward-based systems count?"),
    _("the counting of US forward-based systems"),
    _("the exclusion of US forward-based systems"),
    _("How low should the ceilings go?"),
    _("deep cuts"),
    _("modest cuts or existing levels"),
    _("higher ceilings"),
    _("What counts: only deployed warheads, or also stored ones and upload potential?"),
    _("counting limited to deployed warheads"),
    _("counting of stored warheads and upload potential"),
    _("Should delivery vehicles be limited, and how low?"),
    _("low limits on delivery vehicles"),
    _("high limits on delivery vehicles"),
    _("no limits on delivery vehicles"),
    _("Should MIRVed or heavy ICBMs be banned or cut?"),
    _("a ban on, or cuts in, MIRVed and heavy missiles"),
    _("the right to keep MIRVed and heavy missiles"),
    _("Should mobile ICBMs be banned?"),
    _("a ban on mobile ICBMs"),
    _("the right to field mobile ICBMs"),
    _("Should sea- and air-launched cruise missiles be limited?"),
    _("limits on cruise missiles"),
    _("the exclusion of cruise missiles"),
    _("How intrusive should verification be?"),
    _("intrusive verification"),
    _("lighter verification"),
    _("Must test-flight telemetry be exchanged?"),
    _("the exchange of telemetry"),
    _("the right to withhold telemetry"),
    _("How long should the treaty last, or be extended?"),
    _("a long term or an extension"),
    _("a short or conditional extension"),
    _("the end of the treaty"),
    _("Must novel systems (Poseidon, Burevestnik, Avangard …) be covered?"),
    _("the coverage of novel systems"),
    _("the exclusion of novel systems"),
    _("Should all warheads, strategic or not, be frozen or capped?"),
    _("a cap on all nuclear warheads"),
    _("limits on strategic weapons only"),
    _("Do converted launchers and bombers drop out of the count when the other side cannot confirm the conversion?"),
    _("the counting of converted launchers and bombers"),
    _("the removal of converted launchers and bombers from the count"),
    _("Should all US and Soviet intermediate-range missiles be eliminated?"),
    _("no such missiles anywhere"),
    _("no such missiles in Europe"),
    _("some such missiles kept"),
    _("Is the other side complying with the INF Treaty?"),
    _("an end to the other side's alleged INF breach"),
    _("recognition that it has not broken the INF Treaty"),
    _("After the INF Treaty, should land-based missiles of that range stay undeployed?"),
    _("a moratorium on INF-range missiles"),
    _("freedom to deploy INF-range missiles"),
    _("Is the other side complying with the SALT and ABM agreements?"),
    _("recognition of a breach of SALT or the ABM Treaty"),
    _("recognition that it has not broken SALT or the ABM Treaty"),
    _("Should the other Soviet successor states give up the weapons on their soil?"),
    _("the removal of nuclear weapons from the other successor states"),
    _("the weapons kept, or traded for terms"),
    _("Can strategic arms talks be kept apart from the war in Ukraine and the wider relationship?"),
    _("arms talks kept apart from Ukraine and the wider relationship"),
    _("arms talks tied to Ukraine and the wider relationship"),
    # Treaties and other texts
    _("ABM demarcation agreements"),
    _("ABM Protocol"),
    _("ABM Treaty"),
    _("BCC Agreements 1 and 2"),
    _("Budapest Memorandum"),
    _("Cologne statement"),
    _("Geneva joint statement"),
    _("INF Treaty"),
    _("SALT I Interim Agreement"),
    _("1992 Joint Understanding"),
    _("Joint Understanding"),
    _("Lisbon Protocol"),
    _("London statement"),
    _("1994 detargeting declaration"),
    _("Principles of Strategic Stability"),
    _("New START"),
    _("New START extension"),
    _("NPT"),
    _("P5 leaders' statement"),
    _("Presidential Nuclear Initiatives"),
    _("Rice-Lavrov statement"),
    _("1973 SALT Basic Principles"),
    _("SALT II"),
    _("Sochi Declaration"),
    _("SORT (Moscow Treaty)"),
    _("START expiry statement"),
    _("START I"),
    _("START II"),
    _("START II extension protocol"),
    _("START III framework"),
    _("Trilateral Statement"),
    _("Vladivostok accord"),
    # Their titles in full
    _("Memorandum of understanding on succession and agreed statements on demarcation relating to the ABM Treaty"),
    _("Protocol to the Treaty on the Limitation of Anti-Ballistic Missile Systems"),
    _(
        "Treaty between the United States of America and the Union of Soviet Socialist Republics on the "
        "Limitation of Anti-Ballistic Missile Systems"
    ),
    _("New START Bilateral Consultative Commission Agreements Number 1 and Number 2 on telemetric information"),
    _("Memorandum on Security Assurances in connection with accession to the NPT"),
    _(
        "Joint Statement between the United States and the Russian Federation Concerning Strategic Offensive "
        "and Defensive Arms and Further Strengthening of Stability"
    ),
    _("U.S.-Russia Presidential Joint Statement on Strategic Stability"),
    _(
        "Treaty between the United States of America and the Union of Soviet Socialist Republics on the "
        "Elimination of Their Intermediate-Range and Shorter-Range Missiles"
    ),
    _("Interim Agreement on Certain Measures with Respect to the Limitation of Strategic Offensive Arms"),
    _("Joint Understanding on Reductions in Strategic Offensive Arms"),
    _("Joint Understanding for the START Follow-on Treaty"),
    _("Protocol to the Treaty on the Reduction and Limitation of Strategic Offensive Arms"),
    _(
        "Joint statement by Presidents Medvedev and Obama regarding negotiations on further reductions in "
        "strategic offensive arms"
    ),
    _("Moscow Declaration of the Presidents of the United States and Russia"),
    _(
        "Joint Statement by the Presidents of the United States of America and the Russian Federation on "
        "Principles of Strategic Stability"
    ),
    _(
        "Treaty between the United States of America and the Russian Federation on Measures for the Further "
        "Reduction and Limitation of Strategic Offensive Arms"
    ),
    _("Agreement by exchange of notes on the extension of the New START Treaty"),
    _("Treaty on the Non-Proliferation of Nuclear Weapons"),
    _(
        "Joint Statement of the Leaders of the Five Nuclear-Weapon States on Preventing Nuclear War and "
        "Avoiding Arms Races"
    ),
    _("Reciprocal unilateral declarations on tactical and strategic nuclear weapons, 1991-92"),
    _(
        "Joint statement by the US Secretary of State and the Russian Foreign Minister on strategic "
        "offensive reductions"
    ),
    _("Basic Principles of Negotiations on the Further Limitation of Strategic Offensive Arms"),
    _("Treaty on the Limitation of Strategic Offensive Arms"),
    _("U.S.-Russia Strategic Framework Declaration"),
    _("Treaty between the United States of America and the Russian Federation on Strategic Offensive Reductions"),
    _("Joint Statement on the Expiration of the Strategic Arms Reduction Treaty"),
    _(
        "Treaty between the United States of America and the Union of Soviet Socialist Republics on the "
        "Reduction and Limitation of Strategic Offensive Arms"
    ),
    _(
        "Treaty between the United States of America and the Russian Federation on Further Reduction and "
        "Limitation of Strategic Offensive Arms"
    ),
    _("Protocol to the Treaty on Further Reduction and Limitation of Strategic Offensive Arms of January 3, 1993"),
    _("Joint Statement on Parameters on Future Reductions in Nuclear Forces"),
    _("Statement by the Presidents of the United States, Russia and Ukraine, with annex"),
    _("Joint US-Soviet statement on strategic offensive arms, Vladivostok"),
    # Negotiations
    _("Contacts before SALT"),
    _("SALT I"),
    _("ABM Treaty implementation (Standing Consultative Commission)"),
    _("Intermediate-range forces talks"),
    _("START, first phase"),
    _("Nuclear and Space Talks: defence and space group"),
    _("Nuclear and Space Talks: intermediate-range group"),
    _("Nuclear and Space Talks (strategic arms)"),
    _("INF Treaty implementation (Special Verification Commission)"),
    _("Lisbon Protocol talks"),
    _("START II talks"),
    _("Trilateral process on Ukraine"),
    _("START II extension and ABM demarcation talks"),
    _("START III and ABM consultations"),
    _("Strategic Offensive Reductions talks"),
    _("Post-START consultations"),
    _("European missile-defence consultations"),
    _("New START negotiation"),
    _("P5 process of the NPT nuclear-weapon states"),
    _("Missile-defence cooperation talks"),
    _("New START implementation (Bilateral Consultative Commission)"),
    _("INF Treaty compliance dispute"),
    _("Proposed cuts below New START"),
    _("Strategic stability and security talks, 2017-2020"),
    _("Russian proposal for a moratorium on INF-range missiles"),
    _("US proposal for three-way arms control with China"),
    _("Talks on extending New START"),
    _("Strategic Stability Dialogue"),
    _("US-China arms control consultations"),
    _("Russian drafts on security guarantees"),
    _("What follows New START"),
    # Limits and their units
    _("ABM deployment areas"),
    _("ABM launchers and interceptors at each area"),
    _("ABM launchers at test sites"),
    _("Ground-launched ballistic and cruise missiles with ranges of 500 to 5,500 km"),
    _("ICBM silo launchers, United States"),
    _("ICBM silo launchers, Soviet Union"),
    _("SLBM launch tubes, United States"),
    _("SLBM launch tubes, Soviet Union"),
    _("Modern ballistic missile submarines, United States"),
    _("Modern ballistic missile submarines, Soviet Union"),
    _("Total warheads, first phase"),
    _("Total warheads, second phase"),
    _("Warheads on MIRVed ICBMs, first phase"),
    _("Warheads on heavy ICBMs, first phase"),
    _("Warheads on SLBMs, first phase"),
    _("MIRVed ICBMs, second phase"),
    _("Warheads on SLBMs, second phase"),
    _("Strategic warheads"),
    _("Strategic delivery vehicles"),
    _("Deployed ICBMs, SLBMs and heavy bombers"),
    _("Warheads on deployed ICBMs and SLBMs, plus warheads counted for deployed heavy bombers"),
    _("Deployed and non-deployed ICBM launchers, SLBM launchers and heavy bombers"),
    _("On-site inspections a year"),
    _("Strategic delivery vehicles, initial"),
    _("Strategic delivery vehicles, reduced"),
    _("MIRVed missiles and bombers with long-range cruise missiles"),
    _("MIRVed ballistic missiles"),
    _("MIRVed ICBMs"),
    _("Strategic nuclear warheads"),
    _("Accountable warheads"),
    _("Warheads on ballistic missiles"),
    _("Warheads on heavy ICBMs"),
    _("Warheads on deployed mobile ICBMs"),
    _("Ballistic missile throw-weight"),
    _("Warheads on MIRVed ICBMs, second phase"),
    _("Warheads on submarine-launched ballistic missiles, second phase"),
    _("Deployed strategic nuclear warheads"),
    _("Missiles with multiple independently targeted warheads"),
    _("warheads"),
    _("launchers"),
    _("delivery vehicles"),
    _("missiles"),
    _("submarines"),
    _("area"),
    _("areas"),
    _("ABM launchers"),
    _("launchers and interceptors"),
    _("launchers and bombers"),
    _("inspections"),
    _("tonnes"),
    # Places
    _("Moscow"),
    _("Washington"),
    _("Geneva"),
    _("Beijing"),
    _("New York"),
    _("Helsinki"),
    _("Vienna"),
    _("London"),
    _("Paris"),
    _("Sochi"),
    _("St Petersburg"),
    _("Brussels"),
    _("Prague"),
    _("Rome"),
    _("Copenhagen"),
    _("Budapest"),
    _("Minsk"),
    _("Munich"),
    _("Vladivostok"),
    _("Reykjavik"),
    _("Genoa"),
    _("Cologne"),
    _("Kyiv"),
    _("Kiev"),
    _("Lisbon"),
    _("Lough Erne"),
    _("Singapore"),
    _("Kennebunkport"),
    _("Shanghai"),
    _("Glassboro"),
    _("Moscow region"),
    _("Elko, Nevada"),
    _("Berlin"),
    _("Los Cabos"),
    _("Seoul"),
    _("Sydney"),
    _("Madrid"),
    _("Brdo pri Kranju"),
    _("Alma-Ata"),
    _("Jackson Hole"),
    _("San Francisco"),
    _("Île Longue"),
    _("New Delhi"),
    _("Abu Dhabi"),
    _("Hanoi"),
    _("Dushanbe"),
    _("Cairo"),
    _("Vandenberg"),
    _("Bangkok"),
    _("Osaka"),
    _("Tallinn"),
    _("Gorki"),
    _("Deauville"),
    _("Davos"),
    _("Pittsburgh"),
    _("Amsterdam"),
    _("Cherbourg"),
    _("Heiligendamm"),
    _("Washington and Crawford"),
    _("Okinawa"),
    _("Oslo"),
    _("Houston"),
    _("Marsaxlokk"),
    _("Blackpool"),
    _("Camp David"),
    _("Santa Barbara"),
    _("Saint-Cergue"),
    _("Eureka"),
    _("Bonn"),
    _("London, Moscow and Washington"),
    _("Switzerland"),
    _("Finland"),
    _("Austria"),
    _("Germany"),
    _("Italy"),
    _("Iceland"),
    _("Japan"),
    _("United Arab Emirates"),
    _("Egypt"),
    _("Mexico"),
    _("South Korea"),
    _("Czech Republic"),
    _("Denmark"),
    _("Australia"),
    _("Spain"),
    _("Slovenia"),
    _("Hungary"),
    _("Portugal"),
    _("Malta"),
}
# Titles of positions and milestones are written by rule (see the models), so they can be read by the same rule.
POSITION = re.compile(r"(.+?) (demands|prefers|accepts on a condition|accepts|opposes): (.+)")
STANDS = {
    "demands": gettext_lazy("%(party)s demands: %(answer)s"),
    "prefers": gettext_lazy("%(party)s prefers: %(answer)s"),
    "accepts": gettext_lazy("%(party)s accepts: %(answer)s"),
    "accepts on a condition": gettext_lazy("%(party)s accepts on a condition: %(answer)s"),
    "opposes": gettext_lazy("%(party)s opposes: %(answer)s"),
}
MILESTONE = re.compile(r"(.+): ([a-z ]+?)(?: \((.+)\))?")
# What people say and type besides, where the record and its translations say it otherwise.
ALSO = {
    "United States": ("USA", "America", "Соединённые Штаты", "Соединённые Штаты Америки", "Америка"),
    "Soviet Union": ("USSR", "Советский Союз", "Союз Советских Социалистических Республик"),
    "Russia": ("Российская Федерация", "РФ"),
    "Belarus": ("Беларусь",),
    "China": ("PRC", "Китайская Народная Республика", "КНР"),
    "United Kingdom": ("UK", "Britain", "Англия"),
    "START I": ("Договор о СНВ",),
    "New START": ("СНВ-3", "СНВ-III", "Новый СНВ"),
    "INF Treaty": ("ДРСМД",),
    "SORT (Moscow Treaty)": ("Московский договор",),
    "NPT": ("Non-Proliferation Treaty", "Договор о нераспространении"),
}
PLAIN = str.maketrans("ёЁ", "еЕ")
# Cyrillic letters in Latin ones, near enough to tell names by.
LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэ", "abvgdezijklmnoprstufye", strict=True))
    | {"ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu"}
    | {"я": "ya", "й": "y"}
)
CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def is_english() -> bool:
    """Whether the page is in the language in which the record is written."""
    return (get_language() or settings.LANGUAGE_CODE) == settings.LANGUAGE_CODE


def named(name: str) -> str:
    """A name of the record in the language of the page."""
    return _named(get_language(), name) if name in NAMES else name


@cache
def _named(language: str | None, name: str) -> str:
    """`gettext` reads the language; here it only keeps the answers apart."""
    return gettext(name)


def title(text: str) -> str:
    """The title of a position or a milestone in the language of the page; nothing where it has none but English."""
    if found := POSITION.fullmatch(text):
        party, stance, answer = found.groups()
        if party in NAMES and answer in NAMES:
            return STANDS[stance] % {"party": named(party), "answer": named(answer)}
    elif found := MILESTONE.fullmatch(text):
        treaty, step, party = found.groups()
        if treaty in NAMES and (not party or party in NAMES):
            words = f"{named(treaty)}: {gettext(step)}"
            return f"{words} ({named(party)})" if party else words
    return ""


def english(text: str) -> str:
    """Words of the record, marked as English on pages in other languages."""
    return text if not text or is_english() else format_html('<span lang="en">{}</span>', text)


def called(texts: Iterable[str]) -> str:
    """Everything that readers may call something, a name a line: in each language, with е for ё, in Latin letters."""
    found = []
    for text in filter(None, texts):
        found += [text, *ALSO.get(text, ())]
        for language, _name in settings.LANGUAGES:
            with override(language):
                found.append(named(text))
    found += [name.translate(PLAIN) for name in found]
    found += [latin(name) for name in found if CYRILLIC.search(name)]
    return "\n".join(dict.fromkeys(found))


def findable(text: str) -> str:
    """A text for the search of entries, with ё also as е, as people type it."""
    plain = text.translate(PLAIN)
    return text if plain == text else f"{text}\n{plain}"


def latin(text: str) -> str:
    """A text in Latin letters. Trigrams need it: not every database takes Cyrillic letters for letters."""
    return text.lower().translate(LATIN) if CYRILLIC.search(text) else text


def person(name: str, native: str) -> str:
    """Somebody's name, as pages in Cyrillic letters write it where it is known in those."""
    return native if get_language() == "ru" and CYRILLIC.search(native) else name
