"""A stand-in for Slack on this machine: the sandbox people try Ballast in, and the one test double of Slack."""
