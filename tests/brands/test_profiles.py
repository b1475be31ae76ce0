"""What Wikidata says of the catalogue's companies."""

from collections import defaultdict

from brandhound.brands.catalogue import catalogue, search_key


def test_no_brand_of_the_catalogue_has_the_english_name_of_another_company() -> None:
    named: defaultdict[str, set[str]] = defaultdict(set)
    for brand in catalogue().brands:
        for name in (brand.name, *brand.aliases):
            named[search_key(name)].add(brand.wikidata)
    called = [brand for brand in catalogue().brands if brand.english]

    assert len(called) > 1000
    assert [brand.english for brand in called if named[search_key(brand.english)] - {brand.wikidata}] == []
