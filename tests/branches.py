"""Which branches of negotiations/ no test takes, as slipcover wrote them down; too many of them is a failure.

python -m tests.branches FILE LEAST          LEAST: of a hundred branches, how many are to be taken
"""

import json
import sys


def main(file: str, least: str):
    with open(file) as written:
        found = json.load(written)
    taken, left = found["summary"]["covered_branches"], found["summary"]["missing_branches"]
    share = 100 * taken / (taken + left)
    for path, of_file in sorted(found["files"].items()):
        if of_file["missing_branches"]:
            # Line 0 is the end of the function.
            print(path, *(f"{start}-{end or 'end'}" for start, end in of_file["missing_branches"]))
    print(f"{share:.1f} % of {taken + left} branches of negotiations/ are taken; above are the {left} that are not.")
    if share < float(least):
        sys.exit(f"{least} % are wanted.")


main(*sys.argv[1:])
