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
    spokesman spokeswoman quarterback goalkeeper rapper comedian director founder
    """
)
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
