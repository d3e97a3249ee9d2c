"""How English-language agencies report who said what."""

import re

from .lexicon import Lexicon, words

VERBS = (
    r"(?:was|were|been|is)\s+(?:also\s+)?quoted\s+(?:by\s+[\w\s]{2,30}\s+)?as\s+saying|went\s+on\s+to\s+say"
    r"|pointed\s+out|points\s+out|said|says|say|told|tells|added|adds|noted|notes|stressed|stresses"
    r"|emphasi[sz]ed|emphasi[sz]es|underlined|underscored|warned|warns|explained|explains|stated|states|declared"
    r"|argued|argues|insisted|insists|asked|asks|replied|replies|answered"
    r"|responded|recalled|recalls|remarked|observed|announced|wrote|writes|tweeted|admitted|acknowledged"
    r"|conceded|confirmed|reiterated|commented|cautioned|suggested|testified|complained|joked|vowed"
    r"|pledged|promised|assured|claimed|claims|reaffirmed|predicted|countered|quipped"
)

# After a quotation these mean speaking; elsewhere they may mean something else.
REMARKS = (
    r"went\s+on|goes\s+on|continued|continues|concluded|concludes|read|reads|repeated|maintained|posted|retorted"
    r"|shot\s+back|agreed|concurred|lamented|quipped|snapped|mused|recounted|boasted|contended|asserted"
    r"|allowed"
    r"|ventured|offered|volunteered|wondered|urged|demanded|reflected|objected|interjected|protested|exclaimed|opined"
    r"|hinted|summed\s+up|chuckled|thundered|proposed|began|interrupted|murmured|shouted|offers|agrees|urges"
)

NOT_NAMES = (
    r"January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    r"|But|And|However|Later|Earlier|Meanwhile|Yet|Still|Then|Also|In|On|At|As|When|While|After|Before|Speaking"
    r"|Asked|Answering|Commenting|Referring|Addressing|Responding|Replying|For|If|So|Nor|Or|The|A|An|This|That"
    r"|These|Those|It|He|She|They|We|I|His|Her|Their|Its|Our|My|There|Here|Today|Yesterday|Separately|Instead"
    r"|Russian?|Russians|Soviet|Soviets|USSR|American|Americans|US|USA|U\.S\.?|UK|U\.K\.?|British|French|Chinese"
    r"|German|Ukrainian|Belarusian|Kazakh|Italian|European|Europe|EU|UN|U\.N\.?|NATO|Western|West|East"
    r"|Russia’s|Russia's|China|France|Britain|Germany|Ukraine|Belarus|Kazakhstan|America|Italy|Japan|India|Iran"
    r"|United|States|Kingdom|Federation|Union|Republic|Moscow|Washington|Beijing|Paris|London|Kremlin|Brussels"
    r"|White|House|Pentagon|Congress|Duma|Senate|State|Security|Disarmament|Department|Ministry|Foreign|Defen[cs]e"
    r"|Minister|Ministers|Prime|Deputy|Vice|First|Under|Undersecretary|Secretary|Assistant|General|Secretary-General"
    r"|President|Ambassador|Senator|Representative|Congressman|Congresswoman|Director|Chairman|Chairwoman|Chair|Chief"
    r"|Head|Heads|Presidents|Senators|Ambassadors|Generals|Secretaries|Chairmen|Delegates|Envoys|Acting|Special|Envoy|Negotiator|Spokesman|Spokeswoman|Spokesperson|Press|Officer|Official|Adviser|Advisor"
    r"|National|International|Affairs|Arms|Control|Committee|Council|Commission|Agency|Administration|Embassy|Staff"
    r"|Colonel|Col|Gen|Lt|Maj|Major|Lieutenant|Admiral|Adm|Marshal|Sen|Rep|Mr|Mrs|Ms|Dr|Sir|Lord|Lady|Dame|Prof"
    r"|Professor|Chancellor|Premier|Governor|Leader|Member|Permanent|Strategic|Forces|Rocket|Nuclear|Policy|North"
    r"|Interfax|Reuters|TASS|Itar-Tass|RIA|Novosti|AP|AFP|Xinhua|Sputnik|Kommersant|Izvestia|CNN|BBC|Echo|Radio"
    r"|New|START|SALT|INF|ABM|NPT|Treaty|Iron|Cold|War|Organi[sz]ation|Atlantic|Alliance|European"
)

HEADS = (
    r"ministers?|secretary|president|ambassador|senator|congressman|congresswoman|lawmaker|legislator|director"
    r"|chairman|chairwoman|chair|chief|head|envoy|negotiators?|spokesman|spokeswoman|spokesperson|officials?|officer"
    r"|advisers?|advisors?|diplomats?|commander|general|colonel|admiral|marshal|leaders?|member|representative"
    r"|premier|chancellor|aide|source|sources|delegates?|politician|undersecretary|expert|analyst|veteran|deputy"
    r"|gen|sen|adm|col|amb|rep|scientist|physicist|inspector|statesman|governor|historian|resident|protester|activist"
)
BODIES = (
    r"ministry|department|embassy|kremlin|white\s+house|pentagon|delegation|government|alliance|administration"
    r"|council|committee|nato|moscow|washington|beijing|london|paris|state\s+duma|duma|congress|senate|side|agency"
    r"|commission|staff|secretariat|mission|office|brussels"
)

