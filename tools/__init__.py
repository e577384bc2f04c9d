"""What the Makefile calls: the environment, a PostgreSQL for the tests, a browser."""
