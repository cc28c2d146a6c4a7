"""The abilities of this computer: console, clipboard, ways to copy, settings, files."""
