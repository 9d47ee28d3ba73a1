import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../pinned-node.js';

/** Environment variable that tells the tests in e2e/proxies where the proxies were unpacked. */
export const PROXIES = 'SHEAF_TEST_PROXIES';

/** Programs by the package of Debian and its kin that holds them. */
const PACKAGES = {
  nginx: 'nginx',
  haproxy: 'haproxy',
  apache2: 'apache2-bin',
  varnishd: 'varnish',
  squid: 'squid',
  tinyproxy: 'tinyproxy-bin',
  privoxy: 'privoxy',
  caddy: 'caddy',
} as const;

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
  const lacking = missing();
  if (lacking.length === 0 || process.platform !== 'linux') return FOLDER;
  if (spawnSync('apt-get', ['--version']).status !== 0) {
    console.log(`Without apt-get there is no way to get ${lacking.join(', ')}: their tests are skipped.`);
    return FOLDER;
  }
  console.log(`Downloading ${lacking.join(', ')} with apt-get, for the tests that need them …`);
  mkdirSync(CACHE, { recursive: true });
  const packages = lacking.map((program) => PACKAGES[program]);
  if (!unpack(packages)) {
    refreshLists();
    // One that this system doesn't know must not cost the others.
    if (!unpack(packages)) for (const name of packages) unpack([name]);
  }
  const still = missing();
  if (still.length > 0) console.log(`apt-get could not get ${still.join(', ')}: their tests are skipped.`);
  return FOLDER;
}

function missing(): (keyof typeof PACKAGES)[] {
  const places = [...SYSTEM.map((folder) => join(FOLDER, folder)), ...SYSTEM];
  // The keys of a constant of ours.
  const programs = Object.keys(PACKAGES) as (keyof typeof PACKAGES)[];
  return programs.filter((program) => !places.some((folder) => existsSync(join(folder, program))));
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
