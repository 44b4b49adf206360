"""Run the ``baton`` command line: ``python -m bot``."""

from handlers.cli.main import main

if __name__ == "__main__":
    main()
