"""A publisher on loopback: sites with pages and feeds, faults on demand, and a clock that can be moved."""

from brandhound.twins.news.faults import Fault
from brandhound.twins.news.library import Feed, Item, Library, Resource, Site, library_of_folder
from brandhound.twins.news.making import make_library
from brandhound.twins.news.serving import NewsServer, serve, serve_forever

__all__ = [
    "Fault",
    "Feed",
    "Item",
    "Library",
    "NewsServer",
    "Resource",
    "Site",
    "library_of_folder",
    "make_library",
    "serve",
    "serve_forever",
]
