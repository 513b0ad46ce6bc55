"""Slack's rules for blocks, as far as the documentation tells them: what the stand-in refuses, Slack would refuse."""
