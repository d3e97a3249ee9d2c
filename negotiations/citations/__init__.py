"""How to cite the record: for readers (`prose`) and for programs (`files`). Pure: nothing here reads the record.

Our own formatter: processors of the Citation Style Language for Python let markup in titles through.
"""

from .files import bibtex, csl, escape, ris
from .prose import american, apa, chicago, mla
from .reference import SITE, Author, Reference, Type

__all__ = ["SITE", "Author", "Reference", "Type", "american", "apa", "bibtex", "chicago", "csl", "escape", "mla", "ris"]
