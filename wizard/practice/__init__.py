"""Practice: a small simulated Exchange organisation, its shell, the scenarios and the coach.

From the bottom up: `world` (what there is) - `obstacle` (whether mail leaves, and why not) - `last_error`,
`smtp_session` and `protocol_log` (what queues and logs say of it) - `mailflow` (attempts as time goes by) - `parts`
and `making` (organisations drawn from a seed) - `soundness` (whether one hangs together) -
`values`, `cmdlet` and `views` (what the shell works with) - `formatting` (what the console prints) - `language`
(PowerShell's rules, expressions and pipes) - `general` (PowerShell's own cmdlets) - `cmdlets` (Exchange's own,
over the world) - `session` (what stands at the console between two lines) - `console` (all of it together) -
`scenario` and `coach` (what is to be learnt).
"""
