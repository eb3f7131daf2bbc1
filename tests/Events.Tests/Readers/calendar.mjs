// Prints what ical.js reads of a calendar, as read_calendar.py does. Zones come from the calendar itself.
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';

const root = new ICAL.Component(ICAL.parse(readFileSync(0, 'utf8')));
for (const zone of root.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
const written = (time) => (!time ? null : time.isDate ? time.toString() : time.toJSDate().toISOString().replace('.000Z', 'Z'));
console.log(JSON.stringify(root.getAllSubcomponents('vevent').map((item) => {
  const event = new ICAL.Event(item);
  return [event.uid, written(event.startDate), item.hasProperty('dtend') ? written(event.endDate) : null, event.sequence, item.getFirstPropertyValue('status'), event.summary];
})));