ENGLISH = Lexicon(
    code="en",
    verbs=re.compile(rf"\b(?:{VERBS})\b"),
    remarks=re.compile(rf"\b(?:{VERBS}|{REMARKS})\b"),
    leading=re.compile(
        r"\b(?:saying|adding|telling\s+[\w\s]{3,30}|with\s+the\s+words|in\s+these\s+words)\s*(?:that\s*)?[,:]?\s*$"
    ),
    synonyms={
        "gen": "general",
        "sen": "senator",
        "adm": "admiral",
        "col": "colonel",
        "amb": "ambassador",
        "rep": "representative",
        "top diplomat": "foreign minister",
        "chief diplomat": "foreign minister",
        "head of state": "president",
        "head of government": "prime minister",
        "prime minister": "premier prime minister",
    },
    between=words(
        "has had have also later then further again once repeatedly reportedly would is was recently earlier "
        "already just only immediately bluntly subsequently consistently nevertheless himself herself itself "
        "told"
    ),
    pronouns={"he": "m", "she": "f", "they": ""},
    heads=re.compile(rf"^(?:{HEADS})$", re.IGNORECASE),
    bodies=re.compile(rf"\b(?:{BODIES})$", re.IGNORECASE),
    texts=re.compile(r"^(?:statement|communiqu[eé]|letter|message|document|report|note|post|declaration|text)$", re.I),
    vague=re.compile(
        r"^(?:diplomats?|officials?|politician|minister|secretary|president|envoy|negotiator|spokesman|spokeswoman"
        r"|spokesperson|ambassador|senator|general|adviser|advisor|leader|chief|head|lawmaker|director|chairman"
        r"|chairwoman|premier|chancellor|delegate|representative|congressman|admiral|colonel|marshal|veteran|aide"
        r"|undersecretary|commander)$",
        re.IGNORECASE,
    ),
    press=re.compile(r"\b(?:reporters?|journalists?|correspondents?|interviewer|moderator|newspaper|magazine)\b", re.I),
    not_names=re.compile(rf"^(?:{NOT_NAMES})(?:[’']s)?\.?$"),
    joining=words("of for the and to on a an at senior top then former chief lead outgoing veteran acting s"),
    prepositions=words("in at from near by with to of on"),
    titles=re.compile(
        r"\b(?:articles?|books?|reports?|papers?|films?|programmes?|programs?|newspapers?|exercises?|operations?"
        r"|doctrines?|entitled|titled|called|named|dubbed|so-called|magazines?|songs?|headlined?|essays?|speech"
        r"|documentary|code-named|codenamed|slogan|banners?|posters?|chapters?|plays?|term|word|phrase)\s*,?\s*$",
        re.IGNORECASE,
    ),
    according=re.compile(r"\b[Aa]ccording\s+to\s+|\b[Ii]n\s+the\s+words\s+of\s+"),
    indefinite=words("a an another one some two several"),
    abbreviations=re.compile(
        r"(?:\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gen|Lt|Col|Maj|Adm|St|Prof|Gov|Jr|Sr|vs|No|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?"
        r"|Oct|Nov|Dec|Inc|Co|Ltd|etc|approx|D-\w+|R-\w+)|\b(?:[A-Z]\.)+[A-Z]|(?<![\w.])[A-Z]|\be\.g|\bi\.e|\ba\.m|\bp\.m)\.$"
    ),
    women=re.compile(
        r"\b(?:Ms|Mrs|Miss|Madam|Lady|Dame|spokeswoman|congresswoman|chairwoman|Maria|Rose|Hillary|Condoleezza"
        r"|Madeleine|Anna|Angela|Susan|Karine|Victoria|Wendy|Bonnie|Mallory|Elena|Ellen|Jen|Jennifer|Marie|Heather"
        r"|Margaret|Theresa|Federica|Sarah|Emily|Kate|Karen|Eleni|Cara|Alexandra|Laura|Julia|Olga|Natalia|Irina"
        r"|Tatyana|Svetlana|Ursula|Annalena|Catherine|Liz|Elizabeth|Nancy|Claire|Mary|Linda|Helen|Jane|Joan|Alice|Ann|Anne|Judith|Ruth|Carol|Janet|Celeste|Lynn|Beth|Amy|Rachel|Michelle|Barbara|Hannah|Ingrid)\b"
    ),
    particles=words("de von van der den al bin le la du di ibn"),
)
