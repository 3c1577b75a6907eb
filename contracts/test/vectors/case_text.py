"""How cases stand in the files: bytes, words and points as hex; counts, indexes, levels and places as plain numbers."""

import json


def hexed(raw):
    return "0x" + raw.hex()


def hexed_word(value):
    return hexed(value.to_bytes(32, "big"))


def hexed_all(items):
    return [hexed(raw) for raw in items]


def file_text(kinds):
    """One case a line, so that a reader can cut the file at line ends; the first entry says how many there are."""
    counts = {name: len(cases) for name, cases in kinds.items()}
    about = {"madeBy": "make-vectors.py", "cases": sum(counts.values()), "kinds": counts}
    lists = [f'"about": {json.dumps(about)}']
    for name, cases in kinds.items():
        lists.append(f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]")
    return "{\n" + ",\n".join(lists) + "\n}\n"
