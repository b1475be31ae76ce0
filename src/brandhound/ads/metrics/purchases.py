"""Which of the overlapping purchase types is counted: one, never a sum of several."""

from collections.abc import Mapping, Sequence

# `purchase` and `omni_purchase` are already without doubles over website, app and shop; the rest are parts of them.
PURCHASE_TYPES = (
    "purchase",
    "omni_purchase",
    "offsite_conversion.fb_pixel_purchase",
    "onsite_web_purchase",
    "onsite_web_app_purchase",
    "web_in_store_purchase",
    "app_custom_event.fb_mobile_purchase",
    "onsite_conversion.purchase",
    "offline_conversion.purchase",
)


def chosen_type(reported: Mapping[str, object], wanted: Sequence[str] = PURCHASE_TYPES) -> str | None:
    """The first type of the list that was reported; count and value are then both of that type."""
    return next((kind for kind in wanted if kind in reported), None)
