"""What every listener relies on: forms, replies, errors, signed values, sockets."""
