"""Reading what Slack shows: what was missed, what was edited or deleted unheard, threads, and a channel's past."""
