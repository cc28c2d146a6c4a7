"""PowerShell's lexical rules, its expressions and pipes, as far as an administrator's lines need them.

From the bottom up: `tree` (what a line is made of) - `scanner`, `strings`, `expressions`, `commandmode`, `parser`
(a line to its tree) - `texts`, `comparing`, `operators`, `types`, `methods` (values) - `binding` - `evaluation`
and `running`. Sources: about_Parsing, about_Quoting_Rules, about_Special_Characters,
about_Operator_Precedence, about_Parameters.
"""
