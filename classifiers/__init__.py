"""What the words mean and how a text gets its labels. Knows no Slack and no database."""
