"""The Web API of the stand-in: the methods that the bot uses, one module for each family."""
