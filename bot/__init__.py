"""What happens because of Slack, the clock or a person at the terminal."""
