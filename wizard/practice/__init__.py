"""Practice: a small simulated Exchange organisation, its shell, the scenarios and the coach.

From the bottom up: `world` (what there is) - `obstacle` (whether mail leaves, and why not) - `last_error`,
`smtp_session` and `protocol_log` (what queues and logs say of it) - `mailflow` (attempts as time goes by) - `parts`
and `making` (organisations drawn from a seed) - `soundness` (whether one hangs together) -
`values` and `cmdlet` (what the shell works with) - `language` (PowerShell's lexical rules and its
expressions) - `formatting` (what the console prints) - `cmdlets` (Exchange's own, over the world) -
`shell` (a session at the console) - `scenario` and `coach` (what is to be learnt).
"""
