"""Tables from Ads Manager, read into the same facts that a sync brings."""
