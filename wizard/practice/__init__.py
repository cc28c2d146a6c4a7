"""Practice: a small simulated Exchange organisation, its shell, the scenarios and the coach.

From the bottom up: `world` (what there is) - `mailflow` (whether mail leaves, and what the log says) -
`values` and `cmdlet` (what the shell works with) - `language` (PowerShell's lexical rules and its
expressions) - `formatting` (what the console prints) - `cmdlets` (Exchange's own, over the world) -
`shell` (a session at the console) - `scenario` and `coach` (what is to be learnt).
"""
