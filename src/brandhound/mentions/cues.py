"""Words and patterns beside a name that tell how it is meant."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BEFORE = re.compile(r"[@#$]?[\w'’&-]+$")
AFTER = re.compile(r"([ \t]?)([\w&][\w'’&-]*)")
LEGAL_FORM = re.compile(
    r",?[ \t](Inc|Incorporated|Corp|Corporation|Co|Company|LLC|LLP|Ltd|Limited|PLC|plc|GmbH|AG|SE|S\.?A|SAS|S\.?p\.?A|N\.?V|B\.?V"
    r"|A/S|AB|ASA|Oyj?|Group|Holdings?|KK|Pty|Pte)\b\.?"
)
EXCHANGES = (
    r"NYSE(?:[ \t]?(?:American|Arca|MKT))?|NASDAQ(?:GS|GM|CM)?|Nasdaq(?:GS|GM|CM)?|AMEX|OTC(?:MKTS|QB|QX|BB)?|LSE|LON|TSX(?:V)?|"
    r"ASX|HKG|HKEX|SEHK|TYO|TSE|FRA|ETR|XETRA|EPA|PAR|AMS|SWX|SIX|BIT|BME|STO|OMX|NSE|BSE|KRX|SGX|JSE"
)
TICKER_AFTER = re.compile(
    rf"[^.!?\n(]{{0,24}}\([ \t]?(?:(?:{EXCHANGES})[ \t]?:[ \t]?|\$)([A-Z0-9.]{{1,6}})\b"
    r"|[ \t]?\(([A-Z]{2,5}(?:\.[A-Z]{1,2})?)\)"
)
TICKER_BEFORE = re.compile(rf"(?:\$|\b(?:{EXCHANGES})[ \t]?:[ \t]?|\()$")
POSSESSIVE = re.compile(r" ?['’](?:s\b|S\b)")
PREPOSITIONS = _words(
    """
    at from by with to than via like against for of versus vs behind between unlike inside
    """
)
ARTICLES = _words(
    """
    the a an my your his her our their this these those some any each every no
    """
)

# Words of the world of companies; the first ones are seldom used of anything else.
STRONG_BUSINESS = _words(
    """
    shares stock ceo cfo coo cto earnings revenue revenues quarterly profit profits spokesperson spokesman
    spokeswoman shareholders shareholder investors analyst analysts acquisition merger subsidiary retailer
    headquarters executive executives bankruptcy billionaire antitrust regulator regulators layoffs stake billion
    """
)
BUSINESS = _words(
    """
    company companies brand brands customer customers store stores app apps products launch launched launches
    launching announced announces quarter sales competitor competitors rival rivals users founder startup firm maker
    chain acquired employees million ads advertising website online software device devices manufacturer corporation
    lawsuit bought buy sells sold selling workers worker employee staff warehouse warehouses factory plant plants
    board chairman chairwoman chief outlook forecast forecasts fees price prices merchant merchants seller sellers
    driver drivers flight flights passengers pilots strike union settle settlement fined fine licence license
    subscription subscribers branch branches campaign collection handbags chocolate trucks vehicles discount
    discounts owner owns customer's fiber fibre network cards card payments payment bank banks airline airlines
    carmaker automaker handset handsets laptop laptops phone phones emails email developers platform smartphone ad
    shares stock ceo cfo coo cto earnings revenue revenues quarterly profit profits spokesperson spokesman
    spokeswoman shareholders shareholder investors analyst analysts acquisition merger subsidiary retailer
    headquarters executive executives bankruptcy billionaire antitrust regulator regulators layoffs stake billion
    """
)
TITLES = _words(
    """
    mr mrs ms miss dr prof sir lord lady senator sen rep gov president judge justice captain officer coach
    """
)
WORD = re.compile(r"[\w']+")

# What companies do: a name before one of these is somebody who acts.
ACTS = _words(
    """
    said says unveiled unveils reported reports announced announces launched launches recalled recalls cancelled
    cancels canceled cut cuts acquired acquires bought buys sold sells hired hires fired fires sued sues opened
    opens closed closes raised raises posted posts plans planned wants hopes expects expected agreed agrees denied
    denies confirmed confirms told tells warned warns pledged promised introduced introduces released releases
    rolled rejected stopped offers offered pays paid faces faced apologized apologised apologises employs operates
    makes claims claimed insists invests invested owns shut shuts shows showed adds added grows grew fell falls rose
    rises hits hit wins won loses lost sees saw takes took gives gave brings brought builds built begins began
    starts started tries tried seeks sought spends spent charges ships refuses struck settled settles filed files
    names named picks picked replaces leads led holds hikes slashes beats beat misses joins joined teams partners
    blames vows urges argues believes thinks
    """
)

# Before these a word without an article is a name: “Apple has”, not “an apple has”.
VERBS = _words(
    """
    is was has will had must could would should may might can does did isn't wasn't hasn't won't doesn't didn't
    wouldn't also now still never already
    """
)

# After these a word that may be a verb is one: “ring the bell”, “discover how”.
OBJECTS = _words(
    """
    the a an your my our his her their its this these those it them us him me you how why what where more off down
    up out yourself
    """
)

# Any of these opens a sentence with a capital and says nothing of the name after it.
OPENERS = _words(
    """
    and but or so yet if when while as because since although though after before at in on by for from with to of
    unlike like both not even only then now today yesterday meanwhile also why how what who where does did is was
    will can could would should has have are do that than rival retailer maker owner buying using inside
    """
)

# Participles that make an adjective of the word before them.
ADJECTIVAL = _words(
    """
    based colored coloured flavored flavoured shaped sized related needed red bed shed speed seed feed need weed
    """
)

# Companies whose names mean nothing else: one beside a name of many meanings says which is meant.
COMPANIES = _words(
    """
    google microsoft facebook meta walmart costco mastercard amex unilever nestlé nestle vodafone verizon t-mobile
    comcast netflix disney tesla toyota honda volkswagen nissan hyundai kia bmw mercedes audi porsche stellantis
    renault peugeot fiat volvo subaru mazda bp exxon exxonmobil chevron totalenergies equinor samsung huawei xiaomi
    sony lg nokia ericsson intel amd nvidia qualcomm ibm oracle salesforce adobe sap cisco hp dell lenovo airbnb
    lyft doordash deliveroo grubhub instacart spotify tiktok bytedance twitter snapchat pinterest linkedin reddit
    youtube instagram whatsapp paypal stripe klarna citi citigroup citibank jpmorgan barclays hsbc goldman starbucks
    mcdonald's mcdonalds wendy's chipotle pepsico pepsi coca heinz kraft mondelez hershey danone kellogg procter
    l'oréal loreal colgate gillette henkel adidas nike puma reebok lululemon levi's levi zara inditex h&m uniqlo
    primark asos shein temu alibaba tencent baidu walgreens cvs kroger tesco sainsbury's asda aldi lidl carrefour
    ikea lowe's wayfair ebay etsy shopify kohl's macy's nordstrom sephora lvmh gucci prada hermès kering tapestry
    ralph boeing airbus lufthansa ryanair easyjet pfizer moderna astrazeneca novartis roche bayer siemens bosch
    philips panasonic mattel hasbro lego nintendo playstation xbox zoom discord dropbox openai anthropic uber swiggy
    zomato flipkart fedex ups dhl telefónica telefonica swisscom
    """
)

# Before these a company suffers something, after them it is named: “sued Apple”, “flew Delta”.
DONE_TO = _words(
    """
    run runs ran join joined joins founded sue sued sues suing acquire acquired acquires buy bought buys own owns owned order
    ordered orders accuse accused accuses fine fined fines urge urged quit ask asked told allow allowed ban banned force forced
    leave flew fly flying use used uses using call called beat overtaken overtook replace replaced boycott
    """
)

# What is looked for in the sentence of a name, wherever in it.
CUES = frozenset(word for word in BUSINESS | COMPANIES if WORD.fullmatch(word))


def word_at(text: str, start: int, end: int) -> str:
    """The word that stands there in lower case, with the apostrophes that belong to it."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if after == "'" or before == "'" or after.isalnum() or before.isalnum():
        while start and (text[start - 1] == "'" or text[start - 1].isalnum() or text[start - 1] == "_"):
            start -= 1
        if found := WORD.match(text, start):
            end = found.end()
    return text[start:end].lower()
