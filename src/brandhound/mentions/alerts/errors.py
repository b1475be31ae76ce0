"""What a caller can do something about."""

from uuid import UUID

from brandhound.core.problems import Problem


class AlertOnUnknownBrand(Problem):
    """The brand of this alert is not watched. It may have been removed meanwhile."""

    status = 422
    code = "alerts/unknown-brand"
    what_to_do = "Choose one of the brands that you watch, or watch this one first."

    def __init__(self, brand_id: UUID) -> None:
        super().__init__(brand_id=str(brand_id))
