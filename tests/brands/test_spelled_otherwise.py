"""Names of one brand that differ in how they are spelled, and in nothing else."""

import pytest

from brandhound.brands.comparing.kinship import kin_among
from brandhound.brands.comparing.likeness import compare_names
from brandhound.brands.comparing.rarity import Rarity
from brandhound.brands.comparing.reading import as_meant
from brandhound.brands.names import BrandNames, Name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zandora Group Ltd.", "zandoragroup.com"),
        ("Zandora AI Holdings, Inc.", "#ZandoraAIHoldings"),
        ("Zandora.com", "zandora com"),
        ("Норвест и Зандора", "Норвест та Зандора"),
        ("Норвѣст", "Норвест"),
        ("Ford Motor", "NYSE: F"),
        ("百度", "Baidu"),
        ("阿里巴巴集团控股有限公司", "Alibaba"),
        ("比亚迪", "BYD"),
        ("სარაჯიშვილი", "Sarajishvili"),
        ("ฟลิปคาร์ท", "Flipkart"),
        ("삼성그룹", "삼성"),
        ("@getzandora", "Zandora"),
        ("zandoraofficial", "Zandora"),
        ("Zandora since 1851", "Zandora"),
        ("Café Zandora 1882", "Café Zandora"),
        ("騰訊", "腾讯"),
        ("國泰航空", "国泰航空"),
        ("臺灣啤酒", "台湾啤酒"),
        ("网易", "網易"),
        ("苏宁易购", "蘇寧易購"),
        ("汇丰", "滙豐"),
        ("日本電気", "日本電氣"),
        ("広島銀行", "廣島銀行"),
        ("株式会社資生堂", "资生堂"),
        ("adidas_DE_2026", "adidas"),
        ("no_name", "No Name"),
        ("Display_Zone", "Display Zone"),
        ("100%Cacao", "100 % Cacao"),
        ("Zandora Zahnpasta", "Zandora Toothpaste"),
        ("Dabur India", "डाबर"),
    ],
)
def test_what_differs_in_spelling_only_is_one_brand_without_doubt(one: str, other: str) -> None:
    assert compare_names(one, other, Rarity()).probability > 0.9


@pytest.mark.parametrize(
    "written",
    [
        "MÃ¼nchner Zandora",
        "M%C3%BCnchner Zandora",
        "M&uuml;nchner Zandora",
        "PAYPAL *MÜNCHNER ZANDORA",
        "SumUp *Münchner Zandora",
        "Münchner Zandora_search_brand_DE",
        "Münchner-Zandora_Q3_prospecting_2026",
        "Search | Brand | Münchner Zandora",
        "Muenchner Zandora",
        "Münchner Zando(r)a",
    ],
)
def test_a_name_is_read_as_it_was_meant_before_a_program_wrote_it(written: str) -> None:
    assert compare_names(written, "Münchner Zandora", Rarity()).probability > 0.9


@pytest.mark.parametrize("name", ["Search", "DE_2026", "100 % Zandora", "AT&T;", "Ad | Ad", "Â", "%zz", "PayPal *"])
def test_a_name_of_nothing_but_what_programs_add_stays_a_name(name: str) -> None:
    assert compare_names(name, name, Rarity()).probability > 0.5


def test_lines_and_dashes_keep_what_is_no_campaign() -> None:
    for name in ("Zandora | Nord", "Google - Zandora"):
        assert as_meant(name) == name
    assert as_meant("Google - Zandora - Prospecting") == "Zandora"
    assert as_meant("Zandora - Search - Nord") == "Zandora Nord"


