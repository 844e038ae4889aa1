"""The lake: branches, catalogs, releases; Trino, Nessie and S3 behind them."""
