"""From data to geometry, for templates to draw: widths in per cent, heights in pixels. Pure: no database, no markup."""
