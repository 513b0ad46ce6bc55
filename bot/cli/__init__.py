"""The commands of ``ballast`` at the terminal."""
