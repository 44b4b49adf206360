"""The front door: ``python -m bot``, and the command ``baton``."""

from handlers.cli.main import main

if __name__ == "__main__":
    main()
