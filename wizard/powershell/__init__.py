"""The only place that quotes for PowerShell and writes its lines."""
