"""Reads the HTML of a section or a page back, strictly: what is opened must be closed, in order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "col", "hr", "img", "input", "link", "meta"}
"""Elements that hold nothing."""


@dataclass
class Node:
    """One element."""

    name: str
    attributes: dict[str, str | None]
    children: list["Node | str"] = field(default_factory=list)

    def all(self, name: str, **attributes: str) -> list["Node"]:
        """Every element below of that name, with these attributes (``class_`` is one of its classes)."""
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [node for node in self.walk() if node.name == name and node.has(wanted)]

    def one(self, name: str, **attributes: str) -> "Node":
        """The only such element."""
        (found,) = self.all(name, **attributes)
        return found

    def has(self, wanted: dict[str, str]) -> bool:
        """Whether the element has these attributes."""
        return all(
            value in (self.attributes.get(key) or "").split() if key == "class" else self.attributes.get(key) == value
            for key, value in wanted.items()
        )

    def walk(self) -> Iterator["Node"]:
        """Every element below, in order."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    @property
    def text(self) -> str:
        """All text below, as it reads: a space that holds words together is a space."""
        text = "".join(child if isinstance(child, str) else child.text for child in self.children)
        return text.replace("\N{NO-BREAK SPACE}", " ")

    def rows(self) -> list[list[str]]:
        """The cells of a table's body, row by row."""
        (body,) = self.all("tbody")
        return [[cell.text for cell in row.children if isinstance(cell, Node)] for row in body.all("tr")]

    def headings(self) -> list[str]:
        """The headings of a table's columns."""
        return [heading.text for heading in self.one("thead").all("th")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs))
        assert len(node.attributes) == len(attrs), f"an attribute of {tag} comes twice"
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"{tag} closes {self.open[-1].name}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(html: str) -> Node:
    """The elements of *html*; an AssertionError where they are not nested."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root], f"{reader.open[-1].name} is not closed"
    return reader.root
