"""Names that people write without their capitals."""

from brandhound.brands.names import BrandNames, Name
from brandhound.mentions.matching import Matcher


def small_letters(text: str, title: str = "", *, told_apart: bool = True, name: str = "Amazon") -> list[str]:
    names = (Name(name, case_sensitive=True), Name("Kindle"))
    found = Matcher([BrandNames("brand", name, names, told_apart=told_apart)]).find(text, title)
    return [one.surface for one in found]


def test_who_writes_without_capitals_is_understood_where_namesakes_are_told() -> None:
    assert small_letters("i got it on amazon last week") == ["amazon"]
    assert small_letters("i got it on amazon last week", told_apart=False) == []


def test_in_small_letters_a_name_counts_only_where_the_brand_is_not_named_otherwise() -> None:
    assert small_letters("Amazon said it would plant trees along amazon banks.") == ["Amazon"]
    assert small_letters("the trees along amazon banks", "Kindle gets cheaper") == ["Kindle"]


def test_with_an_article_a_word_in_small_letters_is_the_word() -> None:
    for article in ("the", "an", "my", "These"):
        assert small_letters(f"{article} amazon of old") == []
    assert small_letters("no amazon books, please") == ["amazon"]


def test_the_commonest_words_in_small_letters_are_not_even_looked_at() -> None:
    assert small_letters("it was time to go", name="Time") == []
    assert small_letters("It was in Time magazine", name="Time") == ["Time"]
    assert small_letters("it is in there", name="IT") == []
