"""To which clauses of a draft a comment refers. It proposes; a person decides."""

from app.documents.matching.examples import Example
from app.documents.matching.ranking import Matcher, MatchResult, Proposal

__all__ = ["Example", "MatchResult", "Matcher", "Proposal"]
