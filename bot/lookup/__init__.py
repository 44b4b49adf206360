"""Find cases: by search words, or as likely duplicates of a new one."""
