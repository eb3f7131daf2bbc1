"""Scores submissions by the rules of engine 1 as the documentation states them. Written apart from the service, to compare with it.

Reads {"questionnaire": structure, "submissions": [{"day": "2026-11-01", "answers": {id: {"value": ..., "notApplicable": bool}}}]}
and writes [{"overall", "level", "dimensions", "needs"}]. Additions run in the questionnaire's order, without compensation.
"""
import datetime
import json
import sys


def add(numbers):
    total = 0.0
    for number in numbers:
        total += number
    return total


def mean(pairs):
    pairs = [(w, s) for w, s in pairs if s is not None]
    return add(w * s for w, s in pairs) / add(w for w, _ in pairs) if pairs else None


def along(points, x):
    if not points:
        return None
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x <= x1:
            return y0 + ((y1 - y0) * (x - x0) / (x1 - x0))
    return points[-1][1]


def holds(condition, state):
    if "all" in condition:
        return all(holds(c, state) for c in condition["all"])
    if "any" in condition:
        return any(holds(c, state) for c in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], state)
    value = state.get(condition["question"])
    if value is None:
        return False
    if "in" in condition:
        return bool(set(value if isinstance(value, list) else [value]) & set(condition["in"]))
    return value >= condition["atLeast"]


def score_of(document, question, value, day):
    kind = question["kind"]
    options = question.get("options") or document.get("scales", {}).get(question.get("scale"), [])
    by_id = {option["id"]: option.get("score") for option in options}
    if kind == "single":
        return by_id[value]
    if kind == "multiple":
        scores = [o.get("score") for o in options if o["id"] in value and o.get("score") is not None]
        return min(100, add(scores)) if scores else None
    if kind == "matrix":
        scores = [by_id[value[row]] for row in question["rows"] if by_id[value[row]] is not None]
        return add(scores) / len(scores) if scores else None
    if kind == "number":
        return along(question.get("points"), value)
    if kind == "date":
        return along(question.get("points"), (day - datetime.date.fromisoformat(value)).days)
    if kind == "evidence":
        return along(question.get("points"), len(value))
    return None


def score(document, submission):
    day = datetime.date.fromisoformat(submission["day"])
    answers = submission["answers"]
    state = {}  # what is asked and answered with a value
    dimensions = {}
    parts = []
    for dimension in document["dimensions"]:
        indicators = []
        for indicator in dimension["indicators"]:
            questions = []
            for question in indicator["questions"]:
                asked = "visibleIf" not in question or holds(question["visibleIf"], state)
                answer = answers.get(question["id"])
                value = None
                if asked and answer is not None and not answer.get("notApplicable"):
                    state[question["id"]] = answer["value"]
                    value = score_of(document, question, answer["value"], day)
                questions.append((question.get("weight", 1), value))
            indicators.append((indicator["weight"], mean(questions)))
        value = mean(indicators)
        parts.append((dimension["weight"], value))
        if value is not None:
            dimensions[dimension["id"]] = value
    overall = mean(parts) or 0.0
    return {
        "overall": overall,
        "level": sum(1 for cut_off in document["levels"] if overall >= cut_off),
        "dimensions": dimensions,
        "needs": [name for name, value in sorted(((n, v) for n, v in dimensions.items() if v < 50), key=lambda pair: pair[1])],
    }


if __name__ == "__main__":
    given = json.load(sys.stdin)
    json.dump([score(given["questionnaire"], submission) for submission in given["submissions"]], sys.stdout)
