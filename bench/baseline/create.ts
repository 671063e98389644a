/**
 * Creates with nothing but fetch: as many POSTs at a time as asked, one list at the end. Prints the milliseconds.
 * Arguments: URL, token, number of apps, how many at a time.
 */
const [url = "", token = "", total = "", parallel = ""] = process.argv.slice(2);
const headers = { authorization: `Token ${token}`, "content-type": "application/json" };
const numbers = Array.from({ length: Number(total) }, (_, number) => number);

async function worker(): Promise<void> {
  for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
    const body = JSON.stringify({ name: `Raw ${number}`, type_slug: "web", processors: [], config: {} });
    const answer = await fetch(`${url}/api/apps`, { method: "POST", headers, body });
    if (answer.status !== 201) throw new Error(`POST answered ${answer.status}`);
    await answer.text();
  }
}

const start = performance.now();
await Promise.all(Array.from({ length: Number(parallel) }, worker));
await (await fetch(`${url}/api/apps`, { headers })).text();
process.stdout.write(String(performance.now() - start));
