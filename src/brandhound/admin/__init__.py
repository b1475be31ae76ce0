"""Looking across everything: health, workers, queues, the database, logs, errors and alerts."""
