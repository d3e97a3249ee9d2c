"""Rows as YAML text and back, always in the same form, so that a change of one fact is a diff of one line."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from .fields import Values

WIDTH = 118
HEADER = "# {about}\n# Licence: CC BY 4.0. Fields and rules: CONTRIBUTING.md, “Correcting the record”.\n"


@dataclass(frozen=True)
class Row:
    """One row of a file and where it stands."""

    kind: str
    line: int
    data: Values

    @property
    def key(self) -> str:
        return str(self.data.get("slug", ""))

    def __str__(self) -> str:
        return f"{self.kind}.yaml:{self.line} {self.key}".rstrip()


class _Loader(yaml.CSafeLoader):
    """Dates stay text: they are EDTF, and a day known only by its month must not become a day."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class _Dumper(yaml.CSafeDumper):
    pass


def _quote_dates(dumper: yaml.CSafeDumper, value: str) -> yaml.ScalarNode:
    style = "'" if re.match(r"\d{4}\b", value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _flow_words(dumper: yaml.CSafeDumper, value: list[object]) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=all(isinstance(v, str) for v in value))


_Dumper.add_representer(str, _quote_dates)
_Dumper.add_representer(list, _flow_words)


def write(path: Path, about: str, rows: list[Values]) -> None:
    """Write a file whole or not at all: a reader never finds half of it."""
    rendered = (
        yaml.dump([row], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=False)
        for row in rows
    )
    draft = path.with_suffix(".new")
    draft.write_text("\n".join([HEADER.format(about=about), *rendered]), encoding="utf-8")
    draft.replace(path)


def read(path: Path, kind: str) -> tuple[list[Row], list[str]]:
    """The rows of a file, and what kept others from being read."""
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        root = loader.get_single_node()
    except (OSError, UnicodeDecodeError) as error:
        return [], [f"{path.name}: cannot be read ({error})"]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return [], [f"{path.name}:{mark.line + 1 if mark else 1} is not YAML: {getattr(error, 'problem', error)}"]
    if root is None:
        return [], []
    if not isinstance(root, yaml.SequenceNode):
        return [], [f"{path.name}: must be a list of rows"]
    rows, problems = [], []
    for node in root.value:
        where = f"{path.name}:{node.start_mark.line + 1}"
        if not isinstance(node, yaml.MappingNode):
            problems.append(f"{where}: must be a row of fields")
            continue
        keys = [key.value for key, _ in node.value]
        problems += [f"{where}: “{key}” stands twice" for key in sorted({k for k in keys if keys.count(k) > 1})]
        try:
            rows.append(Row(kind, node.start_mark.line + 1, loader.construct_object(node, deep=True)))
        except yaml.YAMLError as error:
            problems.append(f"{where}: {error}")
    return rows, problems
