"""Quantiles (definition 7 of Hyndman and Fan), binomial quantiles and a drawn bootstrap of ranks, to compare the benchmark's figures with.

Reads {"values": [...], "shares": [...], "binomials": [[n, p], ...], "ranks": [{"scores": [...], "score": x}, ...]}."""
import json
import math
import random
import statistics
import sys


def quantile(values, share):
    # statistics.quantiles with method='inclusive' and n=1000 is the same definition; shares are multiples of 0.001.
    return statistics.quantiles(values, n=1000, method="inclusive")[round(share * 1000) - 1]


def binomial(n, p):
    total, low = 0.0, None
    for k in range(n + 1):
        total += math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log(1 - p))
        if low is None and total >= 0.025:
            low = k
        if total >= 0.975:
            return [low, k]
    return [low, n]


def drawn(scores, score, times=4000):
    """Percentile bootstrap of the mid-rank share: resampled, counted, sorted."""
    rng = random.Random(7)
    n = len(scores)
    marks = [1.0 if s < score else 0.5 if s == score else 0.0 for s in scores]
    shares = sorted(sum(marks[rng.randrange(n)] for _ in range(n)) / n for _ in range(times))
    return [shares[int(0.025 * times)], shares[int(0.975 * times)]]


given = json.load(sys.stdin)
json.dump({
    "quantiles": [quantile(given["values"], share) for share in given["shares"]],
    "binomials": [binomial(n, p) for n, p in given["binomials"]],
    "ranks": [drawn(rank["scores"], rank["score"]) for rank in given["ranks"]],
}, sys.stdout)
