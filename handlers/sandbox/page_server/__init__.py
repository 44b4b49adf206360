"""The server side of the sandbox's web page."""
