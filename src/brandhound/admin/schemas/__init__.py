"""JSON of the operator's pages: a module for each module of addresses."""
