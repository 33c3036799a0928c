"""What is fitted to data and not listed: small models of boosted trees, each a file that says what it was fitted to."""
