"""Prints how well quotations and their speakers are found in the invented reports."""

from . import readings, score

read = readings()
for one in read:
    for who, words in one.missed:
        print(f"missed    {one.file}: {one.tries}: {who}: {words}")
    for who, words in one.invented:
        print(f"invented  {one.file}: {one.tries}: {who}: {words}")
for file in [*dict.fromkeys(one.file for one in read), ""]:
    total = score([one for one in read if not file or one.file == file])
    print(
        f"{file or 'all':8} {total.articles:3} reports {total.wanted:4} quotations  "
        f"precision {total.precision:.3f}  recall {total.recall:.3f}"
    )
