"""The only place that quotes for PowerShell and writes a line of it."""
