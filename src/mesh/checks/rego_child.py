"""Evaluates a Rego query over many inputs; run as a process of its own.

The evaluator is native code, and a policy that it cannot digest may end its process. Reads
``{"modules": {name: text}, "query": …, "inputs": […]}`` on stdin and writes a list of values.
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Answer the request on stdin."""
    from regopy import Interpreter

    request = json.load(sys.stdin)
    interpreter = Interpreter()
    for name, text in request["modules"].items():
        interpreter.add_module(name, text)
    values = []
    for given in request["inputs"]:
        interpreter.set_input(given)
        answer = json.loads(str(interpreter.query(request["query"])))
        expressions = answer.get("expressions") if isinstance(answer, dict) else None
        values.append(expressions[0] if expressions else None)
    json.dump(values, sys.stdout)


if __name__ == "__main__":
    main()
