"""baton doctor: find problems of an installation and say how to fix them."""

from handlers.cli.doctor.command import doctor

__all__ = ["doctor"]
