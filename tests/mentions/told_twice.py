"""Events about made-up brands, each told by two or three newsrooms in their own words, close together in time.

Events of one brand stand here on purpose: what is hard is to keep apart two stories of the same brand in one week.
"""

EVENTS: dict[str, list[tuple[str, str]]] = {
    "Lumara: kettle recall": [
        (
            "Lumara recalls 40,000 kettles after three kitchen fires",
            "Lumara is recalling 40,000 of its Aria kettles after three kitchen fires in Kent and Devon. The maker said "
            "a faulty switch supplied by Boltwerk could overheat. Owners should unplug the kettle and ask for a refund.",
        ),
        (
            "Kitchen fires: Aria kettle taken off the shelves",
            "Owners of the popular Aria kettle have been told to stop using it. Lumara announced a recall of 40,000 "
            "units on Tuesday, blaming a switch from its supplier Boltwerk that overheats. Fire crews in Devon and Kent "
            "attended three kitchen fires.",
        ),
        (
            "Boltwerk switch behind Lumara kettle recall",
            "Supplier Boltwerk has admitted that its switch is the cause of the fires that led Lumara to recall 40,000 "
            "Aria kettles this week. Refunds are offered to all owners in Kent, Devon and elsewhere.",
        ),
    ],
    "Lumara: quarterly results": [
        (
            "Lumara profit rises 12 % on strong coffee machine sales",
            "Lumara reported a quarterly profit of 84 million euros, up 12 %, thanks to strong sales of coffee machines "
            "in Poland and Spain. Chief executive Ines Holt raised the outlook for the year.",
        ),
        (
            "Coffee machines lift Lumara's quarter; outlook raised",
            "Strong demand for coffee machines in Spain and Poland lifted quarterly profit at Lumara by 12 % to 84 "
            "million euros. Ines Holt, chief executive, now expects more for the full year.",
        ),
    ],
    "Lumara: stadium sponsorship": [
        (
            "Rovers' ground to be called Lumara Park",
            "The football club Eastgate Rovers will play at Lumara Park from next season after signing a ten-year "
            "naming deal worth 30 million pounds. Fans protested outside the ground on Sunday.",
        ),
        (
            "Fans angry as Eastgate Rovers sell stadium name to Lumara",
            "Eastgate Rovers have sold the name of their stadium to Lumara for 30 million pounds over ten years. "
            "Supporters protested against Lumara Park outside the ground.",
        ),
    ],
    "Bello: data leak": [
        (
            "Bello apologises after customer data leak",
            "The fashion chain Bello has apologised after the addresses of 210,000 customers were found on an open "
            "server. Security researcher Tom Arden discovered the leak and reported it to the regulator ICO.",
        ),
        (
            "210,000 shoppers exposed in Bello breach",
            "Addresses of 210,000 shoppers lay open on a server of Bello, the fashion chain. Researcher Tom Arden found "
            "them. The ICO has opened an inquiry into the breach and Bello said sorry.",
        ),
    ],
    "Bello: new shops": [
        (
            "Bello to open 15 shops in Scotland",
            "Bello plans 15 new shops in Scotland, starting in Glasgow and Dundee in the spring. The fashion chain will "
            "hire 400 staff, retail director Mara Quinn said.",
        ),
        (
            "400 jobs as fashion chain heads north",
            "Glasgow and Dundee are first as Bello opens 15 shops in Scotland in spring, creating 400 jobs. Mara Quinn, "
            "retail director, said the chain had long looked north.",
        ),
    ],
    "Bello: campaign": [
        (
            "Bello's knitwear campaign stars grandmothers",
            "Bello's winter knitwear campaign features twelve grandmothers from Leeds photographed by Ola Sund. The "
            "film by agency Northmouth runs on television from Friday.",
        ),
        (
            "Grandmothers front winter film for Bello",
            "Twelve grandmothers from Leeds front the winter knitwear film that agency Northmouth made for Bello. Ola "
            "Sund took the photographs.",
        ),
    ],
    "Vantor: strike": [
        (
            "Vantor drivers walk out over night pay",
            "Delivery drivers of Vantor in Rotterdam and Ghent walked out on Monday in a dispute over night pay. Union "
            "leader Jan Peeters said 900 drivers took part; parcels are late by two days.",
        ),
        (
            "Parcels late as 900 Vantor drivers strike",
            "A strike by 900 drivers at Vantor has delayed parcels by two days around Ghent and Rotterdam. The union of "
            "Jan Peeters demands higher night pay.",
        ),
    ],
    "Vantor: electric vans": [
        (
            "Vantor orders 2,000 electric vans from Halden",
            "Vantor has ordered 2,000 electric vans from the Norwegian maker Halden for its city depots. The first will "
            "drive in Utrecht by May, fleet manager Eva Brandt said.",
        ),
        (
            "Halden wins big order for electric vans",
            "Norwegian van maker Halden has won an order of 2,000 electric vans from Vantor. Eva Brandt, fleet manager, "
            "expects the first in Utrecht in May.",
        ),
    ],
}
