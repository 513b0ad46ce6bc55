"""The shapes in which a message of Slack comes, and the words in each. Pure: a message in, a value out."""
