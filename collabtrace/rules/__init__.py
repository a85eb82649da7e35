"""The catalogue: one known fault per file. A file is registered by being here."""
