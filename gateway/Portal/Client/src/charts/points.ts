/** Milliseconds since 1970, and the value; null where the line breaks. */
export type Point<Value = number> = readonly [number, Value];

/** The points with one more, in order of time. A reading of the same instant replaces the one that is there. */
export function insert(points: readonly Point[], point: Point): readonly Point[] {
  const place = points.findLastIndex((known) => known[0] <= point[0]);
  if (place >= 0 && points[place]![0] === point[0]) return points.with(place, point);
  return points.toSpliced(place + 1, 0, point);
}

/** Breaks the line where nothing was measured: for more than three times the usual interval. */
export function withGaps(points: readonly Point[]): (Point | Point<null>)[] {
  const intervals = points.slice(1).map((point, index) => point[0] - points[index]![0]).sort((a, b) => a - b);
  const usual = intervals[intervals.length >> 1] ?? Number.POSITIVE_INFINITY;
  return points.flatMap((point, index): (Point | Point<null>)[] => {
    const before = points[index - 1];
    return before && point[0] - before[0] > 3 * usual ? [[before[0] + usual, null], point] : [point];
  });
}

export function extremes(points: readonly Point[]): { low: number; high: number; latest: Point } | undefined {
  const latest = points.at(-1);
  if (!latest) return undefined;
  const values = points.map((point) => point[1]);
  return { low: Math.min(...values), high: Math.max(...values), latest };
}
