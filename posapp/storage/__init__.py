"""The local database: models, transactions, change feed, queries, outbox and backup."""