@pytest.mark.parametrize("said", ["Zandora (was Norwest)", "Zandora (= Norwest)", "Zandora (ex Norwest)"])
def test_what_a_name_says_in_brackets_that_it_was_counts(said: str) -> None:
    (stated,) = compare_names(said, "Norwest Ltd", Rarity()).evidence

    assert stated.code == ("bracketed" if "=" in said else "formerly")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("MassMutual", "Massachusetts Mutual Life Insurance Company"),
        ("Sonatel", "Société Nationale des Télécommunications du Sénégal"),
        ("KYMCO", "Kwang Yang Motor Co., Ltd."),
        ("Codelco", "Corporación Nacional del Cobre"),
        ("Banrisul", "Banco do Estado do Rio Grande do Sul"),
        ("PDVSA", "Petróleos de Venezuela, S.A."),
        ("Inserm", "Institut national de la santé et de la recherche médicale"),
    ],
)
def test_names_made_of_some_words_of_a_long_one_are_found(short: str, long: str) -> None:
    assert compare_names(short, long, Rarity()).probability > 0.8


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("getaway", "Away"),
        ("@getaway", "Away"),
        ("花王", "Huawei"),
        ("Zandora", "Zandora 2019"),
        ("Zandora", "Zandora 1664"),
        ("Boeing", "Boing"),
        ("no_name", "Name"),
        ("no_name_de", "Name"),
        ("meta_physics", "Physics"),
        ("Can-Pack", "Canada Pack"),
        ("New Zandora", "Newcastle Zandora"),
    ],
)
def test_a_word_is_no_handle_and_a_year_a_letter_or_a_beginning_tells_two_apart(one: str, other: str) -> None:
    assert compare_names(one, other, Rarity()).probability < 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("百世", "百事"),
        ("鸿星", "宏兴"),
        ("金龙 KTV", "锦龙 KTV"),
        ("中国电信", "中国电力"),
        ("小米", "小麦"),
        ("Café Zandora 1898", "Café Zandora 1902"),
    ],
)
def test_other_characters_and_other_years_tell_two_apart_whatever_they_sound_like(one: str, other: str) -> None:
    (why,) = compare_names(one, other, Rarity()).evidence

    assert compare_names(one, other, Rarity()).probability < 0.05
    assert why.text.startswith("Other ")


def test_a_character_in_full_tells_nothing_apart_that_says_more_in_the_other_name() -> None:
    told = compare_names("Coca-Cola 可口可乐", "Coca-Cola 可口可樂中國", Rarity()).evidence

    assert "told_apart" not in {one.code for one in told}


def test_what_is_the_same_but_for_the_year_says_so() -> None:
    assert "The same words; only the year differs (1882)" in [
        one.text for one in compare_names("Café Zandora 1882", "Café Zandora", Rarity()).evidence
    ]


@pytest.mark.parametrize(
    ("one", "other"), [("@getzandora", "Zandora"), ("百度", "Baidu"), ("Codelco", "Corporación Nacional del Cobre")]
)
def test_brands_that_are_written_quite_otherwise_are_laid_beside_each_other(one: str, other: str) -> None:
    (kin,) = kin_among([BrandNames("a", one, (Name(one),)), BrandNames("b", other, (Name(other),))])

    assert kin.likeness.probability > 0.8


def test_a_brand_may_be_meant_by_a_handle_that_says_more_since_the_name_was_taken() -> None:
    called = BrandNames("a", "Alpenglanz", (Name("Alpenglanz"), Name("@getzandora", "handle")))
    (kin,) = kin_among([called, BrandNames("b", "Zandora", (Name("Zandora"),))])

    assert kin.likeness.probability > 0.5
    assert "The handle “getzandora” says “zandora”" in [one.text for one in kin.likeness.evidence]


def test_a_handle_that_goes_on_with_a_word_speaks_a_little_for_the_brand_of_that_name() -> None:
    called = BrandNames("a", "Slack Technologies", (Name("Slack Technologies"), Name("@getslack", "handle")))
    (kin,) = kin_among([called, BrandNames("b", "Slack", (Name("Slack"),))])

    assert "The handle “getslack” says “slack”" in [one.text for one in kin.likeness.evidence]


@pytest.mark.parametrize(
    ("name", "handle", "other"),
    [("Norwest", "@tryangle", "Angle"), ("Tryhard Coffee", "@tryhard", "Hard"), ("Getaway House", "@getaway", "Away")],
)
def test_a_handle_that_is_a_word_says_nothing_of_a_brand_that_is_a_part_of_it(
    name: str, handle: str, other: str
) -> None:
    called = BrandNames("a", name, (Name(name), Name(handle, "handle")))

    assert kin_among([called, BrandNames("b", other, (Name(other),))]) == []
