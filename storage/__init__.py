"""The history. Knows no Slack."""
