# SPDX-License-Identifier: Apache-2.0
"""Averages the round of org.fedwerk.benchmarks.Round with numpy.

Arguments: sites, elements, elements per range, runs. Prints the median of seconds and the SHA-256
of the result as float32 little-endian.
"""

import hashlib
import sys
import time

import numpy as np


def numbers(start, count):
    bits = np.arange(start, start + count, dtype=np.uint32)
    bits ^= bits >> np.uint32(16)
    bits *= np.uint32(0x85EBCA6B)
    bits ^= bits >> np.uint32(13)
    bits *= np.uint32(0xC2B2AE35)
    bits ^= bits >> np.uint32(16)
    centred = (bits >> np.uint32(8)).astype(np.int32) - np.int32(1 << 23)
    return (centred * np.float32(2.0**-24)).astype("<f4")


def fold(base, updates, weights, size):
    """In ranges, as the coordinator does: the sums then stay in the caches."""
    total = 0.0
    for weight in weights:
        total += weight
    result = np.empty_like(base)
    delta = np.empty(size)
    scaled = np.empty(size)
    for start in range(0, len(base), size):
        end = min(start + size, len(base))
        delta[:] = 0
        for weight, update in zip(weights, updates):
            part = scaled[: end - start]
            np.multiply(update[start:end], weight / total, out=part, dtype=np.float64)
            delta[: end - start] += part
        result[start:end] = base[start:end] + delta[: end - start]
    return result


def main():
    sites, elements, size, runs = (int(word) for word in sys.argv[1:])
    updates = [numbers(site * elements, elements) for site in range(sites)]
    base = numbers(sites * elements, elements)
    weights = [500.0 + 37 * site for site in range(sites)]
    result = fold(base, updates, weights, size)
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        result = fold(base, updates, weights, size)
        seconds.append(time.perf_counter() - begin)
    print(sorted(seconds)[runs // 2], hashlib.sha256(result.tobytes()).hexdigest())


main()
