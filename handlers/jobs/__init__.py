"""What happens because time passed. A job keeps no state: it asks what is due now."""
