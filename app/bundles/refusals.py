class BundleRefused(Exception):
    """Why a bundle was not made or not taken in; the message is one line that says what to do."""
