"""Words that go with what a brand sells: they say that the brand is meant, not its namesake."""

CATEGORY_WORDS: dict[str, str] = {
    "amenity/bank": (
        "bank banking account accounts loan loans mortgage credit branch branches deposit savings atm lender "
        "interest payment"
    ),
    "amenity/cafe": "coffee cafe latte espresso barista drink drinks cup brew roast menu store",
    "amenity/car_rental": "car cars rental rent hire vehicle airport booking",
    "amenity/charging_station": "charging charger electric ev vehicle battery",
    "amenity/cinema": "cinema movie movies film films screen tickets theater theatre",
    "amenity/fast_food": (
        "food burger burgers fries menu meal restaurant restaurants sandwich sandwiches chicken pizza order "
        "drive-thru franchise lunch dinner eat ate breakfast"
    ),
    "amenity/fuel": "fuel gas oil petrol station stations diesel gasoline pump energy drilling refinery barrel",
    "amenity/pharmacy": "pharmacy drugstore prescription medicine vaccine health store",
    "amenity/restaurant": "restaurant menu food meal dinner lunch order dish waiter waitress ate eat chain",
    "leisure/fitness_centre": "gym fitness membership workout training trainer exercise",
    "office/estate_agent": "property estate house houses agent agents rent broker",
    "office/insurance": "insurance insurer policy policies claim claims premium coverage",
    "shop/alcohol": "wine beer spirits bottle whisky vodka liquor drink",
    "shop/bakery": "bread bakery cake pastry bake",
    "shop/beauty": "beauty skin skincare makeup cosmetics cream salon",
    "shop/books": "book books bookstore author read reading",
    "shop/car": (
        "car cars vehicle vehicles suv sedan truck trucks engine drive driver driving electric hybrid model "
        "dealer dealership automaker"
    ),
    "shop/car_repair": "car cars tire tires tyres oil brake brakes repair mechanic",
    "shop/chemist": "shampoo soap drugstore cosmetics toothpaste",
    "shop/clothes": (
        "clothes clothing wear wearing wore jeans shirt shirts jacket jackets coat sweater sweaters pants "
        "chinos dress dresses suit suits fashion outfit fit style shoes denim sizing collection store fabric"
    ),
    "shop/computer": "computer laptop software device hardware desktop",
    "shop/convenience": "store convenience shop snacks cashier",
    "shop/cosmetics": (
        "cosmetics makeup skin skincare lipstick mascara cream lotion serum shampoo fragrance beauty soap"
    ),
    "shop/department_store": "store stores retailer shopping shop bought buy sale department mall clothes",
    "shop/doityourself": "hardware tools paint lumber garden diy store drill",
    "shop/electronics": (
        "electronics phone phones computer laptop tablet device devices app screen tv camera store gadget"
    ),
    "shop/furniture": "furniture sofa bed mattress table chair store home",
    "shop/jewelry": "jewelry jewellery ring rings watch watches necklace diamond gold",
    "shop/mobile_phone": "phone phones mobile smartphone network carrier broadband app 5g data plan",
    "shop/optician": "glasses eyewear lenses sunglasses frames eye",
    "shop/perfumery": "perfume fragrance scent cosmetics",
    "shop/shoes": "shoe shoes boots boot sneakers sneaker trainers leather sole running wear",
    "shop/sports": "sport sports running bike outdoor gear jersey shoes training",
    "shop/supermarket": "grocery groceries supermarket store food shop shopping aisle checkout bought buy brand",
    "shop/telecommunication": "mobile broadband phone network telecom operator internet carrier customers 5g",
    "shop/toys": "toy toys game games kids play",
    "shop/variety_store": "store discount shop bought cheap",
    "tourism/hotel": "hotel hotels room rooms stay stayed resort booking guests lobby",
}

_GROUPS = (
    "amenity",
    "shop",
    "office",
    "leisure",
    "tourism",
    "club",
    "craft",
    "healthcare",
    "highway",
    "landuse",
    "waterway",
)
_EMPTY_WORDS = frozenset((*_GROUPS, "store", "yes", "and"))


def words_of_category(category: str) -> tuple[str, ...]:
    """The words of a category in lower case; for one that is not in the table, the words of its own name."""
    if known := CATEGORY_WORDS.get(category):
        return tuple(known.split())
    own = category.lower().replace("/", " ").replace("_", " ").replace("&", " ").split()
    found = [word for word in own if len(word) > 2 and word not in _EMPTY_WORDS]
    close = [words for name, words in CATEGORY_WORDS.items() if any(word in name for word in found)]
    return tuple(dict.fromkeys([*found, *(word for words in close for word in words.split())]))
