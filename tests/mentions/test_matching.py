"""Where brands are found in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandhound.brands.catalogue import catalogue, names_of_entry
from brandhound.brands.folding import fold
from brandhound.brands.names import BrandNames, Name, load_brands_file
from brandhound.mentions.matching import Document, Match, Matcher, find_mentions
from brandhound.mentions.word_keys import PADDING, key_of, words_in


def matcher_of(*brands: object) -> Matcher:
    """A matcher of brands in the plain form of a brands file."""
    return Matcher(load_brands_file([*brands]))


def surfaces(matcher: Matcher, text: str, title: str = "") -> list[str]:
    return [match.surface for match in checked(matcher.find(text, title), text, title)]


def checked(matches: list[Match], text: str, title: str = "") -> list[Match]:
    """The matches, each proved to lie where it says."""
    for match in matches:
        whole = title if match.field == "title" else text
        assert whole[match.start : match.end] == match.surface
        assert match.sentence_start <= match.start < match.end <= match.sentence_end <= len(whole)
        assert 0 <= match.confidence <= 1
        assert match.reasons
    return matches


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Uniqlo", "I like Uniqlo.", ["Uniqlo"]),
        ("Uniqlo", "uniqlo, UNIQLO and UniQlo", ["uniqlo", "UNIQLO", "UniQlo"]),
        ("Uniqlo", "Uniqlo's and Uniqlo’s shirts, Uniqlo-style", ["Uniqlo", "Uniqlo", "Uniqlo"]),
        ("Uniqlo", "Uniqlos uniqlos preuniqlo Uniqlo_x Uniqlo2", ["Uniqlos"]),
        ("L'Oréal", "L’Oréal, L'OREAL, l`oreal", ["L’Oréal", "L'OREAL", "l`oreal"]),
        (
            "Coca-Cola",
            "Coca‑Cola, Coca–Cola, coca cola, Coca\nCola",
            ["Coca‑Cola", "Coca–Cola", "coca cola", "Coca\nCola"],
        ),
        ("Coca Cola", "Coca-Cola and  Coca   Cola", ["Coca-Cola", "Coca   Cola"]),
        ("Procter & Gamble", "at Procter & Gamble, not Procter + Gamble", ["Procter & Gamble"]),
        ("McDonald's", "McDonald’s, McDonalds, Old McDonald", ["McDonald’s", "McDonalds"]),
        ("Yahoo!", "Yahoo! and Yahoo", ["Yahoo!", "Yahoo"]),
        ("H&M", "H&M, H & M, h&m", ["H&M"]),
        ("Nike", "Nike, nike and NIKE", ["Nike", "NIKE"]),
        ("Ødegård Żabka", "ODEGARD ZABKA", ["ODEGARD ZABKA"]),
        ("Straße", "strase Straße", ["strase", "Straße"]),
        ("Café", "in the Cafe\u0301 Cafe\u0301s", ["Cafe\u0301"]),
        ("Siong-gia\u030dp", "Siong-gia\u030dp, SIONG-GIA\u030dP", ["Siong-gia\u030dp", "SIONG-GIA\u030dP"]),
        ("Ọ\u0300ṣun", "by O\u0323\u0300s\u0323un", ["O\u0323\u0300s\u0323un"]),
        ("Uniqlo", "Uni\u00adqlo and Uni\u200bqlo", ["Uni\u00adqlo", "Uni\u200bqlo"]),
        ("Uniqlo", "𝔘 😀😀 Uniqlo 😀", ["Uniqlo"]),
        ("Uniqlo", "", []),
        ("Uniqlo", " \n\t ", []),
    ],
)
def test_a_name_is_found_however_it_is_typed(name: str, text: str, found: list[str]) -> None:
    assert surfaces(matcher_of(name), text) == found


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("X", "On X, not x or Xavier or Ax", ["X"]),
        ("C++", "C++ but not C, c++ or C+", ["C++"]),
        ("a.b*c(", "see a.b*c( and axb*c(", ["a.b*c("]),
        ("[x]+?", "a [x]+? b", ["[x]+?"]),
        ("$$$", "costs $$$", ["$$$"]),
        ("🍌", "a 🍌 split", ["🍌"]),
        ("\\d+", "123 \\d+ 4", ["\\d+"]),
        (".NET", "on .NET or NET", [".NET"]),
        ("7-Eleven", "at 7-Eleven, 7 Eleven, 17-Eleven", ["7-Eleven", "7 Eleven"]),
        ("3M", "3M and 13M", ["3M"]),
    ],
)
def test_names_of_one_letter_or_of_signs_work(name: str, text: str, found: list[str]) -> None:
    assert surfaces(matcher_of(name), text) == found


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("京东", "我在京东买了手机", ["京东"]),
        ("トヨタ", "新型トヨタ車", ["トヨタ"]),
        ("삼성", "삼성은 오늘", ["삼성"]),
        ("เซเว่น", "ร้านเซเว่นเปิด", ["เซเว่น"]),
        ("Uniqlo", "我喜欢Uniqlo的衣服", ["Uniqlo"]),
        ("JD京东", "在JD京东买, AJD京东", ["JD京东"]),
        ("Яндекс", "Новости Яндекса: «Яндекс», о Яндексе, Яндексович", ["Яндекса", "Яндекс", "Яндексе"]),
        ("أرامكو", "قالت أرامكو وأرامكو", ["أرامكو", "أرامكو"]),
        ("טבע", "חברת טבע בטבע", ["טבע", "טבע"]),
        ("फ्लिपकार्ट", "आज फ्लिपकार्ट ने", ["फ्लिपकार्ट"]),
        ("Ελλάδα", "στην ΕΛΛΑΔΑ", ["ΕΛΛΑΔΑ"]),
        ("Київстар", "у Київстарі, Київстару й Київстарові", ["Київстарі", "Київстару", "Київстарові"]),
        ("البنك الأهلي", "قالت للبنك الأهلي وللبنك", ["بنك الأهلي"]),
        (
            "საქართველოს ბანკი",
            "საქართველოს ბანკის, საქართველოს ბანკში, ბანკი",
            ["საქართველოს ბანკის", "საქართველოს ბანკში"],
        ),
        ("Ամերիաբանկ", "Ամերիաբանկը և Ամերիաբանկի, Ամերիաբանկային", ["Ամերիաբանկը", "Ամերիաբանկի"]),
        ("প্রথম আলো", "প্রথম আলোর খবর, প্রথম আলোকে", ["প্রথম আলোর", "প্রথম আলোকে"]),
        ("टाटा", "टाटाने, टाटाच्या आणि टाटा ने", ["टाटाने", "टाटाच्या", "टाटा"]),
        ("தினமலர்", "தினமலரின் செய்தி, தினமலருக்கு, தினமலர்", ["தினமலரின்", "தினமலருக்கு", "தினமலர்"]),
        ("టాటా", "టాటాకు టాటాలో", ["టాటాకు", "టాటాలో"]),
        ("ኢትዮ ቴሌኮም", "የኢትዮ ቴሌኮም ደንበኞች", ["ኢትዮ ቴሌኮም"]),
    ],
)
def test_every_script_works(name: str, text: str, found: list[str]) -> None:
    assert surfaces(matcher_of(name), text) == found


def test_the_longest_name_wins_and_brands_that_share_a_name_are_both_told() -> None:
    matcher = Matcher(
        [
            BrandNames("bank", "Acme Bank", (Name("Acme Bank"), Name("Acme"))),
            BrandNames("shoes", "Acme", (Name("Acme"),)),
        ]
    )

    assert [(match.brand, match.surface) for match in matcher.find("Acme Bank met Acme.")] == [
        ("bank", "Acme Bank"),
        ("bank", "Acme"),
        ("shoes", "Acme"),
    ]


def test_a_namesake_is_not_the_brand() -> None:
    matcher = matcher_of({"name": "Apple", "not": ["Apple Valley", "apple pie", "Big Apple"]})

    assert surfaces(matcher, "Apple Valley is near. APPLE  PIES and the Big Apple. Apple sells phones.") == ["Apple"]


def test_a_common_word_counts_in_its_own_case_only() -> None:
    matcher = matcher_of("Orange")

    assert surfaces(matcher, "An orange is orange. We called Orange.") == ["Orange"]


@pytest.mark.parametrize("mark", ["(", "#", ".*", "–"])
def test_a_mark_that_any_text_may_have_is_not_surely_the_brand_of_that_name(mark: str) -> None:
    text = f"Customers praised Zandora for its service {mark} and its low prices."

    assert all(match.confidence < 0.5 for match in matcher_of(mark).find(text))
    assert [match.confidence > 0.5 for match in matcher_of("🍌").find(text.replace(mark, "🍌"))] == [True]


def test_a_name_that_needs_context_counts_only_with_it() -> None:
    matcher = Matcher(
        [
            BrandNames(
                "x",
                "X",
                (Name("X", case_sensitive=True, needs_context=True), Name("x.com", "domain")),
                context_words=("Musk", "social network"),
            )
        ]
    )

    assert surfaces(matcher, "Solve for X and Y.") == []
    assert surfaces(matcher, "Posts on X rose, said Musk.") == ["X"]
    assert surfaces(matcher, "The social\nnetwork is called X.") == ["X"]
    assert [match.surface for match in matcher.find("Solve X.", links=["https://x.com/a"])] == ["X"]
    assert [match.surface for match in matcher.find("Solve X.", url="https://netx.com/a")] == []


def test_another_clear_name_of_the_brand_is_context_too() -> None:
    matcher = Matcher(
        [BrandNames("g", "Gap", (Name("Gap", case_sensitive=True, needs_context=True), Name("Banana Republic")))]
    )

    assert surfaces(matcher, "Mind the Gap.") == []
    assert surfaces(matcher, "Banana Republic and Gap closed stores.") == ["Banana Republic", "Gap"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Steel (NYSE: X) rose.", ["X"]),
        ("Buy $X now", ["X"]),
        ("Solve for X", []),
        ("nyse: x", []),
    ],
)
def test_a_ticker_counts_with_its_exchange(text: str, found: list[str]) -> None:
    matcher = Matcher([BrandNames("steel", "U.S. Steel", (Name("NYSE: X", "ticker"),))])

    assert surfaces(matcher, text) == found


def test_domains_and_handles_are_names() -> None:
    matcher = matcher_of({"name": "Nordlicht", "aliases": ["@nordlicht_de", "nordlicht.example"]})

    text = "Ask @nordlicht_de or see https://www.nordlicht.example/x and notnordlicht.example"
    assert [(match.surface, match.name_kind) for match in matcher.find(text)] == [
        ("@nordlicht_de", "handle"),
        ("nordlicht.example", "domain"),
    ]


def test_title_and_text_have_offsets_of_their_own() -> None:
    matcher = matcher_of("Uniqlo")

    matches = checked(matcher.find("Then Uniqlo grew.", title="Uniqlo opens"), "Then Uniqlo grew.", "Uniqlo opens")

    assert [(match.field, match.start, match.salience) for match in matches] == [
        ("title", 0, "title"),
        ("text", 5, "subject"),
    ]


ARTICLE = """Acme opened a shop on Monday. The first day was busy.

