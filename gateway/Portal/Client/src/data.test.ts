import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extremes, insert, withGaps } from './charts/points';
import { apply, type Station } from './data';
import { ago, quantity } from './format';
import { comparable, conditionOf, sites } from './map/sites';

const station = (id: string, more: Partial<Station> = {}): Station => ({
  id, type: 'WeatherObserved', name: id, longitude: 23, latitude: 42, synthetic: true, observedAt: '2026-07-01T12:00:00Z', condition: 'good', values: { temperature: 20 }, ...more,
});

test('Apply_NewerChange_ReplacesWhatItNamesAndKeepsTheRest', () => {
  const [changed, other] = apply([station('a', { values: { temperature: 20, pm10: 3 } }), station('b')], [{ station: 'a', observedAt: '2026-07-01T13:00:00Z', values: { temperature: 21 } }]);
  assert.deepEqual(changed!.values, { temperature: 21, pm10: 3 });
  assert.equal(other!.values['temperature'], 20);
});

test('Apply_OlderChange_ChangesNothing', () => {
  const before = [station('a')];
  assert.deepEqual(apply(before, [{ station: 'a', observedAt: '2026-07-01T11:00:00Z', values: { temperature: 9 } }]), before);
});

test('Sites_StationsAtOnePlace_AreOneWithTheWorstCondition', () => {
  const [site, ...others] = sites([station('a'), station('b', { condition: 'poor' }), station('c', { latitude: null })]);
  assert.equal(others.length, 0);
  assert.deepEqual([site!.stations.length, conditionOf(site!)], [2, 'poor']);
});

test('Comparable_PropertyOfOnePlace_IsNotOffered', () => {
  const places = sites([station('a'), station('b', { latitude: 43, values: { temperature: 1, pm10: 2 } })]);
  assert.deepEqual(comparable(places), ['temperature']);
});

test('Insert_Point_KeepsTheOrderAndReplacesTheSameInstant', () => {
  assert.deepEqual(insert([[1, 1], [3, 3]], [2, 2]), [[1, 1], [2, 2], [3, 3]]);
  assert.deepEqual(insert([[1, 1], [3, 3]], [3, 9]), [[1, 1], [3, 9]]);
  assert.deepEqual(insert([], [1, 1]), [[1, 1]]);
});

test('WithGaps_MissingReadings_BreakTheLine', () => {
  assert.deepEqual(withGaps([[0, 1], [10, 2], [20, 3], [90, 4]]), [[0, 1], [10, 2], [20, 3], [30, null], [90, 4]]);
});

test('Extremes_NoPoints_AreNone', () => assert.equal(extremes([]), undefined));

test('Format_InTheLanguage_HasItsUnit', () => {
  assert.equal(quantity('relativeHumidity', 0.45), '45\u00a0%');
  assert.equal(quantity('temperature', -3.25), '-3.3\u00a0°C');
  assert.equal(ago(new Date(0), new Date(150_000)), '2 minutes ago');
  assert.equal(ago(new Date(0), new Date(3_000)), 'now');
});
