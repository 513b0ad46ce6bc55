"""The checks of ``ballast doctor``: each looks at one thing and says how it is and what to do."""
