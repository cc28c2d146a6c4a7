"""What the console prints of values: Format-List, Format-Table, the default of each kind, JSON and CSV.

Every function takes values and a width in cells and gives lines; nothing here knows the shell.
"""
