"""Whether two names mean one brand, and what is said about it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from brandhound.brands.comparing.kinship import Kinship, kin_among
from brandhound.brands.comparing.likeness import compare_names
from brandhound.brands.comparing.parts import parts_of, telling_words
from brandhound.brands.comparing.rarity import Rarity
from brandhound.brands.names import BrandNames, Name, NameKind

PAIRS = Path(__file__).parent / "name_pairs.tsv"


def pairs() -> Iterator[tuple[bool, str, str]]:
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        label, one, other = line.split("\t")
        yield label == "same", one, other


def likely(one: str, other: str) -> float:
    return compare_names(one, other, Rarity()).probability


def brand(key: str, name: str, *more: tuple[str, NameKind], website: str = "", category: str = "") -> BrandNames:
    names = (Name(name), *(Name(text, kind) for text, kind in more))
    return BrandNames(key, name, names, website=website, category=category)


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        ("Acme Foods, Inc.", "ACME Foods", "legal form"),
        ("British Broadcasting Corporation", "BBC", "first letters"),
        ("International Business Machines", "IBM", "is the ticker of"),
        ("Meta (formerly Facebook)", "Facebook", "was called"),
        ("Coca-Cola", "#CocaCola", "letters"),
        ("Crédit Agricole", "Credit Agricole S.A.", "same words"),
        ("Яндекс", "Yandex", "sound alike"),
        ("!ndigo", "Indigo", "same words"),
        ("C#", "C Sharp", "same letters"),
        ("Zandora+", "Zandora", "same words"),
        ("L'Atelier Zandora", "Atelier Zandora", "same words"),
        ("Zandora Boulangerie", "Zandora Bakery", "same words"),
        ("Державний банк", "State Bank", "same words"),
        ("Төрийн банк", "State Bank", "same words"),
        ("Deutsche Zandora", "deutschezandora.de", "same letters"),
        ("Le Five", "Five", "same words"),
        ("Zandora Technology", "Zandora Technlogy", "technlogy"),
        ("クボタ", "Kubota", "same"),
        ("현대", "Hyundai", "onsonants"),
        ("L&Z", "Lander & Zandora", "first letters"),
        ("TfZ", "Transport for Zandora", "first letters"),
        ("AT&Z", "American Telephone and Zandora", "first letters"),
        ("SNCF", "Société nationale des chemins de fer français", "first letters"),
        ("ZNB", "Zandora Národní Banka", "first letters"),
        ("Zandora", "ZANDORA SE + Co. KG", "same words"),
        ("Zandora", "Zandora SA/NV", "same words"),
    ],
)
def test_one_brand_written_in_two_ways_is_recognized_and_the_reason_is_said(one: str, other: str, word: str) -> None:
    likeness = compare_names(one, other, Rarity())

    assert likeness.probability > 0.85
    assert any(word in evidence.text for evidence in likeness.evidence), likeness.evidence


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        ("Norvest", "Northern Vestland Bank", "how the words of the other begin"),
        ("NOV Wealth Management", "Northern Oak Vineyards Wealth Management", "first letters of words"),
        ("Zandora Hotels", "Zandora", "only describes"),
        ("Zandora Australia", "Zandora", "often left out"),
        ("Piekarnia Zandora", "Zandora", "only describes"),
        ("Zandora Fittness", "Zandora Fitness", "Fitness"),
        ("Virgin Hotels", "Virgin Hotel", "only describes"),
        ("Zandora Red Robin Grillhouse", "Zandora Red Robin", "words stand in both"),
        ("NKB", "Norvest Kantonalbank", "letters of the words"),
        ("GCB Bank", "Ghana Commercial Bank", "first letters"),
        ("ZandoraMar Hotels", "Zandora-Mar", "only describes"),
        ("Zandora", "Bäckerei Zandora", "only describes"),
        ("Österreichische Zandora Bank", "Zandora Bank Austria", "another order"),
        ("Zandora", "Zandora Hungary", "only says in which country"),
    ],
)
def test_what_people_leave_out_shorten_or_misspell_speaks_for_one_brand(one: str, other: str, word: str) -> None:
    likeness = compare_names(one, other, Rarity())

    assert likeness.probability > 0.5
    assert any(word.casefold() in evidence.text.casefold() for evidence in likeness.evidence), likeness.evidence


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        ("Zandora", "Zandora, a. s.", "same words"),
        ("Zandora", "ZANDORA, S.A.B. de C.V.", "same words"),
        ("Zandora", "AB Zandora", "same words"),
        ("Zandora Norvest", "Zandora Norvest SGPS, S.A.", "same words"),
        ("Zöndura", "Zoendura", "same letters"),
        ("Q&Z", "QZ", "same letters"),
        ("AIG", "American International Group, Inc.", "ticker"),
        ("ZNG", "Zandora Norvest Group, Inc.", "first letters"),
        ("GTÜ", "Gesellschaft für technische Überwachung", "first letters"),
        ("Zandora", "Giorgio Zandora", "first name in front"),
        ("Zandorano", "Zandroano", "swapped"),
        ("Zandorano", "Zanndorano", "once or twice"),
        ("Zandorran", "Zanndoran", "once or twice"),
        ("TNG", "The Norvest Group", "first letters"),
        ("ZNECO", "Zandora Norvest Electric Company", "words of the other begin"),
        ("Zanbraa", "Zandora Brasileira de Agropecuária", "words of the other begin"),
        ("זנדורה", "Zandora", "in other letters"),
        ("أدنـورا", "Adnora", "in other letters"),
    ],
)
def test_how_companies_and_people_write_a_name_is_known(one: str, other: str, word: str) -> None:
    likeness = compare_names(one, other, Rarity())

    assert likeness.probability > 0.5
    assert any(word in evidence.text for evidence in likeness.evidence), likeness.evidence


def test_a_part_of_a_name_is_not_told_as_made_of_its_words() -> None:
    # “Zalens” could be made of either: Z, ALEN and S.
    for other, is_made in (("Zalens Alenia Space", False), ("Zandora Alenia Space", True)):
        assert is_made is any(one.code == "beginnings" for one in compare_names("Zalens", other, Rarity()).evidence)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zandora", "H. J. Zandora"),
        ("Zandora", "J D Zandora"),
        ("Zandora's", "Zandora Company"),
        ("Zandora Norvest", "Zandora Norvest Incorproated"),
        ("Zandora", "PT Zandora Tbk"),
        ("Zandora", "Société Zandora"),
    ],
)
def test_initials_in_front_possessives_and_slips_in_legal_forms_do_not_part_a_brand(one: str, other: str) -> None:
    assert likely(one, other) > 0.65


def test_a_ticker_of_the_list_is_told_as_what_it_is_and_counts_more_where_it_is_marked() -> None:
    marked, bare = compare_names("Nvidia", "$NVDA", Rarity()), compare_names("Nvidia", "NVDA", Rarity())

    assert marked.probability > bare.probability > 0.9
    assert [one.code for one in marked.evidence] == ["listed_ticker"]
    assert likely("Zandora", "$NVDA") < 0.5


def test_two_companies_that_have_one_ticker_on_two_exchanges_are_two() -> None:
    apart = compare_names("Prudential plc", "Prudential Financial", Rarity())

    assert apart.probability < 0.2
    assert "listed_apart" in [one.code for one in apart.evidence]
    assert min(likely("PRU", "Prudential Financial"), likely("$PRU", "Prudential plc")) > 0.9


def test_a_brand_with_an_icon_and_the_company_on_an_exchange_are_not_listed_apart() -> None:
    told = [one.code for one in compare_names("Ford", "Ford Motor Company", Rarity()).evidence]

    assert "listed_apart" not in told
    assert "listed_apart" in [one.code for one in compare_names("Google", "Google Maps", Rarity()).evidence]


def test_a_name_that_nobody_else_in_the_list_has_is_no_reason() -> None:
    for other in ("Wizz Air", "Palantir", "Spotify Technology"):
        assert not any("Nobody else" in one.text for one in compare_names(other.split()[0], other, Rarity()).evidence)


def test_what_the_list_has_for_one_is_likely_one_though_no_word_is_shared() -> None:
    likeness = compare_names("Luanti", "Minetest", Rarity())

    assert likeness.probability > 0.5
    assert any(evidence.code == "listed_as_one" and evidence.weight > 0 for evidence in likeness.evidence)


def test_goods_behind_a_name_and_a_legal_form_behind_words_that_are_more_are_reasons() -> None:
    gin = compare_names("Zandora", "Zandora Gin", Rarity())
    full = compare_names("Zandora", "Zandora Spieleverlag GmbH", Rarity())

    assert any("sold under a brand" in evidence.text for evidence in gin.evidence)
    assert any("full name" in evidence.text for evidence in full.evidence)
    assert full.probability > compare_names("Zandora", "Zandora Spieleverlag", Rarity()).probability


def test_abbreviations_are_looked_for_in_words_as_they_are_written() -> None:
    assert likely("ZÖM", "Zandorische Österreichische Möbel") > likely("ZÖM", "Zandorische Deutsche Möbel")


def test_what_words_that_are_more_mean_is_a_reason() -> None:
    vodka, records = (compare_names("Zandora", f"Zandora {word}", Rarity()) for word in ("Vodka", "Records"))

    assert vodka.probability > records.probability


def test_a_name_that_ends_in_another_letter_is_less_like_than_one_with_two_letters_swapped() -> None:
    assert likely("Zandorano", "Zandorani") < likely("Zandorano", "Zandroano")


@pytest.mark.parametrize("ticker", ["$NVDA", "NVDA", "NASDAQ: NVDA"])
def test_who_goes_by_the_ticker_of_a_listed_company_may_be_it(ticker: str) -> None:
    (kin,) = kin_among([brand("a", "Nvidia"), brand("b", ticker)])

    assert kin.likeness.probability > 0.8
    assert kin_among([brand("a", "Zandora"), brand("b", ticker)]) == []


def test_what_the_list_of_companies_has_as_two_is_less_likely_one() -> None:
    listed = compare_names("Google", "Google Maps", Rarity())

    assert listed.probability < 0.5 < likely("Google", "Google Deutschland")
    assert any("has them as two" in evidence.text for evidence in listed.evidence)


def test_a_foundation_or_a_stadium_is_not_the_company_whose_name_it_bears() -> None:
    for name in ("Allianz", "Vodafone"):
        company, stadium = (
            compare_names(name, f"{name} Assurance", Rarity()),
            compare_names(name, f"{name} Arena", Rarity()),
        )

        assert stadium.probability < company.probability
        assert any("another kind of thing" in evidence.text for evidence in stadium.evidence)


def test_a_word_with_a_meaning_of_its_own_is_no_misspelling_of_a_name() -> None:
    assert likely("NextEra Energy", "Entergy") < 0.5


def test_a_name_made_of_beginnings_is_compared_though_no_word_is_shared() -> None:
    (kin,) = kin_among([brand("a", "Norvest"), brand("b", "Northern Vestland Bank")])

    assert {kin.first, kin.second} == {"a", "b"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Group", "Beta Group"),
        ("Delta Air Lines", "Delta Faucet"),
        ("Motel 6", "Studio 6"),
        ("Bank of America", "Bank of Ireland"),
        ("American Express", "American Airlines"),
        ("Visa", "Vista"),
        ("C++", "C#"),
        ("F#", "C#"),
        ("C++", "C"),
    ],
)
def test_two_brands_that_share_a_word_are_not_taken_for_one(one: str, other: str) -> None:
    assert likely(one, other) < 0.5


def test_the_rare_word_counts_and_not_the_one_that_every_second_company_has() -> None:
    assert likely("Acme Group", "Acme Holdings") > likely("Acme Group", "Beta Group")


def test_a_word_that_many_companies_have_says_less_than_one_that_only_this_one_has() -> None:
    only, many = (compare_names(name, f"{name} Plaza", Rarity()) for name in ("Vodafone", "Hilton"))

    assert only.probability > many.probability
    assert any("No other company" in evidence.text for evidence in only.evidence)
    assert any("3 other companies have “hilton” in the name" in evidence.text for evidence in many.evidence)


def test_another_name_that_the_catalogue_has_brings_together_what_shares_no_word() -> None:
    (kin,) = kin_among([brand("a", "Freedom Mobile"), brand("b", "Wind Mobile Shops")])

    assert any("calls “Freedom Mobile” also “wind mobile”" in one.text for one in kin.likeness.evidence)
    assert kin.likeness.probability > likely("Freedom Mobile", "Wind Mobile Shops") + 0.2


def test_that_the_catalogue_calls_a_company_by_a_part_of_its_name_says_nothing_of_its_sisters() -> None:
    assert not any(
        kin.likeness.probability > 0.7 for kin in kin_among([brand("a", "Tata Motors"), brand("b", "Tata Steel")])
    )


def test_what_the_catalogue_lists_as_two_brands_is_not_suggested_as_one_for_its_name_alone() -> None:
    for one, other in (("Hilton", "Hilton Garden Inn"), ("Gazprom", "Gazprom Neft"), ("Bosch", "Bosch Car Service")):
        assert kin_among([brand("a", one), brand("b", other)]) == []

    same: tuple[str, NameKind] = ("hilton.example", "domain")
    (kin,) = kin_among([brand("a", "Hilton", same), brand("b", "Hilton Garden Inn", same)])
    assert "The catalogue lists them as two brands" in [one.text for one in kin.likeness.evidence]


def test_no_share_of_what_words_say_is_told_as_more_than_all_of_it() -> None:
    (said,) = [one.text for one in compare_names("Campsa", "Campsa Red", Rarity()).evidence if one.code == "shared"]

    assert 0 < int(said.split(" %")[0].rsplit(" ", 1)[-1]) <= 100


def test_it_does_not_matter_which_name_comes_first() -> None:
    rarity = Rarity()
    for _, one, other in pairs():
        assert compare_names(one, other, rarity) == compare_names(other, one, rarity)


def test_of_the_pairs_written_by_hand_as_few_are_told_wrongly_as_before() -> None:
    rarity = Rarity()
    told = [(same, compare_names(one, other, rarity).probability >= 0.85) for same, one, other in pairs()]
    right = sum(same and said for same, said in told)

    assert right / sum(said for _, said in told) >= FLOOR_PRECISION
    assert right / sum(same for same, _ in told) >= FLOOR_RECALL


# Half of these pairs are traps laid to be fallen into. The weights were fitted on them, too; since then 1.0 and .971 hold.
FLOOR_PRECISION = 0.98
FLOOR_RECALL = 0.95


@pytest.mark.parametrize("name", ["", "   ", "®", "(formerly)", "&", "的", "a" * 500, "formerly formerly", "Inc."])
def test_a_name_of_which_nothing_is_left_is_like_no_other(name: str) -> None:
    assert likely(name, "Acme") < 0.5


def test_a_common_site_or_ticker_brings_together_what_names_do_not() -> None:
    one = brand("a", "Alpenglanz", website="https://www.glanz.example/de")
    other = brand("b", "Glow of the Alps", ("glanz.example", "domain"))
    ticker = brand("c", "Umbrella", ("NYSE: UMB", "ticker"))
    same_ticker = brand("d", "Regenschirm", ("UMB", "ticker"))

    found = kin_among([one, other, ticker, same_ticker])

    assert [{kin.first, kin.second} for kin in found if kin.likeness.probability > 0.5] in (
        [{"a", "b"}, {"c", "d"}],
        [{"c", "d"}, {"a", "b"}],
    )


def test_what_a_person_told_apart_is_not_asked_again() -> None:
    brands = [brand("a", "Acme Foods"), brand("b", "Acme Foods Inc.")]

    assert kin_among(brands)
    assert kin_among(brands, frozenset({frozenset({"a", "b"})})) == []


def test_two_brands_of_two_hundred_names_each_are_compared_in_a_moment() -> None:
    many: list[tuple[str, NameKind]] = [(f"Acme variant {number}", "short") for number in range(199)]
    brands = [brand(key, f"Acme {key}", *many) for key in "ab"]

    assert kin_among(brands)


def test_no_brands_have_no_kin() -> None:
    assert kin_among([]) == []
    assert kin_among([brand("a", "Acme")]) == []


def test_names_parted_into_words_otherwise_differ_by_their_descriptions_alone() -> None:
    told = [one.text for one in compare_names("Sun Flower", "Sunflower Bank", Rarity()).evidence]
    assert "The same but for “bank”, which only describes" in told


def test_a_word_that_says_what_a_brand_sells_adds_little_to_its_name_and_one_of_another_trade_does() -> None:
    def with_trade(category: str) -> Kinship:
        (kin,) = kin_among([brand("a", "Zandora", category=category), brand("b", "Zandora Pizzeria")], least=0.0)
        return kin

    restaurant, bank = with_trade("Restaurant"), with_trade("Bank")

    assert restaurant.likeness.probability > bank.likeness.probability + 0.1
    assert "“pizzeria” says what the other sells, too" in [one.text for one in restaurant.likeness.evidence]
    assert any("hardly called “pizzeria”" in one.text for one in bank.likeness.evidence)


@pytest.mark.parametrize(
    ("of_one", "other", "why"),
    [
        (("NYSE: UMBX", "ticker"), "UMBX", "“UMBX” is the ticker of the other"),
        (("@GlowAlps", "handle"), "Glow Alps", "“GlowAlps” is the handle of the other"),
        (("glowalps.com", "domain"), "www.glowalps.com", "Both have the site glowalps.com"),
        (("Regenschirm", "former"), "Regenschirm AG", "only the legal form differs (“AG”)"),
    ],
)
def test_who_goes_by_the_ticker_the_handle_the_address_or_the_former_name_of_a_brand_may_be_it(
    of_one: tuple[str, NameKind], other: str, why: str
) -> None:
    (kin,) = kin_among([brand("a", "Alpenglanz", of_one), brand("b", other)])

    assert kin.likeness.probability > 0.5
    assert any(why in one.text for one in kin.likeness.evidence), kin.likeness.evidence


def test_a_word_in_small_letters_is_no_ticker() -> None:
    assert kin_among([brand("a", "Alpenglanz", ("GLOW", "ticker")), brand("b", "Glow")]) == []


@pytest.mark.parametrize(
    "name", ["The Acme Group, Inc.", "www.acme.co.uk", "Meta (formerly Facebook)", "!ndigo", "7-Eleven"]
)
def test_the_words_of_many_names_are_those_that_a_name_is_compared_by(name: str) -> None:
    assert telling_words(name) == parts_of(name).words
