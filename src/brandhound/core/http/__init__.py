"""The one guard to the outside: every request that leaves passes here.

It refuses private addresses, asks robots.txt, waits its turn, limits time and size, and keeps what publishers say about
caching. Nothing else in the product may open a connection to the outside.
"""
