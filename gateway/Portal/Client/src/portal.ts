import './portal.css';
import { CityMap, RadarChart, TimeChart } from './elements';
import { LiveStatus } from './live';
import { LiveTable } from './live-table';
import { guardSinks } from './trusted';

guardSinks();
customElements.define('city-map', CityMap);
customElements.define('time-chart', TimeChart);
customElements.define('radar-chart', RadarChart);
customElements.define('live-status', LiveStatus);
customElements.define('live-table', LiveTable);
