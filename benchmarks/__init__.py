"""What the strategies are worth, measured beside what else there is; README.md says how to run it."""
