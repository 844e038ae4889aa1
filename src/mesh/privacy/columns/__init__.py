"""Which columns of which tables a query's columns are made of."""
