"""Where our pages in Russian differ from Django's. A decimal is only ever a coordinate of a drawing, never prose, and
SVG knows no comma."""

DECIMAL_SEPARATOR = "."
