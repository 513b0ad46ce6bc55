"""What Slack shows: pure builders of text and Block Kit. No vendor, no database, no clock."""
