"""Words around a name that tell whether it is a brand, and words that are no part of a name."""

from brandhound.mentions.cues import BUSINESS, STRONG_BUSINESS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DROPPED = _words(
    """
    the a an i in on at by for from of to and but or if it its he she they we you this that these those as is was were are be my
    your his her our their who what when where why how not no yes so then there here with after before since while until some
    any each every also just now today yesterday tomorrow still even both although though because however meanwhile despite
    according during under like such yet nor among about into let do does did don has have had will would can could may might
    should must rt via lol omg wtf dm fyi ok okay oh hi hey hello thanks thank please going come mr mrs ms dr sir
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
    november december jan feb mar apr jun jul aug sep sept oct nov dec
    """
)
"""They begin or end no name."""
ALONE = _words(
    """
    all new one two three four five six more most only over us god internet st christmas easter happy good great best love watch
    read see check get got go back day night morning week english french german american british european asian african chinese
    japanese russian indian italian spanish dutch canadian australian mexican irish scottish welsh korean israeli iranian iraqi
    turkish greek polish swedish muslim christian jewish catholic republican republicans democrat democrats democratic black
    white western eastern northern southern president prime minister king queen senator pope general captain coach professor
    doctor judge mayor governor chief americans europeans germans russians christians muslims photo photos image video
    """
)
"""They are no name by themselves."""
PERSON_BEFORE = _words(
    """
    mr mrs ms dr sir president minister senator coach captain judge mayor governor professor actor actress singer striker
    midfielder author chancellor prince princess king queen pope lord lady detective sergeant lieutenant general chairman
    spokesman spokeswoman quarterback goalkeeper rapper comedian director founder exchequer spokesperson secretary ambassador
    commissioner congressman congresswoman sen rep gov ceo cfo coo cto attorney analyst editor executive officer
    """
)
TITLES = _words(
    """
    exchequer chancellor senator congressman congresswoman minister secretary ambassador commissioner governor mayor president
    professor spokesman spokeswoman spokesperson chairman chairwoman ceo cfo coo cto sen rep gov
    """
)
"""They stand before a person and are no part of a name, and what they are of is none either: the Secretary of State."""
THINGS = _words(
    """
    ai api apis apr asap atm atms b2b b2c bmi cctv cd cds ceo ceos cfd cfds cfo cgi cms co2 coo covid cpi cpu cpus crm cto cv
    dlc dna dpi drm dslr dvd dvds eps esg eta etf etfs ev evs faq faqs fomo fps gdp gdpr gif gmo gmos gmt gpa gps gpu gpus
    gui hd hdd hdmi hdr hiv hr html http https hvac id ids iot ip ipo ipos iq irl isbn isp isps it iv ivf kpi kpis lan lcd
    led leds lgbt lgbtq lp mba mbps mri ngo ngos nsfw ocd oem ok oled os pc pcs pdf pdfs phd pin pms pos ppe pr ps ptsd pvc
    pvp qa qr ram rgb roi rpg rpm rsi rss rv rvs sdk seo sms sql ssd ssl std suv suvs tbd tech tv tvs ui url urls usb usd ux
    vat vip vips vod voip vpn vr wifi wlan wmd www xml yoy
    """
)
"""Abbreviations of things: as many companies have them as names as any other letters, and nobody means these."""
SHORT_PLACES = _words("uk us usa uae eu nyc dc ussr prc drc gb nz nsw bc dmz eea gcc mena emea apac usvi bvi")
INSTITUTIONS = _words(
    """
    academy administration agency army assembly association associations authority bank banks board branch bureau cabinet
    campaign center centre chamber church club college colleges commission committee committees company congress
    conservatives constitution corporation council councils court courts department departments division embassy faculty
    federation forces foundation fund funds government group gym hall headquarters hospital hospitals hotel hotels house
    houses initiative institute institution journal league legislature library magazine market markets media ministry museum
    museums navy network networks news newspaper office offices opposition palace parliament party police post prison program
    programme radio register restaurant restaurants salon school schools senate service services shop society spa station
    store stores studio theater theatre times tower treasury tribunal trust trusts union unions university universities
    """
)
"""Nouns of what brands can be: no name by themselves, nor with words that only say which of them in a place."""
WHICH = _words(
    """
    central main head local regional national federal state municipal public private general executive district supreme high
    appeals legal human press marketing sales finance financial housing health education planning fire police preservation
    advisory editorial parish city county town village military foreign interior defense defence justice labor labour energy
    first
    """
)
QUALIFIED = (
    "owned listed based backed led born style like related made funded wide friendly powered branded sponsored approved"
)
"""A name before these, with a hyphen, says what the word behind is: Kroger-owned QFC are two names."""
VERBS = _words(
    """
    said says announced announces launched launches acquired acquires sells sold unveiled bought owns released plans reported
    reports makes offers recalled raised sued fined hired cut shut opened opens plans expects posted agreed introduced
    """
)
OWN_NOUNS = (BUSINESS | STRONG_BUSINESS) - _words("board owner owns union strike")
TRADES = OWN_NOUNS | _words("giant retailer publisher provider unit conglomerate agency group label studio network")
BUYING = _words(
    """
    bought buy buying wear wearing wore using use used order ordered drinking drink eating eat love download downloaded tried try
    """
)
OWNING = _words("my your his her our their new old favorite favourite")
PREPOSITIONS = _words("at by from with via to")
WHERE = _words("in near across outside around")
PLACE_NOUNS = _words(
    """
    archipelago avenue beach boulevard bridge canyon coast county creek desert gulf highway hill hills island islands isle isles
    lake lakes lane mountain mountains peninsula plateau prefecture province ridge river road straße strasse street town
    valley village
    """
)
"""What ends in one of these is a place."""
MATTERS = _words(
    """
    accord act agreement amendment anniversary attack attacks award awards bill bowl caucus ceremony championship championships
    clause code conference convention crisis cup day debate declaration deal decree derby doctrine dossier election elections
    era fair fest festival games hearing hearings index initiative investigation law laws marathon massacre measure memorandum
    movement night olympics order pact papers parade plan policy prize primary primaries project protests proposal protocol
    referendum reform report resolution revolution rule rules scandal season speech statute strategy summit syndrome tax theory
    tour tournament treaty trial tweet verdict virus vote war wars weekend week year years
    """
)
"""What ends in one of these is a law, an event, a paper or a time, and nothing that sells."""
OFFICES = _words(
    """
    adviser advisor aide ambassador archbishop assemblyman attorney baron bishop cardinal chairman chairwoman chancellor
    chief colonel commander commissioner congressman congresswoman councillor councilman councilwoman czar delegate deputy
    detective
    director dr duchess duke emperor envoy general gov governor judge justice king lady leader lieutenant lord major mayor mep
    minister mk mp mps nominee officer pope premier president prince princess professor prosecutor queen rep reps representative
    representatives secretary sen sens senator senators sergeant sheikh sheriff sir speaker sultan treasurer whip
    """
)
"""Words for what a person is: in a name they make it a person's."""
