import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast, domain, luminance, ramp, textOn } from './ramps';

const shares = Array.from({ length: 101 }, (_, index) => index / 100);

test('Ramp_FromLowToHigh_GetsLighterAllTheWay', () => {
  const lights = shares.map((share) => luminance(ramp(share)));
  assert.ok(lights.every((light, index) => index === 0 || light > lights[index - 1]! - 1e-9));
  assert.ok(lights.at(-1)! - lights[0]! > 0.7);
});

test('Ramp_OutsideItsEnds_IsItsEnds', () => {
  assert.deepEqual([ramp(-1), ramp(2), ramp(Number.NaN)], [ramp(0), ramp(1), ramp(0)]);
});

test('TextOn_AnyColourOfTheRamp_Reads', () => {
  for (const share of shares) assert.ok(contrast(ramp(share), textOn(ramp(share))) >= 4.5, `at ${share}: ${contrast(ramp(share), textOn(ramp(share)))}`);
});

test('Domain_OfValues_HoldsThemAllBetweenRoundNumbers', () => {
  assert.deepEqual(domain([17.3, 22.8]), [17, 23]);
  assert.deepEqual(domain([5, 5]), [5, 5.1]);
  assert.deepEqual(domain([]), [0, 1]);
  const [from, to] = domain([-3, 250, Number.NaN]);
  assert.ok(from <= -3 && to >= 250);
});
