"""A publisher on the loopback for whole journeys through the product."""

from tests.feeds.conftest import news, publisher, run_jobs, site

__all__ = ["news", "publisher", "run_jobs", "site"]
