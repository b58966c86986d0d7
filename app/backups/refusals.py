class BackupRefused(Exception):
    """Why nothing was backed up, verified or restored; the message is one line that says what to do."""
