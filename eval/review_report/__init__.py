"""Reviews measured: real proposals, and defects planted in them."""
