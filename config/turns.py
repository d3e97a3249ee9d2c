"""Whose request is answered next, when more have come than there are threads.

So that editors can go on working amid a crowd, one thread is kept free of readers, readers have half of the threads
while somebody signed in is being answered, and each of the two has every second turn. Among readers, who wait for a
page that another was just given come next, for as long as that is quick: the page is kept by now. Else a crowd that
waits for a few pages would wait for each of them many times.
"""

from collections import OrderedDict, deque
from typing import Generic, TypeVar

QUICK = 0.01  # seconds of processor time: enough for a page that is kept, and for hardly any that is drawn

Who = TypeVar("Who")


class Turns(Generic[Who]):
    def __init__(self, threads: int):
        self.threads = threads
        self.signed_in: deque[Who] = deque()
        # Readers, each with what they ask for; and those of one page, who come before the others.
        self.readers: OrderedDict[Who, bytes] = OrderedDict()
        self.by_page: dict[bytes, dict[Who, None]] = {}
        self.quick: deque[tuple[Who, bytes]] = deque()
        # Those who have a thread, or are next to have one.
        self.answered: set[Who] = set()
        self.answered_readers: dict[Who, tuple[bytes, bool]] = {}
        self.reader_is_next = False

    def come(self, who: Who, page: bytes, signed_in: bool) -> None:
        """`page` is empty where no two requests are the same."""
        if signed_in:
            self.signed_in.append(who)
        else:
            self.wait(who, page)

    def wait(self, who: Who, page: bytes) -> None:
        self.readers[who] = page
        if page:
            self.by_page.setdefault(page, {})[who] = None

    def take(self) -> Who | None:
        """Who comes next; nobody while the threads have enough, and one request more for whichever is done first."""
        if len(self.answered) > self.threads:
            return None
        may_read = bool(self.quick or self.readers) and self.has_room_for_reader()
        if may_read and (self.reader_is_next or not self.signed_in):
            who = self.take_reader()
            self.reader_is_next = False
        elif self.signed_in:
            who = self.signed_in.popleft()
            self.reader_is_next = True
        else:
            return None
        self.answered.add(who)
        return who

    def has_room_for_reader(self) -> bool:
        if self.threads < 3:
            return True
        others = len(self.answered) > len(self.answered_readers)
        return len(self.answered_readers) < (self.threads // 2 if others else self.threads - 1)

    def take_reader(self) -> Who:
        hurried = bool(self.quick)
        who, page = self.quick.popleft() if hurried else self.readers.popitem(last=False)
        if not hurried and page:
            self.leave(who, page)
        self.answered_readers[who] = page, hurried
        return who

    def leave(self, who: Who, page: bytes) -> None:
        waiting = self.by_page[page]
        del waiting[who]
        if not waiting:
            del self.by_page[page]

    def done(self, who: Who, took: float) -> None:
        """Somebody has been answered, in so many seconds of processor time."""
        self.answered.discard(who)
        page, hurried = self.answered_readers.pop(who, (b"", False))
        if not hurried:
            for other in self.by_page.pop(page, ()):
                del self.readers[other]
                self.quick.append((other, page))
        elif took > QUICK:
            # Nothing that is kept: they wait as others do, from where they were.
            for other, its_page in reversed(self.quick):
                self.wait(other, its_page)
                self.readers.move_to_end(other, last=False)
            self.quick.clear()
