import { spawnSync } from 'node:child_process';

/** A network of so many nodes at most. */
const NODES = 9;
const PREFIX = 'sheaf-test-';

/** Why this machine can make no network namespaces; null: it can. */
export function whyNoNamespaces(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  if (spawnSync('ip', ['-Version']).error !== undefined) return 'iproute2 is not installed';
  const name = `${PREFIX}${String(process.pid)}-try`;
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (made.status === 0) spawnSync('ip', ['netns', 'del', name]);
  return made.status === 0 ? null : `network namespaces cannot be made here: ${made.stderr.trim()}`;
}

/**
 * Machines of one network, each a network namespace of its own, joined by a router that can lose what one sends to
 * another. Nothing of it is seen outside. What an earlier run left when it was killed goes first.
 */
export class TestNetwork implements Disposable {
  readonly #name = `${PREFIX}${String(process.pid)}-`;
  readonly #count: number;
  readonly #lost = new Set<string>();

  constructor(count: number) {
    if (count > NODES) throw new Error(`At most ${String(NODES)} machines.`);
    this.#count = count;
    removeLeftovers();
    try {
      this.#make();
    } catch (thrown) {
      this[Symbol.dispose]();
      throw thrown;
    }
  }

  /** The address of machine `at`, from 0. */
  address(at: number): string {
    return `10.77.${String(at + 1)}.1`;
  }

  /** What stands before a program that is to run on machine `at`, or ('router') where it reaches them all. */
  on(at: number | 'router'): string[] {
    return ['ip', 'netns', 'exec', this.#name + (at === 'router' ? at : String(at))];
  }

  /** What `from` sends to `to` is lost from now on, without a word to either. */
  lose(from: number, to: number): void {
    const key = `${String(from)} ${String(to)}`;
    if (this.#lost.has(key)) return;
    this.#rule('add', from, to);
    this.#lost.add(key);
  }

  /** Nothing is lost any more. */
  heal(): void {
    for (const key of this.#lost) {
      const [from = 0, to = 0] = key.split(' ').map(Number);
      this.#rule('del', from, to);
    }
    this.#lost.clear();
  }

  #rule(what: 'add' | 'del', from: number, to: number): void {
    const addresses = ['from', this.address(from), 'to', this.address(to)];
    ip('-n', `${this.#name}router`, 'rule', what, ...addresses, 'blackhole');
  }

  #make(): void {
    const router = `${this.#name}router`;
    ip('netns', 'add', router);
    for (let at = 0; at < this.#count; at += 1) {
      const [name, port] = [this.#name + String(at), `port${String(at)}`];
      const gateway = `10.77.${String(at + 1)}.254`;
      ip('netns', 'add', name);
      ip('link', 'add', port, 'netns', router, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
      ip('-n', router, 'addr', 'add', `${gateway}/24`, 'dev', port);
      ip('-n', router, 'link', 'set', port, 'up');
      ip('-n', name, 'addr', 'add', `${this.address(at)}/24`, 'dev', 'eth0');
      ip('-n', name, 'link', 'set', 'lo', 'up');
      ip('-n', name, 'link', 'set', 'eth0', 'up');
      ip('-n', name, 'route', 'add', 'default', 'via', gateway);
    }
    ip('netns', 'exec', router, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
  }

  [Symbol.dispose](): void {
    for (const name of namespaces()) if (name.startsWith(this.#name)) remove(name);
  }
}

function ip(...args: string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr.trim()}`);
}

function namespaces(): string[] {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  return stdout.split('\n').map((line) => line.split(' ', 1)[0] ?? '');
}

/** Namespaces of runs whose process has gone, and whatever still runs in them. */
function removeLeftovers(): void {
  for (const name of namespaces()) {
    const [, pid] = /^sheaf-test-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && Number(pid) !== process.pid && !isAlive(Number(pid))) remove(name);
  }
}

function remove(name: string): void {
  const { stdout } = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' });
  for (const pid of stdout.split('\n').filter((line) => line !== '')) kill(Number(pid));
  spawnSync('ip', ['netns', 'del', name]);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone meanwhile.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
