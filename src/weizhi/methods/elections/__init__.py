"""Who is elected: committees by the law of 2025, approval with thresholds, Borda, Scottish STV, SNTV, lots, seats."""
