"""From payloads to tables: messages, transactions, dialogs, media, streams, floors, paths, calls."""
