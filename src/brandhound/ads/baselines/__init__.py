"""What is usual, and how an ad does beside it: raw quantiles, and estimates that know how little was seen."""
