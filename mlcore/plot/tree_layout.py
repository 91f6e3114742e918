"""Where the boxes of a drawn tree stand and what is written in them: all of it before any drawing.

The ends of the picture (leaves, and branches cut off at max_depth) take one slot each, from left
to right; a split stands midway between its two children. Boxes of one level are thus at least a
slot apart, and the slot is made wide enough for the widest neighbours. Lengths are in points
(1/72 inch) at the natural size of the picture.

Notation: m nodes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from mlcore.checks import plural
from mlcore.tree.structure import LEAF, Tree
from mlcore.tree.words import Words, percent, splits_below

FONT, SMALL = 8.0, 7.0  # points: the question or the prediction, and all that is smaller
LINE = 1.25  # height of a line of text, in font sizes
PAD, BAR, GAP = 4.0, 9.0, 30.0  # inside a box, height of its bar, between two levels
APART = 8.0  # between two boxes of a level
LEAST = 52.0  # width of a box
LONGEST, WRAP = 38, 20  # characters of a name before it is shortened, and of a line


@dataclass(frozen=True)
class Box:
    """One node of the picture."""

    node: int
    parent: int  # -1 for the root
    answer: str  # to the parent's question: "yes" on the left, "no" on the right
    depth: int
    kind: str  # "split", "leaf" or "cut", a branch that is not drawn
    title: str  # the question or the prediction, in one line or more
    detail: str
    width: float


@dataclass(frozen=True)
class Layout:
    """The boxes and where each of them stands."""

    boxes: dict[int, Box]  # by node
    x: dict[int, float]  # by node, the middle of its box
    height: float  # of every box
    width: float  # of the picture
    levels: int

    def top(self, depth: int) -> float:
        """Return the distance of a level's upper edge from the bottom of the picture."""
        return (self.levels - depth) * (self.height + GAP) - GAP + APART

    @property
    def total_height(self) -> float:
        """Height of the picture without its legend."""
        return self.top(0) + APART


def shortened(name: str, longest: int = LONGEST) -> str:
    """Return a name, its middle left out where it is long: names differ at either end.

    >>> shortened("absences_in_the_first_term_of_the_school_year", 21)
    'absences_i…chool_year'
    """
    half = (longest - 1) // 2
    return name if len(name) <= longest else f"{name[:half]}…{name[-half:]}"


def shown_nodes(tree: Tree, max_depth: int | None) -> dict[int, int]:
    """Return the nodes to draw with their depths, a branch's left part before its right one."""
    shown: dict[int, int] = {}
    todo = [(0, 0)]
    while todo:
        node, depth = todo.pop()
        shown[node] = depth
        if tree.children_left[node] != LEAF and depth != max_depth:
            todo.append((int(tree.children_right[node]), depth + 1))
            todo.append((int(tree.children_left[node]), depth + 1))
    return shown


def slots(tree: Tree, shown: dict[int, int]) -> dict[int, float]:
    """Return the place of each node, in slots: ends at 0, 1, 2, ..., splits midway above.

    >>> from mlcore import DecisionTreeClassifier
    >>> tree = DecisionTreeClassifier().fit([[1], [2], [3]], [0, 1, 0]).tree_
    >>> slots(tree, shown_nodes(tree, None))
    {0: 0.75, 1: 0.0, 2: 1.5, 3: 1.0, 4: 2.0}
    """
    place: dict[int, float] = {}
    for node in shown:
        if int(tree.children_left[node]) not in shown:
            place[node] = float(len(place))
    for node in reversed(list(shown)):
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left in shown:
            place[node] = (place[left] + place[right]) / 2
    return {node: place[node] for node in shown}


