"""The sub-commands of the slash command: what a person may type, and what each answers."""
