"""The domain model: actors, talks, treaties, issues, sources, and the record itself."""

from .actors import Office, Party, Person
from .alerts import Digest, Subscription
from .history import Revision
from .intake import Intake
from .issues import Issue, Option
from .links import LinkCheck
from .loads import LoadedRow
from .permalinks import FormerSlug
from .positions import Evidence, Position
from .record import Delegation, Entry, Milestone, Round, Statement
from .reports import ErrorReport
from .sources import Citation, Source
from .talks import Negotiation
from .treaties import DataExchange, Limit, Standing, Status, Treaty

__all__ = [
    "Citation", "DataExchange", "Delegation", "Digest", "Entry", "ErrorReport", "Evidence", "FormerSlug", "Intake",
    "Issue", "Limit", "LinkCheck", "LoadedRow", "Milestone", "Negotiation", "Office", "Option", "Party", "Person",
    "Position", "Revision", "Round", "Source", "Standing", "Statement", "Status", "Subscription", "Treaty",
]  # fmt: skip
