"""Views planned as data, then drawn as text, SVG, Mermaid, PNG or a graph."""
