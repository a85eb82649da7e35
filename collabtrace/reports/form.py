"""The form that searches and filters a page; without the page's own code it stays hidden."""

from collections.abc import Iterable

from markupsafe import Markup

from collabtrace.views.markup import element


def filters(controls: Iterable[Markup], actions: Iterable[Markup] = ()) -> Markup:
    """The form: *controls* to choose by, a button that clears them, *actions*, and room for what is left over."""
    return element(
        "form",
        *controls,
        element("button", "Clear", type="reset"),
        *actions,
        element("p", role="status", id="shown"),
        id="filters",
        role="search",
        hidden=True,
    )


def choice(label: str, name: str, options: Iterable[tuple[str, str]]) -> Markup:
    """One of several, or any; *options* are values and the words shown for them."""
    choices = [element("option", words, value=value) for value, words in options]
    return labelled(label, element("select", element("option", "any", value=""), *choices, name=name))


def labelled(label: str, control: Markup) -> Markup:
    """A control with its name."""
    return element("label", element("span", label), control)
