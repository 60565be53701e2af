// Where the servers of the browser tests listen: a demonstration for each worker, one whose data lie in PostgreSQL, and that of the first run.

const port = Number(process.env.HUIYIN_E2E_PORT ?? 8099)

/** More than two processors could do at once: a test often waits for its server, or for what is made beside the desk. */
export const workers = 3

/** The port of a worker's demonstration; that behind the last worker's is on PostgreSQL. */
export const demonstration = n => port + n

/** The port of the server of the first run. */
export const firstRun = port + workers + 1
