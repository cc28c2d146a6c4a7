"""The practice shell: PowerShell as far as an administrator of Exchange needs it."""
