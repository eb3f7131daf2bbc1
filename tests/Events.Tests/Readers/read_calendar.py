# Prints what python3-icalendar reads of a calendar: a JSON list of [uid, start, end, sequence, status], instants in UTC, days as dates.
import datetime
import json
import sys

import icalendar


def written(value):
    if value is None:
        return None
    at = value.dt
    if isinstance(at, datetime.datetime):
        return at.astimezone(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
    return at.isoformat()


calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
print(json.dumps([[str(item['UID']), written(item.get('DTSTART')), written(item.get('DTEND')), int(item['SEQUENCE']), str(item['STATUS']), str(item.get('SUMMARY'))] for item in calendar.walk('VEVENT')]))
