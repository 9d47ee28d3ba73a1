import { performance } from 'node:perf_hooks';
import type { MetricFamily } from '../metric.ts';

/**
 * Numbers by their Prometheus name, with labels behind it if it has any (`name{label="value"}`). A name that ends in
 * `_total` is a counter, any other a gauge.
 */
export type Metrics = Readonly<Record<string, number>>;

/** The media type of {@link formatMetrics}. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Prometheus's text format (prometheus.io/docs/instrumenting/exposition_formats). Numbers of one name stand together. */
export function formatMetrics(metrics: Metrics): string {
  let text = '';
  let last = '';
  for (const [series, value] of Object.entries(metrics)) {
    const name = series.split('{', 1)[0] ?? '';
    if (name !== last) text += `# TYPE ${name} ${name.endsWith('_total') ? 'counter' : 'gauge'}\n`;
    text += `${series} ${formatValue(value)}\n`;
    last = name;
  }
  return text;
}

/** The same format of numbers with labels, each name with what it means. */
export function formatFamilies(families: readonly MetricFamily[]): string {
  let text = '';
  for (const { name, help, type, samples } of families) {
    if (samples.length === 0) continue;
    text += `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
    for (const { suffix = '', labels, value } of samples) {
      const pairs = Object.entries(labels).map(([label, words]) => `${label}="${escapeLabel(words)}"`);
      text += `${name}${suffix}${pairs.length === 0 ? '' : `{${pairs.join()}}`} ${formatValue(value)}\n`;
    }
  }
  return text;
}

function escapeLabel(words: string): string {
  return words.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

/** The process, under the names that Prometheus's own clients give it. */
export function processMetrics(): Metrics {
  const memory = process.memoryUsage();
  const cpu = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  return {
    process_cpu_user_seconds_total: cpu.user / 1e6,
    process_cpu_system_seconds_total: cpu.system / 1e6,
    process_start_time_seconds: performance.timeOrigin / 1000,
    process_resident_memory_bytes: memory.rss,
    nodejs_heap_size_used_bytes: memory.heapUsed,
    nodejs_external_memory_bytes: memory.external,
    nodejs_eventloop_active_seconds_total: loop.active / 1000,
    nodejs_eventloop_idle_seconds_total: loop.idle / 1000,
  };
}
