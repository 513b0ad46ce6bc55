"""The messages that `ballast try` sorts where no file is given."""
