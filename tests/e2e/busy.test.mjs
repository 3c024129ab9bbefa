// A page is busy: its long task and its long animation frame are told as the browser measured them.

import assert from 'node:assert/strict';
import { story } from './stage.mjs';

const TASK = 'browser.long_task';
const FRAME = 'browser.long_animation_frame';

story('long tasks and long frames are told', async (stage) => {
  await stage.watch('busy.html');
  await stage.run(() => window.work());
  await stage.held(() => Object.values(window.seen).every((entries) => entries.some(({ duration }) => duration >= 120)));
  const { seen, timeOrigin } = await stage.run(() => ({ seen: window.seen, timeOrigin: performance.timeOrigin }));
  await stage.leave();
  const records = await stage.until('the long frame', (records) =>
    records.events(FRAME).some((frame) => frame[`${FRAME}.duration`] >= 120),
  );

  const isLong = ({ duration }) => duration >= 120;
  const task = seen.longtask.find(isLong);
  const told = records.events(TASK).find((attributes) => attributes[`${TASK}.duration`] >= 120);
  assert.equal(told[`${TASK}.duration`], Math.round(task.duration));
  assert.equal(told[`${TASK}.name`], task.name);

  const frame = seen['long-animation-frame'].find(isLong);
  const log = records.logs.find(({ name, attributes }) => name === FRAME && attributes[`${FRAME}.duration`] >= 120);
  for (const [key, property] of [
    ['duration', 'duration'],
    ['start_time', 'startTime'],
    ['blocking_duration', 'blockingDuration'],
    ['render_start', 'renderStart'],
    ['style_and_layout_start', 'styleAndLayoutStart'],
    ['first_ui_event_timestamp', 'firstUIEventTimestamp'],
  ]) {
    assert.equal(log.attributes[`${FRAME}.${key}`] ?? 0, Math.round(frame[property]), key);
  }
  assert.ok(Math.abs(Number(log.timeUnixNano) / 1e6 - timeOrigin - frame.startTime) < 1, 'a frame is told with its start');
});
