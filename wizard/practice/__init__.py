"""Practice: a small simulated Exchange organisation, its shell, the scenarios and the coach.

From the bottom up: `world` (what there is) - `obstacle` (whether mail leaves, and why not) - `mail` (attempts as time
goes by, queues and logs) - `draw` (organisations from a scenario's parts and a seed) - `shell` and `exchange` (what a
learner types) - `scenario` and `scenariofile` (what is to be learnt) - `checking`, `coach` and `result`.
"""
