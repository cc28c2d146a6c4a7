"""The protocol log: rows, sessions, certificates, files."""