def slot_width(boxes: dict[int, Box], place: dict[int, float]) -> float:
    """Return how wide a slot must be for no two boxes of a level to touch."""
    widest, by_depth = 0.0, dict[int, list[int]]()
    for node, box in boxes.items():
        by_depth.setdefault(box.depth, []).append(node)
    for level in by_depth.values():
        for a, b in pairwise(level):  # neighbours, as branches come from left to right
            needed = (boxes[a].width + boxes[b].width) / 2 + APART
            widest = max(widest, needed / (place[b] - place[a]))
    return widest


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of the widest line of a text, in points."""
    font = FontProperties(size=size, weight=weight)
    lines = text.split("\n")
    return max(text_to_path.get_text_width_height_descent(t, font, False)[0] for t in lines)


def wrapped(text: str) -> str:
    """Return a text in lines of at most WRAP characters, broken at spaces or after "_" only.

    A longer word has a line of its own, unless it is longer than LONGEST; "<= 2.50" is one word.

    >>> wrapped("absences of the last term <= 2.50"), wrapped("missingindicator_score <= 0.50")
    ('absences of the last\\nterm <= 2.50', 'missingindicator_\\nscore <= 0.50')
    """
    # \xa0 is a space that is no place to break a line.
    kept = " ".join(text.split()).replace(" <= ", " <=\xa0")
    lines = [""]
    for word in re.findall("[^ _]*_+|[^ _]+ ?| ", kept):
        for start in range(0, len(word), LONGEST):
            piece = word[start : start + LONGEST]
            if lines[-1] and len(lines[-1] + piece.rstrip(" ")) > WRAP:
                lines.append("")
            lines[-1] += piece
    return "\n".join(line.strip(" ") for line in lines).replace("\xa0", " ") or " "


def text_of_node(
    words: Words, labels: Sequence[str] | None, node: int, kind: str, n_leaves: int
) -> tuple[str, str]:
    """Return the title and the detail of a node; ``n_leaves`` are those of its branch."""
    tree = words.tree
    size = int(tree.n_node_samples[node])
    if kind == "leaf" and labels is not None:
        best = int(tree.value[node].argmax())
        return labels[best], f"{percent(tree.value[node, best])} of {size}"
    if kind == "leaf":
        return words.mean(node), plural(size, "row")
    title = words.condition(node)[0] if kind == "split" else f"... ({n_leaves} leaves)"
    mean = "" if labels is not None else f", mean {words.mean(node)}"
    return title, plural(size, "row") + mean


def boxes_of(words: Words, labels: Sequence[str] | None, max_depth: int | None) -> dict[int, Box]:
    """Return the boxes by node, a parent before its children and a left branch before the right."""
    tree, below, parents = words.tree, splits_below(words.tree), words.tree.parents
    boxes = {}
    for node, depth in shown_nodes(tree, max_depth).items():
        is_leaf = tree.children_left[node] == LEAF
        kind = "leaf" if is_leaf else "cut" if depth == max_depth else "split"
        title, detail = text_of_node(words, labels, node, kind, int(below[node]) + 1)
        title = wrapped(title)
        weight = "bold" if is_leaf else "normal"
        width = max(text_width(title, FONT, weight), text_width(detail, SMALL))
        width = max(LEAST, 1.04 * width + 2 * PAD)  # pixels may make letters a little wider
        parent = int(parents[node])
        answer = "" if parent == -1 else "yes" if tree.children_left[parent] == node else "no"
        boxes[node] = Box(node, parent, answer, depth, kind, title, detail, width)
    return boxes


def lay_out(words: Words, labels: Sequence[str] | None, max_depth: int | None) -> Layout:
    """Return where everything stands; ``labels`` (k,) of the classes, None for means."""
    boxes = boxes_of(words, labels, max_depth)
    place = slots(words.tree, {v: box.depth for v, box in boxes.items()})
    slot = slot_width(boxes, place)
    left = min(slot * place[v] - box.width / 2 for v, box in boxes.items()) - APART
    right = max(slot * place[v] + box.width / 2 for v, box in boxes.items()) + APART
    lines = max(box.title.count("\n") + 1 for box in boxes.values())
    height = LINE * (lines * FONT + SMALL) + BAR + 3 * PAD
    x = {v: slot * place[v] - left for v in boxes}
    return Layout(boxes, x, height, right - left, 1 + max(box.depth for box in boxes.values()))
