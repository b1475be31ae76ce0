"""One module for each family of providers: what their answers mean."""
