/**
 * listening: opening a door, with an error that a newcomer can act on when the machine does not allow it.
 *
 * Fails with a plain `Error` that names the setting, what is in the way, and what to do.
 */
export async function listening<Door>(
  setting: string,
  { host, port }: { readonly host: string; readonly port: number },
  start: () => Promise<Door>,
): Promise<Door> {
  try {
    return await start();
  } catch (error) {
    const reason = REASONS[codeOf(error)];
    if (reason === undefined) throw error;
    const variable = `VEILPOST_${setting.toUpperCase().replace('.', '__')}`;
    throw new Error(
      `${setting}: cannot listen on ${host}:${port}: ${reason(port)}, or choose another with ${variable}=${host}:PORT`,
      {
        cause: error,
      },
    );
  }
}

const REASONS: Readonly<Record<string, (port: number) => string>> = {
  EADDRINUSE: (port) => `another program uses the port. Stop it ("ss -ltnp sport = :${port}" names it)`,
  EACCES: (port) =>
    `ports under 1024 take a privilege. Give it (CAP_NET_BIND_SERVICE), forward port ${port} to this one`,
  EADDRNOTAVAIL: () => 'this machine does not have that address. Write one that it has',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
