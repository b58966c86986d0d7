"""Opinions that come by e-mail: kept sealed as they arrived, sorted to their consultation, taken in once each."""
