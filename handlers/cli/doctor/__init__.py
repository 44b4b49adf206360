"""baton doctor: what is wrong with this installation, and how to mend each."""

from handlers.cli.doctor.command import doctor

__all__ = ["doctor"]
