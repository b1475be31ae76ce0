"""What brands sell: its name for people, and the words that go with it and say that no namesake is meant."""

from functools import lru_cache
from importlib.resources import files

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
    "office/it": "software app apps platform cloud data computer code developer developers user users release update",
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


def name_of_category(category: str) -> str:
    """The catalogue's category as people call it: "amenity/fast_food" is "Fast food". Others stay as they are."""
    return _names().get(category, category)


def words_of_category(category: str) -> tuple[str, ...]:
    """The words of a category in lower case, by its name or its key; for an unknown one, the words of its own name."""
    keys = _keys().get(category.strip().lower(), (category,))
    return tuple(dict.fromkeys(word for key in keys for word in _words_of_key(key)))


def keys_of_category(category: str) -> tuple[str, ...]:
    """The catalogue's keys for a category by its name or its key; none for one that is somebody's own."""
    return (category,) if category in _names() else _keys().get(category.strip().lower(), ())


def _words_of_key(category: str) -> tuple[str, ...]:
    if known := CATEGORY_WORDS.get(category):
        return tuple(known.split())
    own = category.lower().replace("/", " ").replace("_", " ").replace("&", " ").split()
    found = [word for word in own if len(word) > 2 and word not in _EMPTY_WORDS]
    close = [words for name, words in CATEGORY_WORDS.items() if any(word in name for word in found)]
    return tuple(dict.fromkeys([*found, *(word for words in close for word in words.split())]))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    lines = files("brandhound.brands").joinpath("categories.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


@lru_cache(maxsize=1)
def _keys() -> dict[str, tuple[str, ...]]:
    """Names in lower case to the keys they stand for: petrol is sold on land and on water."""
    keys: dict[str, tuple[str, ...]] = {}
    for key, name in _names().items():
        keys[name.lower()] = (*keys.get(name.lower(), ()), key)
    return keys
