"""What this computer offers: console, clipboard, ways to copy, settings, files."""