Nobody expected it. Later, Beta said it would follow. Rain fell.

Rivals such as Gamma, Delphi, Epsilonix, Zetatron, Etamax and Thetacorp waited.

Read also: Iotacom fires its chief

Related articles
Kappaline rises
LMBD +1.2% MUMU -0.3% NUNU +2.0%
"""


@pytest.mark.parametrize(
    ("name", "salience"),
    [
        ("Acme", "subject"),
        ("Beta", "mentioned"),
        ("Gamma", "list"),
        ("Zetatron", "list"),
        ("Thetacorp", "list"),
        ("Iotacom", "boilerplate"),
        ("Kappaline", "boilerplate"),
    ],
)
def test_salience_says_where_in_the_article(name: str, salience: str) -> None:
    (match,) = matcher_of(name).find(ARTICLE)

    assert match.salience == salience


@pytest.mark.parametrize(
    ("text", "salience"),
    [
        ("We saw Acme, Beta, Gamma, Delphi and Eta.", "list"),
        ("We saw Acme; Beta; Gamma; Delphi, Eta.", "list"),
        ("We saw Acme, Beta, Gamma and Delphi.", "subject"),
        ("We saw Acme, Beta, Gamma or no land.", "subject"),
        ("We saw Acme、Beta、Gamma、Delphi、Eta。", "list"),
        ("Acme، جاما، دلفي، إيتا، زيتا، كابا", "list"),
    ],
)
def test_five_short_things_are_an_enumeration(text: str, salience: str) -> None:
    (match,) = matcher_of("Acme").find(text)

    assert match.salience == salience


def test_a_brand_named_three_times_is_what_the_article_is_about() -> None:
    text = "One. Two. Three. Then Acme came. Acme saw. Acme won."

    assert {match.salience for match in matcher_of("Acme").find(text)} == {"subject"}


def test_a_box_of_stock_prices_is_no_news() -> None:
    text = "Markets were calm today.\nThey slept.\nACME 3.4 +1.2% BETA 2.1 -0.3% GAMM 7.0 +2.0%"

    assert [match.salience for match in matcher_of("ACME").find(text)] == ["boilerplate"]


def test_an_article_has_one_mention_a_brand_with_its_places_as_evidence() -> None:
    matcher = matcher_of("Uniqlo", {"name": "Orange"})
    text = "Uniqlo grew. Some say Uniqlo will grow. Orange did not."

    mentions = find_mentions(text, "Uniqlo grows", "https://news.example/uniqlo-grows", matcher)

    assert [mention.brand for mention in mentions] == ["Uniqlo", "Orange"]
    assert mentions[0].salience == "title"
    assert [place["field"] for place in mentions[0].evidence_as_json()] == ["title", "text", "text"]
    assert mentions[0].evidence_as_json()[1] == {
        "start": 0,
        "end": 6,
        "surface": "Uniqlo",
        "sentence_start": 0,
        "sentence_end": 12,
        "field": "text",
    }
    assert set(mentions[0].reasons_as_json()[0]) == {"code", "text", "weight"}


def test_no_brands_and_no_texts_are_no_matches() -> None:
    assert Matcher([]).find("Acme") == []
    assert (
        Matcher([BrandNames("a", "", (Name(""), Name("  "), Name("$", "ticker"), Name("@", "handle")))]).find("@ $ a")
        == []
    )
    assert matcher_of("Acme").find_all([]) == []
    assert matcher_of("Acme").find_all([Document(""), Document("", "Acme")])[0] == []


def test_many_texts_at_once_give_what_each_gives_alone() -> None:
    matcher = matcher_of("Uniqlo", "L'Oréal", "京东", "X")
    texts = ["Uniqlo", "", "L’Oréal é X", "京东", "x" * 70_000 + " Uniqlo", "Uniqlo\nUniqlo", "X Uniqlo"]

    together = matcher.find_all([Document(text) for text in texts])

    assert together == [matcher.find(text) for text in texts]
    assert sum(map(len, together)) == 9


def test_invisible_signs_of_one_text_leave_the_others_as_they_are() -> None:
    matcher = matcher_of("Uniqlo", "Café Noir")
    documents = [
        Document("Uniqlo é"),
        Document("In the Cafe\u0301 Noir, by Uni\u00adqlo"),
        Document("Nothing here", "Uni\u200bqlo"),
        Document("Café Noir"),
    ]

    together = matcher.find_all(documents)

    assert together == [matcher.find(document.text, document.title) for document in documents]
    assert [[match.surface for match in matches] for matches in together] == [
        ["Uniqlo"],
        ["Cafe\u0301 Noir", "Uni\u00adqlo"],
        ["Uni\u200bqlo"],
        ["Café Noir"],
    ]


@pytest.mark.parametrize("name", ["Bank of Zetatown", "Zetatown Bank of Eta", "The Eta Bank", "The Bank"])
def test_a_name_of_several_words_is_found_as_a_whole_only(name: str) -> None:
    words = name.split()
    texts = [name, f"at {name}, at", " ".join(words[:-1]), " ".join(words[1:]), f"{' '.join(words[1:])} {words[0]}"]
    matcher = matcher_of(name)

    assert [
        [match.surface for match in matches] for matches in matcher.find_all([Document(text) for text in texts])
    ] == [[name], [name], [], [], []]


def test_a_name_does_not_reach_over_the_border_of_two_texts() -> None:
    assert matcher_of("Coca Cola").find_all([Document("Coca"), Document("Cola")]) == [[], []]


LETTERS = st.text(alphabet="aAbB éÉ'’-.&ß京İı\u0301\u00ad\n😀", max_size=40)


@given(name=LETTERS, before=LETTERS, after=LETTERS)
def test_offsets_hold_whatever_the_text(name: str, before: str, after: str) -> None:
    matcher = Matcher([BrandNames("b", name, (Name(name),))])
    text = f"{before} {name} {after}"

    matches = checked(matcher.find(text, title=name), text, name)

    assert all(match.brand == "b" for match in matches)


@given(st.text(max_size=200))
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(alphabet="aAzZ09_éÉßЯя京 -'\n𝔘", max_size=60))
def test_a_word_has_the_same_key_in_a_text_as_by_itself(text: str) -> None:
    words = words_in(text)

    spans = zip(words.starts.tolist(), words.ends.tolist(), strict=True)
    assert words.keys.tolist() == [key_of(fold(text[start - PADDING : end - PADDING])) for start, end in spans]


def test_every_brand_of_the_catalogue_is_found_by_its_own_name() -> None:
    brands = [
        brand
        for brand in catalogue().brands[::40]
        if not any(name.needs_context for name in names_of_entry(brand).names)
    ]
    matcher = Matcher([names_of_entry(brand) for brand in brands])

    found = matcher.find_all([Document(f"We went to {brand.name}, it was good.") for brand in brands])

    missed = [
        brand.name
        for brand, matches in zip(brands, found, strict=True)
        if brand.id not in {match.brand for match in matches}
    ]
    assert len(missed) <= 0.01 * len(brands), missed
