import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from '../pinned-node.js';

/** Environment variable that tells the tests in e2e/proxies where the proxies were unpacked. */
export const PROXIES = 'SHEAF_TEST_PROXIES';

/** Proxies by the package of Debian and its kin that holds them. */
const PACKAGES: Readonly<Record<string, string>> = {
  nginx: 'nginx',
  haproxy: 'haproxy',
  apache2: 'apache2-bin',
  varnishd: 'varnish',
  squid: 'squid',
  tinyproxy: 'tinyproxy-bin',
  privoxy: 'privoxy',
  caddy: 'caddy',
};

/** Python's gRPC, by what its package unpacks. */
const GRPCIO = { grpc: 'python3-grpcio' };
const PYTHON = '/usr/lib/python3/dist-packages';

const SYSTEM = ['/usr/sbin', '/usr/bin'];
const CACHE = join(root, '.cache', 'proxies');
const FOLDER = join(CACHE, 'unpacked');

/**
 * Gets the proxies that the system lacks, once: their packages are downloaded and unpacked into `.cache/proxies`, not
 * installed, so that no service starts, no user is made, and nobody needs to be root. What can't be had is told, and
 * its tests are skipped.
 *
 * @returns the folder to look in before the system's own
 */
export function fetchProxies(): string {
  return fetchPackages(PACKAGES, SYSTEM);
}

/** Environment variables with which `python3` finds gRPC, as JSON: none of any other program's business. */
export const GRPCIO_ENVIRONMENT = 'SHEAF_TEST_GRPCIO';

/** Gets Python's gRPC in the same way; gives {@link GRPCIO_ENVIRONMENT}. Nothing is fetched where there is no Python. */
export function fetchGrpcio(): string {
  if (!run('python3', ['--version']) || run('python3', ['-c', 'import grpc'])) return '{}';
  fetchPackages(GRPCIO, [PYTHON]);
  const libraries = join(FOLDER, 'usr/lib');
  const found = existsSync(libraries) ? readdirSync(libraries) : [];
  const folders = found.filter((name) => /-linux-gnu/.test(name)).map((name) => join(libraries, name));
  return JSON.stringify({ PYTHONPATH: join(FOLDER, PYTHON), LD_LIBRARY_PATH: folders.join(delimiter) });
}

function fetchPackages(table: Readonly<Record<string, string>>, system: readonly string[]): string {
  const missing = (): string[] => {
    const places = [...system.map((folder) => join(FOLDER, folder)), ...system];
    return Object.keys(table).filter((name) => !places.some((folder) => existsSync(join(folder, name))));
  };
  const lacking = missing();
  if (lacking.length === 0 || process.platform !== 'linux') return FOLDER;
  if (spawnSync('apt-get', ['--version']).status !== 0) {
    console.log(`Without apt-get there is no way to get ${lacking.join(', ')}: their tests are skipped.`);
    return FOLDER;
  }
  console.log(`Downloading ${lacking.join(', ')} with apt-get, for the tests that need them …`);
  mkdirSync(CACHE, { recursive: true });
  const packages = lacking.map((name) => table[name] ?? name);
  if (!unpack(packages)) {
    refreshLists();
    // One that this system doesn't know must not cost the others.
    if (!unpack(packages)) for (const name of packages) unpack([name]);
  }
  const still = missing();
  if (still.length > 0) console.log(`apt-get could not get ${still.join(', ')}: their tests are skipped.`);
  return FOLDER;
}

/** Downloads the packages with what they need and the system lacks, and unpacks all of it; false if it can't. */
function unpack(packages: readonly string[]): boolean {
  const downloads = mkdtempSync(join(CACHE, 'download-'));
  const unpacked = mkdtempSync(join(CACHE, 'unpacked-'));
  try {
    mkdirSync(join(downloads, 'partial'));
    const options = ['-qq', '--yes', '--no-install-recommends', '--download-only'];
    // Downloading as the user who asks: apt's own may not enter this folder.
    const places = [`Dir::Cache::archives=${downloads}`, 'Debug::NoLocking=1', 'APT::Sandbox::User=root'];
    const settings = places.flatMap((setting) => ['-o', setting]);
    if (!run('apt-get', [...options, ...settings, 'install', ...packages])) return false;
    const files = readdirSync(downloads).filter((file) => file.endsWith('.deb'));
    if (!files.every((file) => run('dpkg-deb', ['--extract', join(downloads, file), unpacked]))) return false;
    if (files.length === 0) return false;
    if (existsSync(FOLDER)) return run('cp', ['-a', `${unpacked}/.`, FOLDER]);
    // Proxies drop their rights, and still read what they bring.
    chmodSync(unpacked, 0o755);
    // Whole or not at all: a run that is interrupted leaves nothing that looks complete.
    renameSync(unpacked, FOLDER);
    return true;
  } finally {
    rmSync(downloads, { recursive: true, force: true });
    rmSync(unpacked, { recursive: true, force: true });
  }
}

function refreshLists(): void {
  if (process.getuid?.() === 0) run('apt-get', ['-qq', 'update']);
  else run('sudo', ['-n', 'apt-get', '-qq', 'update']);
}

function run(program: string, args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(program, args, { env, stdio: 'ignore' }).status === 0;
}
