"""Reads and works a window over AT-SPI, as a screen reader does.

It runs under the system's Python, for which the bindings are packaged, and is asked on stdin, one JSON
object a line: `{"do": "nodes"}` or `{"do": "act", "at": [child, …], "verb": …, "value": …}`.
"""

import bisect
import json
import sys
from collections.abc import Iterator

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 - the version is chosen first

_STATES = {
    "showing": Atspi.StateType.SHOWING,
    "enabled": Atspi.StateType.SENSITIVE,
    "focused": Atspi.StateType.FOCUSED,
}
Place = list[int]
_LONG = 300  # children: to ask for all of a longer list's takes seconds


def program(pid: int) -> Atspi.Accessible | None:
    """The program of that process, once it is registered."""
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    for at in range(desktop.get_child_count()):
        found = desktop.get_child_at_index(at)
        if found is not None and found.get_process_id() == pid:
            found.set_cache_mask(Atspi.Cache.NONE)  # nobody here hears of changes
            return found
    return None


def walk(node: Atspi.Accessible, place: Place) -> Iterator[tuple[Place, Atspi.Accessible]]:
    """A node and what shows below it, each with the numbers of the children that lead to it."""
    yield place, node
    if place and not node.get_state_set().contains(Atspi.StateType.SHOWING):
        return  # nothing in it shows either, and to ask takes time
    for at in near_sight(node):
        child = node.get_child_at_index(at)
        if child is not None:
            yield from walk(child, [*place, at])


def near_sight(node: Atspi.Accessible) -> range:
    """Which children to look at: of a long list only those near its visible part, found by halving."""
    count = node.get_child_count()
    if count <= _LONG:
        return range(count)
    box = node.get_extents(Atspi.CoordType.SCREEN)

    def edge(y: int) -> int:
        def top(at: int) -> int:
            child = node.get_child_at_index(at)
            return 0 if child is None else int(child.get_extents(Atspi.CoordType.SCREEN).y)

        return bisect.bisect_left(range(count), y, key=top)

    return range(max(0, edge(box.y - box.height // 2)), edge(box.y + box.height))


def describe(place: Place, node: Atspi.Accessible) -> dict[str, object]:
    """What can be known of a node from outside."""
    states = node.get_state_set()
    box = node.get_component_iface() and node.get_extents(Atspi.CoordType.SCREEN)
    text = node.get_text_iface()
    return {
        "at": place,
        "name": node.get_name(),
        "role": node.get_role_name(),
        "description": node.get_description(),
        "text": Atspi.Text.get_text(node, 0, -1) if text else "",
        "box": [box.x, box.y, box.width, box.height] if box else [0, 0, 0, 0],
        **{name: states.contains(state) for name, state in _STATES.items()},
    }


def act(node: Atspi.Accessible, verb: str, value: object) -> bool:
    """Do something to a node; returns whether it was done."""
    if verb == "write":
        return bool(Atspi.EditableText.set_text_contents(node, value))
    if verb == "set":
        return bool(Atspi.Value.set_current_value(node, value))
    return bool(Atspi.Action.do_action(node, 0))


def answer(pid: int, asked: dict[str, object]) -> object:
    """The answer to one question; None while the program or the node is not there."""
    root = program(pid)
    if root is None:
        return None
    if asked["do"] == "nodes":
        return [describe(place, node) for place, node in walk(root, [])]
    node = root
    places = asked["at"]
    assert isinstance(places, list)
    for at in places:
        node = node.get_child_at_index(at)
        if node is None:
            return None
    return act(node, str(asked["verb"]), asked.get("value"))


def main() -> None:
    """Answer until stdin ends."""
    Atspi.set_timeout(5_000, 10_000)
    for line in sys.stdin:
        try:
            said = answer(int(sys.argv[1]), json.loads(line))
        except GLib.Error:  # a node went while it was read
            said = None
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


main()
