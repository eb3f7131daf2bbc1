import './portal.css';
import { CheckIn } from './check-in';
import { AnswerSheet } from './answers';
import { CityMap, RadarChart, TimeChart } from './elements';
import { LiveStatus } from './live';
import { LiveTable } from './live-table';
import { guardSinks, serviceWorker } from './trusted';

guardSinks();
customElements.define('city-map', CityMap);
customElements.define('time-chart', TimeChart);
customElements.define('radar-chart', RadarChart);
customElements.define('live-status', LiveStatus);
customElements.define('live-table', LiveTable);
customElements.define('check-in', CheckIn);
customElements.define('answer-sheet', AnswerSheet);

// It keeps the page that says that there is no connection. Without it the browser shows its own.
if ('serviceWorker' in navigator) {
  void navigator.serviceWorker.register(serviceWorker).catch(() => undefined);
}
