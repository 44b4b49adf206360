"""Database access: engines, worker threads, file lock, migrations, restored backups."""
